// Somebody's vehicles, by their plates.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { setPlates } from "../../api/particulars";
import type { PersonFile } from "../../api/people";
import { useFiling } from "../../state/people";
import { Problem } from "../../components/Problem";
import { TextField } from "../../components/Field";

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
      <Problem error={save.error} />
      <form className="desk-line" onSubmit={submit}>
        <TextField label={t("particulars.plate_new")} hint={t("particulars.plate_hint")} value={plate} most={10} onValue={setPlate} />
        <button type="submit" className="button" disabled={plate.trim() === "" || save.isPending}>
          {t("particulars.plate_add")}
        </button>
      </form>
    </section>
  );
}
