// Who is found on the people page.
import type { Listed } from "../api/people";

/** all; stranded: without any way in; faceless: whose face is not compared, so that another way in counts. */
export const CHOICES = ["all", "stranded", "faceless"] as const;
export type Choice = (typeof CHOICES)[number];

export const isFaceless = (person: Listed): boolean => !person.watch && !person.ways.includes("face");

export function isChosen(person: Listed, choice: Choice): boolean {
  if (choice === "stranded") return person.stranded;
  return choice === "all" || isFaceless(person);
}

/** By name, id or group, whatever the case. */
export function foundPeople(people: readonly Listed[], text: string, choice: Choice): Listed[] {
  const wanted = text.trim().toLowerCase();
  const fits = (person: Listed): boolean =>
    [person.name, person.id, person.group].some((word) => word.toLowerCase().includes(wanted));
  return people.filter((person) => isChosen(person, choice) && fits(person));
}
