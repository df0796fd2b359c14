// Somebody's vehicles, by their plates.
import type { TFunction } from "i18next";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../../api/errors";
import { setPlates } from "../../api/particulars";
import type { PersonFile } from "../../api/people";
import { useFiling } from "../../state/people";
import { Problem } from "../../components/Problem";
import { TextField } from "../../components/Field";
import { errorText } from "../../i18n/codes";

/** Whose it is already, where the gateway says so. */
function plateError(t: TFunction, error: unknown): string {
  if (!(error instanceof Refused) || error.code !== "plate_taken") return errorText(t, error);
  const { plate = "", person = "" } = error.more;
  return person === "" ? t("particulars.plate_taken", { plate }) : t("particulars.plate_taken_by", { plate, person });
}

export function PlateSection({ file }: { file: PersonFile }): ReactElement {
  const { t } = useTranslation();
  const [plate, setPlate] = useState("");
  const save = useFiling(file.id, (plates: readonly string[]) => setPlates(file.id, plates));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (plate.trim() !== "") save.mutate([...file.plates, plate.trim()]);
  };
  return (
    <section aria-label={t("particulars.plates")}>
      <h3>{t("particulars.plates")}</h3>
      <ul className="account-list">
        {file.plates.map((each) => (
          <li key={each}>
            <strong className="number">{each}</strong>
            <button
              type="button"
              className="button"
              disabled={save.isPending}
              onClick={() => save.mutate(file.plates.filter((other) => other !== each))}
            >
              {t("particulars.plate_remove", { plate: each })}
            </button>
          </li>
        ))}
      </ul>
      <Problem error={save.error} words={plateError} />
      <form className="desk-line" onSubmit={submit}>
        <TextField label={t("particulars.plate_new")} hint={t("particulars.plate_hint")} value={plate} most={10} onValue={setPlate} />
        <button type="submit" className="button" disabled={plate.trim() === "" || save.isPending}>
          {t("particulars.plate_add")}
        </button>
      </form>
    </section>
  );
}
