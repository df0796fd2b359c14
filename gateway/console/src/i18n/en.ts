// All words of the page in English. A file for each part of the page.
import account from "./en/account";
import alerts from "./en/alerts";
import audit from "./en/audit";
import auditSaid from "./en/audit-said";
import calendar from "./en/calendar";
import cards from "./en/cards";
import configuration from "./en/configuration";
import emergency from "./en/emergency";
import family from "./en/family";
import hands from "./en/hands";
import leave from "./en/leave";
import lists from "./en/lists";
import machine from "./en/machine";
import map from "./en/map";
import nodes from "./en/nodes";
import notices from "./en/notices";
import particulars from "./en/particulars";
import passages from "./en/passages";
import people from "./en/people";
import queue from "./en/queue";
import reasons from "./en/reasons";
import replay from "./en/replay";
import said from "./en/said";
import school from "./en/school";
import shell from "./en/shell";
import shift from "./en/shift";
import table from "./en/table";
import tiles from "./en/tiles";
import timetable from "./en/timetable";
import visits from "./en/visits";
import watch from "./en/watch";
import type { Catalogue } from "./zh-CN";

const en: Catalogue = {
  ...account,
  ...alerts,
  ...audit,
  ...auditSaid,
  ...calendar,
  ...cards,
  ...configuration,
  ...emergency,
  ...family,
  ...hands,
  ...leave,
  ...lists,
  ...machine,
  ...map,
  ...nodes,
  ...notices,
  ...particulars,
  ...passages,
  ...people,
  ...queue,
  ...reasons,
  ...replay,
  ...said,
  ...school,
  ...shell,
  ...shift,
  ...table,
  ...tiles,
  ...timetable,
  ...visits,
  ...watch,
};

export default en;
