// The roll call as it is read out: by zone, those who are still missing first.
import type { Muster, MusterPerson } from "../api/emergency";

export interface Zone {
  /** Empty: nobody knows where. */
  name: string;
  people: MusterPerson[];
  missing: number;
}

/** `typed` leaves those whose name, number or group holds it. */
export function zonesOf({ people }: Pick<Muster, "people">, typed = ""): Zone[] {
  const wanted = typed.trim().toLocaleLowerCase();
  const fits = ({ name, id, group }: MusterPerson): boolean =>
    wanted === "" || [name, id, group].some((text) => text.toLocaleLowerCase().includes(wanted));
  const zones = new Map<string, MusterPerson[]>();
  for (const person of people.filter(fits)) zones.set(person.zone, [...(zones.get(person.zone) ?? []), person]);
  return [...zones].map(([name, found]) => ({
    name,
    people: found.toSorted((a, b) => Number(a.met_at !== null) - Number(b.met_at !== null)),
    missing: found.filter((person) => person.met_at === null).length,
  }));
}

export const missingOf = ({ people }: Pick<Muster, "people">): number =>
  people.filter((person) => person.met_at === null).length;
