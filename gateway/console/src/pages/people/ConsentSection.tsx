// What was agreed to, by purpose: given with one form, taken back with one press.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { serverClock } from "../../api/clock";
import { giveConsent, type PersonFile, type Purpose, PURPOSES, withdrawConsent } from "../../api/people";
import { DayField, TextField } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { dayIn, daysLater, lastDay } from "../../logic/zone";
import { useFiling } from "../../state/people";
import { useSite } from "../../state/session";

const A_YEAR = 365;

export function ConsentSection({ file }: { file: PersonFile }): ReactElement {
  const { t } = useTranslation();
  const [by, setBy] = useState(file.guardians[0]?.name ?? "");
  const { timezone } = useSite();
  const [until, setUntil] = useState(() => daysLater(dayIn(serverClock.now(), timezone), A_YEAR));
  const give = useFiling(file.id, (purpose: Purpose) => giveConsent(file.id, { purpose, until, by: by.trim() }));
  const end = useFiling(file.id, (purpose: Purpose) => withdrawConsent(file.id, { purpose, by: by.trim() }));
  const ready = by.trim() !== "" && !give.isPending && !end.isPending;
  return (
    <section aria-label={t("people.consents")}>
      <h3>{t("people.consents")}</h3>
      <Problem error={give.error ?? end.error} />
      <form className="desk-line" onSubmit={(event: FormEvent) => event.preventDefault()}>
        <TextField label={t("people.consent_by")} hint={t("people.consent_by_hint")} value={by} most={200} onValue={setBy} />
        <DayField label={t("people.consent_until")} value={until} onValue={setUntil} />
      </form>
      <ul className="account-list">
        {PURPOSES.map((purpose) => (
          <ConsentRow
            key={purpose}
            file={file}
            purpose={purpose}
            ready={ready}
            onGive={() => give.mutate(purpose)}
            onEnd={() => end.mutate(purpose)}
          />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  file: PersonFile;
  purpose: Purpose;
  ready: boolean;
  onGive(): void;
  onEnd(): void;
}

function ConsentRow({ file, purpose, ready, onGive, onEnd }: RowProps): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const found = file.consents[purpose];
  const holds = found.state === "given" || found.state === "asked_again";
  const facts = [
    found.given_by,
    found.given_on,
    found.text_version === "" ? "" : t("people.consent_text", { version: found.text_version }),
    found.until === "" ? "" : t("people.consent_ends", { day: lastDay(found.until, timezone) }),
  ].filter((each) => each !== "");
  // What keeps somebody on the list is a law's or a contract's ground as a rule; without it they are not enrolled.
  const endable = purpose !== "listing";
  return (
    <li>
      <div>
        <strong>{t(`people.purpose_${purpose}`)}</strong>
        <span className={holds ? "day-present" : "quiet"}>{t(`people.consent_${found.state}`)}</span>
        <span className="quiet">{facts.join(" · ")}</span>
      </div>
      {endable && (
        <span className="desk-choices">
          {!holds && (
            <button type="button" className="button" disabled={!ready} onClick={onGive}>
              {t("people.consent_give")}
            </button>
          )}
          {found.state !== "refused" && (
            <button type="button" className="button" disabled={!ready} onClick={onEnd}>
              {holds ? t("people.consent_withdraw") : t("people.consent_refuse")}
            </button>
          )}
        </span>
      )}
    </li>
  );
}
