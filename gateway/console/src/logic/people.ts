// Who is found on the people page.
import type { Listed } from "../api/people";

/** all; stranded: without any way in; faceless: whose face is not compared; driving: with a vehicle of their own. */
export const CHOICES = ["all", "stranded", "faceless", "driving"] as const;
export type Choice = (typeof CHOICES)[number];

export const isFaceless = (person: Listed): boolean => !person.watch && !person.ways.includes("face");

/** Visitors have the group of their visit, and whoever is looked for none that lets them in. */
export const isMovable = (person: Listed): boolean => !person.watch && !person.visitor;

export function isChosen(person: Listed, choice: Choice): boolean {
  if (choice === "stranded") return person.stranded;
  if (choice === "driving") return person.plates.length > 0;
  return choice === "all" || isFaceless(person);
}

/** By name, id, group or plate, whatever the case. */
export function foundPeople(people: readonly Listed[], text: string, choice: Choice): Listed[] {
  const wanted = text.trim().toLowerCase();
  const fits = (person: Listed): boolean =>
    [person.name, person.id, person.group, ...person.plates].some((word) => word.toLowerCase().includes(wanted));
  return people.filter((person) => isChosen(person, choice) && fits(person));
}
