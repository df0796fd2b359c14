// Which key does what.

export type Command = "acknowledge" | "dispatch" | "close" | "undo" | "next" | "previous" | "open" | "wall" | "pass" | "emergency" | "help";

const COMMANDS: Record<string, Command> = {
  a: "acknowledge",
  d: "dispatch",
  c: "close",
  z: "undo",
  j: "next",
  k: "previous",
  Enter: "open",
  l: "wall",
  p: "pass",
  e: "emergency",
  "?": "help",
};

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
}

/** Null: the key is none of ours. A held key acts once, so that nobody acknowledges a whole list by leaning on it. */
export function commandOf(press: KeyPress): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const command = COMMANDS[key] ?? null;
  const walks = command === "next" || command === "previous";
  return press.repeat && !walks ? null : command;
}
