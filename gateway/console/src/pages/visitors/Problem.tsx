// What the gateway has against something, by the field where it names one.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../../api/errors";
import { orderError } from "../../i18n/codes";

const FIELDS = ["name", "phone", "plate", "citizen", "purpose", "begins", "ends", "agreed", "reason", "ground", "face", "until", "minutes"] as const;

function words(t: TFunction, error: unknown): string {
  const field = error instanceof Refused && error.status === 422 ? error.message.split(":")[0] : undefined;
  const known = FIELDS.find((each) => field === each || field?.endsWith(`.${each}`));
  return known === undefined ? orderError(t, error) : t(`visits.fault_${known}`);
}

export function Problem({ error }: { error: unknown }): ReactElement | null {
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  return (
    <p className="order-outcome" data-outcome="error" role="alert">
      {words(t, error)}
    </p>
  );
}
