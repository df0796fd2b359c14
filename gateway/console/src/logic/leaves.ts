// When a leave slip holds, as it is said and as it is asked for.
import { clockIn, dayIn, daysLater, lastDay } from "./zone";

/** As the gateway takes it. */
export const LONGEST_DAYS = 31;

export interface LeaveSpan {
  first: string;
  begins: string;
  last: string;
  ends: string;
}

/** Whether it ends after it begins, and is not longer than a slip may be. */
export function isLeave({ first, begins, last, ends }: LeaveSpan): boolean {
  if (begins === "" || ends === "" || last === "" || last < first) return false;
  if (last === first) return ends > begins;
  const most = daysLater(first, LONGEST_DAYS);
  return last < most || (last === most && ends <= begins);
}

/** `08:00–16:00`; over several days with the days. */
export function leaveText(begins: string, ends: string, timeZone: string): string {
  const first = dayIn(Date.parse(begins), timeZone);
  const last = lastDay(ends, timeZone);
  const from = clockIn(begins, timeZone);
  const until = clockIn(ends, timeZone);
  const short = (day: string): string => day.slice(5);
  return first === last ? `${from}–${until}` : `${short(first)} ${from}–${short(last)} ${until}`;
}
