// The gateway's JSON for guardians' phones. Times are RFC 3339 in UTC; days are the school's.

export interface Child {
  id: string;
  name: string;
  group: string;
}

export interface Family {
  name: string;
  language: "zh-CN" | "en";
  /** Such as 22:00-06:00. */
  quiet: string[];
  csrf: string;
  site: string;
  timezone: string;
  children: Child[];
  pictures: boolean;
  /** Null: the school sends no messages to phones. */
  push_key: string | null;
}

export interface Step {
  at: string;
  movement: "arrival" | "departure";
  place: string;
  picture: string | null;
}

export type DayStatus = "off" | "due" | "present" | "late" | "absent" | "excused";

export interface Day {
  day: string;
  status: DayStatus;
  arrive_by: string | null;
  arrived_at: string | null;
  left_at: string | null;
  late_s: number;
  left_early: boolean;
  inside: boolean;
  corrected: boolean;
  steps: Step[];
}

export type Purpose = "recognition" | "notices" | "evidence";

export interface Standing {
  purpose: Purpose;
  state: "given" | "asked_again" | "refused" | "ended" | "unsaid";
  until: string;
  text_version: string;
  given_by: string;
  given_on: string;
  present: string;
  /** Word for word; both empty: the school has it on paper alone. */
  words: { zh: string; en: string };
  /** Nobody said anything, and it is done on the school's own ground until somebody objects. */
  going_on: boolean;
}

export interface Message {
  id: string;
  at: string;
  happening: string;
  title: string;
  body: string;
  state: string;
}
