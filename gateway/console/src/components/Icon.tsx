// The page's own line icons, drawn on a grid of 24.
import type { ReactElement } from "react";

const PATHS = {
  watch: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  alerts: "M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 2h-15Z M10 21h4",
  passages: "M5 21V4.5L14 3v18Z M14 5h5v16 M3 21h18 M11 12v.5",
  notices: "M3.5 6h17v12h-17Z M3.5 7l8.5 6.5L20.5 7",
  school: "M4 4.5h16v16H4Z M4 9h16 M8.500 2.500v4 M15.500 2.500v4 M8 14.500l3 3 5-5.500",
  nodes: "M5 13.5h14v6H5Z M8.5 16.5h.01 M12 10v3.5 M8.6 8.4a4.8 4.8 0 0 1 6.8 0 M6 5.8a8.5 8.5 0 0 1 12 0",
  more: "M5 12h.01 M12 12h.01 M19 12h.01",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5Z M15.5 9a4.2 4.2 0 0 1 0 6 M18 6.5a7.8 7.8 0 0 1 0 11",
  silent: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5Z M15.5 9.5l5 5 M20.5 9.5l-5 5",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
  in: "M11 4h8v16h-8 M3.5 12h10 M10 8l4 4-4 4",
  out: "M13 4H5v16h8 M9.5 12h11 M16.5 8l4 4-4 4",
  none: "M3.5 12h17 M7 8l-3.5 4L7 16 M17 8l3.5 4-3.5 4",
  check: "M4.5 12.5l5 5 10-11",
  camera: "M3.5 7.5h4L9 5h6l1.5 2.5h4V19h-17Z M12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z M12 7v5l3.5 2",
  back: "M19.5 12h-15 M10.5 6l-6 6 6 6",
  next: "M4.5 12h15 M13.5 6l6 6-6 6",
  close: "M5.5 5.5l13 13 M18.5 5.5l-13 13",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z M15.5 15.5l5 5",
  keyboard: "M2.5 6h19v12h-19Z M6 9.5h.01 M10 9.5h.01 M14 9.5h.01 M18 9.5h.01 M6 14.5h.01 M9 14.5h6 M18 14.5h.01",
  quiet: "M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6Z M8.5 12l2.5 2.5 4.5-5",
  stranger: "M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z M4.5 21c.8-3.800 3.800-5.5 7.5-5.5s6.700 1.700 7.5 5.5",
  person: "M12 7.200a2.600 2.600 0 1 0 0-5.200 2.600 2.600 0 0 0 0 5.200Z M8 22l1-6.500-2-1V10l3-1.500h4l3 1.500v4.500l-2 1 1 6.500",
  card: "M3 6h18v12.500H3Z M3 10h18 M6.500 14.500h4",
  car: "M3.5 16.5v-4l2-5.5h13l2 5.5v4Z M3.5 12.5h17 M6.5 16.5V19 M17.5 16.5V19 M7 14.5h.01 M17 14.5h.01",
  bicycle: "M6 18.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Z M18 18.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Z M6 15l3.500-7h6L18 15 M9.500 8l3 7H6 M12.500 15l3-7 M8 6h3",
  motorcycle: "M5.500 19a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400Z M18.500 19a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400Z M8.500 15.500h4l2.500-5 3.500 5 M15 10.500l-1.500-4H11 M4.500 9.500h5l3 2.500",
  bus: "M4 5.500h16v11.500H4Z M4 12h16 M9.300 5.500V12 M14.700 5.500V12 M7 17v2.500 M17 17v2.500 M6.800 14.500h.01 M17.200 14.500h.01",
  truck: "M2.500 6h11v11h-11Z M13.500 9.500h4.500l3.500 4V17h-8 M6.500 19.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z M17 19.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  broken: "M3.5 6h17v12h-17Z M3.5 15l4.5-4 4 4 3-2.5 5.5 4 M2 3.5l20 17",
} as const;

export type IconName = keyof typeof PATHS;

/** Says nothing by itself: put words beside it. */
export function Icon({ name, className = "" }: { name: IconName; className?: string }): ReactElement {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
