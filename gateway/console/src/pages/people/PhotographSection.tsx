// The photograph that a face is known by: only with consent, and a new one in place of those of before.
import { type ReactElement, useId } from "react";
import { useTranslation } from "react-i18next";
import { setPhotograph } from "../../api/particulars";
import type { PersonFile } from "../../api/people";
import { Picture } from "../../components/Picture";
import { useFiling } from "../../state/people";
import { Problem } from "../../components/Problem";

export function PhotographSection({ file }: { file: PersonFile }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const bring = useFiling(file.id, (picture: Blob) => setPhotograph(file.id, picture));
  const { state } = file.consents.recognition;
  const agreed = state === "given" || state === "asked_again";
  return (
    <section aria-label={t("particulars.photograph")}>
      <h3>{t("particulars.photograph")}</h3>
      <div className="desk-photograph">
        <span className="desk-portrait">
          <Picture url={file.picture} alt={file.name} missing="person" missingText="" />
        </span>
        {agreed ? (
          <div className="field">
            <label htmlFor={id}>{bring.isPending ? t("particulars.photograph_looking") : t("particulars.photograph_new")}</label>
            <input
              id={id}
              className="input"
              type="file"
              accept="image/jpeg,image/png"
              disabled={bring.isPending}
              onChange={(event) => {
                const [picture] = event.target.files ?? [];
                if (picture !== undefined) bring.mutate(picture);
              }}
            />
          </div>
        ) : (
          <p className="quiet">{t("particulars.photograph_consent")}</p>
        )}
      </div>
      <Problem error={bring.error} />
    </section>
  );
}
