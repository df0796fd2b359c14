// What a press of the emergency button asks for: a real call what the site's own settings say, a drill what is ticked.

export interface Wanted {
  drill: boolean;
  /** Of a drill alone: it reaches guards and nobody else until somebody says otherwise. */
  police: boolean;
  siren: boolean;
  why: string;
}

export const NOTHING_SAID: Wanted = { drill: false, police: false, siren: false, why: "" };

/** Who is left out here, of that the gateway knows whether this site wants them. */
export const calling = ({ drill, why, police, siren }: Wanted): Pick<Wanted, "drill" | "why"> & Partial<Wanted> =>
  drill ? { drill, why, police, siren } : { drill, why };
