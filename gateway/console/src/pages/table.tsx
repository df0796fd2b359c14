// Every page of somebody who is signed in. Alerts and the watch are there at once; the others are fetched afterwards,
// so that the first picture comes soon.
import { type ComponentType, lazy } from "react";
import type { IconName } from "../components/Icon";
import type { WorkPage } from "../logic/roles";
import type { PageName } from "../logic/route";
import { AlertsPage } from "./alerts/AlertsPage";
import { NoSuchPage } from "./NoSuchPage";
import { WatchPage } from "./watch/WatchPage";

type LaterPage = Exclude<PageName, "login" | "visit" | "nowhere" | "watch" | "alerts">;
type Module = { default: ComponentType };

const LATER: Record<LaterPage, () => Promise<Module>> = {
  map: async () => ({ default: (await import("./map/MapPage")).MapPage }),
  passages: async () => ({ default: (await import("./passages/PassagesPage")).PassagesPage }),
  calendar: async () => ({ default: (await import("./calendar/CalendarPage")).CalendarPage }),
  groups: async () => ({ default: (await import("./groups/GroupsPage")).GroupsPage }),
  people: async () => ({ default: (await import("./people/PeoplePage")).PeoplePage }),
  school: async () => ({ default: (await import("./school/SchoolPage")).SchoolPage }),
  visitors: async () => ({ default: (await import("./visitors/VisitorsPage")).VisitorsPage }),
  notices: async () => ({ default: (await import("./notices/NoticesPage")).NoticesPage }),
  nodes: async () => ({ default: (await import("./nodes/NodesPage")).NodesPage }),
  muster: async () => ({ default: (await import("./muster/MusterPage")).MusterPage }),
  shift: async () => ({ default: (await import("./shift/ShiftPage")).ShiftPage }),
  replay: async () => ({ default: (await import("./replay/ReplayPage")).ReplayPage }),
  queue: async () => ({ default: (await import("./queue/QueuePage")).QueuePage }),
  lists: async () => ({ default: (await import("./lists/ListsPage")).ListsPage }),
  audit: async () => ({ default: (await import("./audit/AuditPage")).AuditPage }),
  account: async () => ({ default: (await import("./account/AccountPage")).AccountPage }),
};

export const PAGES: Record<Exclude<PageName, "login" | "visit">, ComponentType> = {
  watch: WatchPage,
  alerts: AlertsPage,
  map: lazy(LATER.map),
  passages: lazy(LATER.passages),
  calendar: lazy(LATER.calendar),
  groups: lazy(LATER.groups),
  people: lazy(LATER.people),
  school: lazy(LATER.school),
  visitors: lazy(LATER.visitors),
  notices: lazy(LATER.notices),
  nodes: lazy(LATER.nodes),
  muster: lazy(LATER.muster),
  shift: lazy(LATER.shift),
  replay: lazy(LATER.replay),
  queue: lazy(LATER.queue),
  lists: lazy(LATER.lists),
  audit: lazy(LATER.audit),
  account: lazy(LATER.account),
  nowhere: NoSuchPage,
};

export const ICONS: Record<WorkPage, IconName> = {
  watch: "watch",
  alerts: "alerts",
  map: "map",
  passages: "passages",
  calendar: "calendar",
  groups: "groups",
  people: "person",
  school: "school",
  visitors: "card",
  notices: "notices",
  nodes: "nodes",
  muster: "muster",
  shift: "user",
  replay: "clock",
  queue: "quiet",
  lists: "stranger",
  audit: "search",
};

/** Fetches what is not there yet: a page must open also when the gateway has gone meanwhile. */
export async function fetchPages(names: readonly PageName[]): Promise<void> {
  for (const name of names) {
    // What fails here is asked for again when the page is opened.
    if (name in LATER) await LATER[name as LaterPage]().catch(() => undefined);
  }
}
