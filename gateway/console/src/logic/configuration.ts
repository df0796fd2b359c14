// What the form of a configuration says, and which lines of a difference are which.
import type { ConfigurationField, ConfigurationPush, FieldValue, Path, PushState, Span } from "../api/configuration";

const OPEN: ReadonlySet<PushState> = new Set(["waiting", "fetched", "trying"]);

/** The push that is not over; there is at most one. */
export const openPush = (pushes: readonly ConfigurationPush[]): ConfigurationPush | undefined =>
  pushes.find((push) => OPEN.has(push.state));

export const pathKey = (path: Path): string => path.join(".");

/** The fields by what they are of, in their order. */
export function fieldGroups(fields: readonly ConfigurationField[]): [string, ConfigurationField[]][] {
  const groups = new Map<string, ConfigurationField[]>();
  for (const field of fields) {
    const name = groupName(field);
    groups.set(name, [...(groups.get(name) ?? []), field]);
  }
  return [...groups];
}

const groupName = (field: ConfigurationField): string => `${field.path[0]} ${field.of}`;

export type LineKind = "added" | "removed" | "place" | "same";

export function lineKind(line: string): LineKind {
  if (line.startsWith("+")) return "added";
  if (line.startsWith("-")) return "removed";
  return line.startsWith("@@") ? "place" : "same";
}

/** What was typed, as a field's value; undefined: not that, yet. */
export function typedNumber(text: string, field: ConfigurationField): number | undefined {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) || number < field.least || number > field.most ? undefined : number;
}

/** `x1, y1, x2, y2`, each 0 to 1, as two points. */
export function typedLine(text: string): number[][] | undefined {
  const numbers = text.split(/[\s,;]+/).filter((word) => word !== "").map(Number);
  if (numbers.length !== 4 || numbers.some((number) => !(number >= 0 && number <= 1))) return undefined;
  return [numbers.slice(0, 2), numbers.slice(2)];
}

const DAYS = "mon|tue|wed|thu|fri|sat|sun";
const SPAN = new RegExp(`^((?:${DAYS})(?:\\s+(?:${DAYS}))*)\\s+(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)$`);

/** One span a line, such as `mon tue 07:30-17:00`. */
export function typedSpans(text: string): Span[] | undefined {
  const spans: Span[] = [];
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line === "") continue;
    const match = SPAN.exec(line);
    if (match === null) return undefined;
    spans.push({ days: match[1]?.split(/\s+/) ?? [], start: match[2] ?? "", end: match[3] ?? "" });
  }
  return spans;
}

const WORKDAYS = ["mon", "tue", "wed", "thu", "fri"];

/** A value as it is typed. */
export function shownValue(field: ConfigurationField): string {
  const { kind, value } = field;
  if (value === null) return "";
  if (kind === "line") return (value as number[][]).flat().join(", ");
  if (kind !== "spans") return String(value);
  return (value as Span[])
    .map((span) => `${(span.days ?? WORKDAYS).join(" ")} ${span.start ?? "00:00"}-${span.end ?? "24:00"}`)
    .join("\n");
}

export function typedValue(text: string, field: ConfigurationField): FieldValue | undefined {
  if (field.kind === "choice") return text === "" ? undefined : text;
  if (field.kind === "number") return typedNumber(text, field);
  return field.kind === "line" ? typedLine(text) : typedSpans(text);
}
