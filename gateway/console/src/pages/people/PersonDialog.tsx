// What the office keeps of somebody: ways in, cards, consents, and who may collect them.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { type PersonFile, setByHand } from "../../api/people";
import { Dialog } from "../../components/Dialog";
import { Loaded } from "../../components/Loaded";
import { Problem } from "../../components/Problem";
import { useFile, useFiling } from "../../state/people";
import { CardSection } from "./CardSection";
import { CollectorSection } from "./CollectorSection";
import { ConsentSection } from "./ConsentSection";
import { GuardianSection } from "./GuardianSection";
import { ParticularsSection, particularsOf } from "./ParticularsSection";
import { Ways } from "./PersonRow";
import { PhotographSection } from "./PhotographSection";
import { PlateSection } from "./PlateSection";

export function PersonDialog({ person, onClose }: { person: string; onClose(): void }): ReactElement {
  const asked = useFile(person);
  const file = asked.data;
  return (
    <Dialog title={file?.name ?? person} onClose={onClose}>
      <Loaded asked={asked} empty={file === undefined} emptyState={null}>
        {file !== undefined && (
          <div className="desk-file">
            <WayIn file={file} />
            <CardSection file={file} />
            {!file.watch && <PlateSection key={file.plates.join()} file={file} />}
            {!file.watch && <GuardianSection person={file.id} />}
            <ConsentSection file={file} />
            {!file.watch && <CollectorSection person={file.id} office />}
            {!file.watch && <ParticularsSection key={JSON.stringify(particularsOf(file))} file={file} />}
            {!file.watch && <PhotographSection file={file} />}
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

function WayIn({ file }: { file: PersonFile }): ReactElement {
  const { t } = useTranslation();
  const change = useFiling(file.id, (on: boolean) => setByHand(file.id, on, t("people.by_hand_why")));
  return (
    <section aria-label={t("people.ways")}>
      <p className="pupil-head">
        <span className="quiet">
          {file.group} · {file.id}
        </span>
        <Ways ways={file.ways} stranded={file.stranded} />
      </p>
      {file.stranded && <p className="form-error">{t("people.stranded_text")}</p>}
      <Problem error={change.error} />
      {!file.watch && (
        <button type="button" className="button" disabled={change.isPending} onClick={() => change.mutate(!file.by_hand)}>
          {file.by_hand ? t("people.by_hand_off") : t("people.by_hand_on")}
        </button>
      )}
    </section>
  );
}
