// One passage in a dialog.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Passage } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { PassageFacts } from "./PassageFacts";

interface Props {
  passage: Passage;
  onClose(): void;
}

export function PassageDetail({ passage, onClose }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <Dialog title={t("passages.detail")} onClose={onClose}>
      <PassageFacts passage={passage} />
    </Dialog>
  );
}
