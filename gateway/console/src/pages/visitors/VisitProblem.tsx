// What the gateway has against something of a visit, by the field where it names one.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { Refused } from "../../api/errors";
import { Problem } from "../../components/Problem";
import { refusalText } from "../../i18n/codes";

const FIELDS = ["name", "phone", "plate", "citizen", "purpose", "begins", "ends", "agreed", "reason", "ground", "face", "until", "minutes"] as const;

function visitError(t: TFunction, error: unknown): string {
  const field = error instanceof Refused && error.status === 422 ? error.message.split(":")[0] : undefined;
  const known = FIELDS.find((each) => field === each || field?.endsWith(`.${each}`));
  return known === undefined ? refusalText(t, error) : t(`visits.fault_${known}`);
}

export function VisitProblem({ error }: { error: unknown }): ReactElement {
  return <Problem error={error} words={visitError} />;
}
