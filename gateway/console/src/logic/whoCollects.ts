// Whom a leave slip may name: offered as one types, listed collectors first.
import type { Collector } from "../api/people";
import type { PersonEntry } from "../api/types";
import { found } from "./orders";
import { groupAndNumber } from "./passages";

export interface Known {
  id: string;
  /** Empty: told by number alone; the gateway knows whether there is such a person. */
  name: string;
  more: string;
}

/** With nothing typed those who are listed; whoever fits nobody's name may still be somebody's number. */
export function offered(listed: readonly Collector[], people: readonly PersonEntry[], typed: string): Known[] {
  const wanted = typed.trim();
  const fits = ({ id, name }: Known): boolean => [id, name].some((text) => text.toLocaleLowerCase().includes(wanted.toLocaleLowerCase()));
  const near = listed
    .filter((each) => each.kind === "person" && each.known && !each.once)
    .map(({ value, name, note }): Known => ({ id: value, name, more: note }))
    .filter(fits);
  const others = found(people, wanted)
    .filter(({ id }) => near.every((each) => each.id !== id))
    .map(({ id, name, group }): Known => ({ id, name, more: groupAndNumber({ group, id }) }));
  const all = [...near, ...others];
  return all.length === 0 && wanted !== "" ? [{ id: wanted, name: "", more: "" }] : all;
}
