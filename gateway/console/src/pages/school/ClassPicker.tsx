// The classes side by side, each with how many of it are here and how many are missed.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { ClassCount } from "../../api/attendance";

interface Props {
  classes: readonly ClassCount[];
  open: string;
  addressOf(group: string): string;
}

export function ClassPicker({ classes, open, addressOf }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <nav className="class-picker" aria-label={t("school.classes")}>
      {classes.map(({ group, counts }) => (
        <a key={group} href={addressOf(group)} className="chip" aria-current={group === open ? "page" : undefined}>
          <span>{group}</span>
          <span className="number quiet">{counts.present + counts.late}</span>
          {counts.absent > 0 && (
            <b className="class-absent">
              <span aria-hidden="true">✕</span>
              <span className="hidden">{t("school.finding_absent")}</span> {counts.absent}
            </b>
          )}
        </a>
      ))}
    </nav>
  );
}
