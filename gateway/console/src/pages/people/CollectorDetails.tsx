// Who may collect a child, asked for only when somebody opens it: every look is on the record.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { CollectorSection } from "./CollectorSection";

export function CollectorDetails({ person }: { person: string }): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("collect.title")}</summary>
      {open && <CollectorSection person={person} />}
    </details>
  );
}
