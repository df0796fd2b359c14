// What a request can end in besides an answer.

/** The gateway answered, and refused. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    /** The page translates it; `message` is the gateway's own wording. */
    readonly code: string,
    message: string,
    /** What else the problem says, by its members' names. */
    readonly more: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "Refused";
  }
}

/** The gateway did not answer. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("the gateway does not answer", { cause });
    this.name = "Unreachable";
  }
}
