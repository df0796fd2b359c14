// What an officer finds a case to be.
import { ask } from "./client";
import type { Alert, AlertState, Finding } from "./types";

export interface Judgement {
  id: string;
  finding: Finding;
  reason: string;
  /** The gateway answers 409 when somebody was faster. */
  expected_state: AlertState;
}

export const judgeAlert = ({ id, ...said }: Judgement): Promise<Alert> =>
  ask("POST", `/api/alerts/${encodeURIComponent(id)}/verdict`, said);
