// How a plate's text is set on its badge.

export type PlateColour = "blue" | "green" | "yellowgreen" | "yellow" | "white" | "black" | "unknown";

const COLOURS = new Set<string>(["blue", "green", "yellowgreen", "yellow", "white", "black"]);
const MARKED = /[警学挂港澳使领]/;

export const plateColour = (colour: string | null): PlateColour =>
  colour !== null && COLOURS.has(colour) ? (colour as PlateColour) : "unknown";

export interface PlateParts {
  /** Province and authority, before the dot. */
  head: string;
  tail: string;
  /** A closing character that is painted red on white plates. */
  mark: string;
}

/** 京A12345 is set as 京A·12345; a text that is not built so is left whole. */
export function plateParts(text: string): PlateParts {
  const last = text.slice(-1);
  const mark = MARKED.test(last) ? last : "";
  const body = mark === "" ? text : text.slice(0, -1);
  const dotted = /^\p{Script=Han}[A-Z][A-Z0-9]{3,}$/u.test(body);
  return dotted ? { head: body.slice(0, 2), tail: body.slice(2), mark } : { head: "", tail: body, mark };
}
