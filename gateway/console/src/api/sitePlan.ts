// The site as it was drawn: asked for, saved without overwriting anybody, and the files that it shows.
import { ask, bring, tagOf } from "./client";

/** In the plan's own units: x to the right, y downwards. */
export type Point = readonly [number, number];

export interface Sheet {
  /** sha256 of the picture that is drawn on; null: blank. */
  picture: string | null;
  width: number;
  height: number;
  metres_wide: number;
}

export interface PlanModel {
  sha256: string;
  at: Point;
  heading: number;
  base_m: number;
  scale: number;
}

interface Named {
  id: string;
  name: string;
}

export interface Building extends Named {
  outline: readonly Point[];
  floors: number;
  floor_height_m: number;
  base_m: number;
}

export interface Zone extends Named {
  /** What nodes call it. */
  zone: string | null;
  outline: readonly Point[];
  /** 1: the ground. */
  floor: number;
  building: string | null;
}

/** Headings are in degrees, 0 towards the top edge, clockwise. */
export interface Gate extends Named {
  at: Point;
  heading: number;
  width_m: number;
  node: string | null;
  lane: string | null;
}

export interface PlanCamera extends Named {
  at: Point;
  heading: number;
  height_m: number;
  node: string | null;
  camera: string | null;
}

export interface Drawing {
  sheet: Sheet;
  model: PlanModel | null;
  buildings: readonly Building[];
  zones: readonly Zone[];
  gates: readonly Gate[];
  cameras: readonly PlanCamera[];
}

export interface PlanVersion {
  version: number;
  saved_by: string;
  saved_at: string;
}

export interface SitePlan extends PlanVersion {
  drawing: Drawing | null;
}

/** The plan, and the tag by which the gateway knows which one was seen. */
export interface SeenPlan extends SitePlan {
  tag: string | null;
}

const PLAN = "/api/site-plan";

export async function fetchPlan(signal?: AbortSignal): Promise<SeenPlan> {
  const plan = await ask<SitePlan>("GET", PLAN, undefined, signal);
  return { ...plan, tag: tagOf(PLAN) };
}

/** `tag`: of the plan that was drawn upon; throws `Refused` (412) when somebody else saved meanwhile. */
export const savePlan = (drawing: Drawing, tag: string | null): Promise<SitePlan> =>
  ask("PUT", PLAN, drawing, undefined, tag ?? undefined);

export const fetchVersions = async (signal?: AbortSignal): Promise<PlanVersion[]> =>
  (await ask<{ items: PlanVersion[] }>("GET", `${PLAN}/versions`, undefined, signal)).items;

export const fetchVersion = (version: number): Promise<SitePlan> => ask("GET", `${PLAN}/versions/${version}`);

/** The sha256 by which a drawing names it. */
export const bringFile = async (what: "picture" | "model", data: Blob): Promise<string> =>
  (await bring<{ sha256: string }>(`${PLAN}/${what}`, data, "PUT")).sha256;

export const fileAddress = (sha256: string): string => `${PLAN}/files/${sha256}`;

// A person's day -----------------------------------------------------------------------------------------------

export interface DayStep {
  passage_id: string;
  time: string;
  node: string;
  camera: string;
  lane: string | null;
  zone: string | null;
  movement: "arrival" | "departure" | null;
}

export interface PersonDay {
  day: string;
  zone: string | null;
  steps: DayStep[];
}

/** Every look at somebody's day is audited. */
export const fetchDay = (person: string, day: string, signal?: AbortSignal): Promise<PersonDay> =>
  ask("GET", `/api/people/${encodeURIComponent(person)}/day?day=${day}`, undefined, signal);
