// What to call a browser by its own words, as far as a person needs it to know their own.

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger\//, "WeChat"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/(Firefox|FxiOS)\//, "Firefox"],
  [/(Chrome|Chromium|CriOS)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, "HarmonyOS"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

const first = (table: readonly (readonly [RegExp, string])[], text: string): string | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1];

/** "Firefox, Windows"; what is no browser by its first word; null when it says nothing. */
export function browserName(agent: string): string | null {
  const named = [first(BROWSERS, agent), first(SYSTEMS, agent)].filter((name) => name !== undefined);
  if (named.length > 0) return named.join(", ");
  const word = agent.split(" ", 1)[0] ?? "";
  return word === "" ? null : word;
}
