// All words of the page in Chinese; the catalogue that defines which keys there are. A file for each part of the page.
import account from "./zh-CN/account";
import alerts from "./zh-CN/alerts";
import audit from "./zh-CN/audit";
import auditSaid from "./zh-CN/audit-said";
import calendar from "./zh-CN/calendar";
import cards from "./zh-CN/cards";
import configuration from "./zh-CN/configuration";
import emergency from "./zh-CN/emergency";
import family from "./zh-CN/family";
import hands from "./zh-CN/hands";
import leave from "./zh-CN/leave";
import lists from "./zh-CN/lists";
import machine from "./zh-CN/machine";
import map from "./zh-CN/map";
import nodes from "./zh-CN/nodes";
import notices from "./zh-CN/notices";
import particulars from "./zh-CN/particulars";
import passages from "./zh-CN/passages";
import people from "./zh-CN/people";
import queue from "./zh-CN/queue";
import reasons from "./zh-CN/reasons";
import replay from "./zh-CN/replay";
import said from "./zh-CN/said";
import school from "./zh-CN/school";
import shell from "./zh-CN/shell";
import shift from "./zh-CN/shift";
import table from "./zh-CN/table";
import tiles from "./zh-CN/tiles";
import timetable from "./zh-CN/timetable";
import visits from "./zh-CN/visits";
import watch from "./zh-CN/watch";

const zh = {
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

export default zh;

/** The same keys with any words. */
type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
export type Catalogue = Words<typeof zh>;
