// How a purpose stands to a guardian in words and colour, and what the buttons beside it do.
import type { ParseKeys } from "i18next";
import type { Standing } from "./types";

/** What decides it. */
export type Stands = Pick<Standing, "purpose" | "state" | "going_on">;

/** `words`, `stop`: texts; `stop` is null where there is nothing to end. */
export interface Shown {
  words: ParseKeys;
  tone: "family-yes" | "family-no" | "family-unsaid";
  /** A yes can be said. */
  agree: boolean;
  stop: ParseKeys | null;
}

/** A yes is taken back; what goes on without one is stopped, which takes back nothing. */
export function consenting({ purpose, state, going_on }: Stands): Shown {
  const agreed = state === "given" || state === "asked_again";
  const unasked = going_on && purpose !== "recognition";
  return {
    words: unasked ? `family.going_on_${purpose}` : `family.consent_${state}`,
    tone: state === "given" ? "family-yes" : state === "unsaid" ? "family-unsaid" : "family-no",
    agree: state !== "given",
    stop: agreed ? "family.take_back" : unasked ? `family.stop_${purpose}` : null,
  };
}
