// Server-sent events out of text that arrives in pieces.

export interface ServerEvent {
  id: string | null;
  event: string;
  data: string;
}

/** Feed it pieces; it gives back the events that are complete. */
export class EventParser {
  private rest = "";
  private id: string | null = null;
  private event = "";
  private data: string[] = [];

  feed(piece: string): ServerEvent[] {
    const lines = (this.rest + piece).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.map((line) => this.line(line.replace(/\r$/, ""))).filter((event) => event !== null);
  }

  private line(line: string): ServerEvent | null {
    if (line === "") return this.finish();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") this.id = value;
    if (field === "event") this.event = value;
    if (field === "data") this.data.push(value);
    return null;
  }

  private finish(): ServerEvent | null {
    const { id, event, data } = this;
    this.id = null;
    this.event = "";
    this.data = [];
    return data.length === 0 && event === "" ? null : { id, event: event || "message", data: data.join("\n") };
  }
}
