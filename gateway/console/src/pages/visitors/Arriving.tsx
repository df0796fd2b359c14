// From the window into the site: what is still missing, the photograph, screening, and the pass.
import type { TFunction } from "i18next";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { admitVisit, amendVisit, putVisitPhoto, type Purpose, screenVisit, type Visit } from "../../api/visits";
import { Field } from "../../components/Field";
import { isCitizenNumber } from "../../logic/citizen";
import { needsDecision } from "../../logic/visits";
import { useAtDesk, useVisitDesk } from "../../state/visits";
import { CardInput } from "./CardInput";
import { CameraField } from "./CameraField";
import { Agreements } from "./fields";
import { VisitProblem } from "./VisitProblem";

/** As the gateway calls the site's own list. */
const OWN_LIST = "own list";
const WHYS = ["name", "plate", "citizen_number", "face", "timeout", "unreachable", "nonsense", "no_token"] as const;

/** Codes in words; what a service said itself stands as it is. */
function whyText(t: TFunction, why: string): string {
  const parts = why.split(", ").map((part) => {
    const known = WHYS.find((each) => each === part.replaceAll(" ", "_"));
    return known === undefined ? part.replace(/^status (\d+)$/, (_, number: string) => t("visits.why_status", { number })) : t(`visits.why_${known}`);
  });
  return parts.join(" · ");
}

export function Arriving({ visit }: { visit: Visit }): ReactElement {
  return (
    <>
      <Missing visit={visit} />
      {visit.state === "announced" && <Photograph visit={visit} />}
      {visit.state === "announced" && <Screening visit={visit} />}
      {visit.state === "announced" && <LetIn visit={visit} />}
    </>
  );
}

/** Who answered an invitation has not shown a document yet. */
function Missing({ visit }: { visit: Visit }): ReactElement | null {
  const { t } = useTranslation();
  const desk = useVisitDesk();
  const [citizen, setCitizen] = useState("");
  const [agreed, setAgreed] = useState<Purpose[]>(visit.agreed);
  const amend = useAtDesk((said: { citizen: string; plate: string; agreed: Purpose[] }) => amendVisit(visit.id, said));
  if (visit.citizen !== "" && visit.agreed.includes("keeping")) return null;
  const wrong = citizen !== "" && !isCitizenNumber(citizen);
  const asks = visit.agreed.includes("keeping") ? [] : (["keeping", "photo", "face"] as const);
  const ready = agreed.includes("keeping") && !wrong && (citizen !== "" || asks.length > 0) && !amend.isPending;
  return (
    <form
      className="visit-step"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) amend.mutate({ citizen, plate: "", agreed });
      }}
    >
      <h3>{t("visits.document")}</h3>
      <Field
        label={t("visits.citizen")}
        maxLength={24}
        value={citizen}
        fault={wrong ? t("visits.fault_citizen") : ""}
        onChange={(event) => setCitizen(event.target.value)}
      />
      {asks.length > 0 && desk.data !== undefined && (
        <Agreements words={desk.data.words} purposes={asks} agreed={agreed} onAgreed={setAgreed} />
      )}
      <VisitProblem error={amend.error} />
      <button type="submit" className="button" disabled={!ready}>
        {t("visits.save")}
      </button>
    </form>
  );
}

function Photograph({ visit }: { visit: Visit }): ReactElement {
  const { t } = useTranslation();
  const [photo, setPhoto] = useState<Blob | null>(null);
  const [ground, setGround] = useState("");
  const agreed = visit.agreed.includes("photo");
  const keep = useAtDesk((taken: Blob) => putVisitPhoto(visit.id, taken, ground.trim()), () => setPhoto(null));
  return (
    <section className="visit-step">
      <h3>{t("visits.photo")}</h3>
      {!agreed && (
        <Field
          label={t("visits.ground")}
          placeholder={t("visits.ground_hint")}
          maxLength={200}
          value={ground}
          onChange={(event) => setGround(event.target.value)}
        />
      )}
      {(agreed || ground.trim() !== "") && <CameraField photo={photo} onPhoto={setPhoto} />}
      <VisitProblem error={keep.error} />
      {photo !== null && (
        <button type="button" className="button" disabled={keep.isPending} onClick={() => keep.mutate(photo)}>
          {t("visits.keep_photo")}
        </button>
      )}
    </section>
  );
}

function Screening({ visit }: { visit: Visit }): ReactElement {
  const { t } = useTranslation();
  const screen = useAtDesk(() => screenVisit(visit.id));
  return (
    <section className="visit-step">
      <h3>{t("visits.screening")}</h3>
      <div className={`visit-screening visit-screening-${visit.screening}`} role="status">
        <strong>{t(`visits.screening_${visit.screening}`)}</strong>
        {visit.answers.map((answer) => (
          <span key={answer.source}>
            {answer.source === OWN_LIST ? t("visits.own_list") : answer.source}: {t(`visits.answer_${answer.word}`)}
            {answer.why !== "" && ` (${whyText(t, answer.why)})`}
          </span>
        ))}
      </div>
      <VisitProblem error={screen.error} />
      <button
        type="button"
        className={visit.screening === "none" ? "button button-main" : "button"}
        disabled={screen.isPending}
        onClick={() => screen.mutate(undefined)}
      >
        {t(screen.isPending ? "visits.screening_busy" : visit.screening === "none" ? "visits.screen" : "visits.screen_again")}
      </button>
    </section>
  );
}

function LetIn({ visit }: { visit: Visit }): ReactElement {
  const { t } = useTranslation();
  const [card, setCard] = useState("");
  const [face, setFace] = useState(false);
  const [decision, setDecision] = useState("");
  const admit = useAtDesk((given: { card: string; face: boolean; decision: string }) => admitVisit(visit.id, given));
  const decides = needsDecision(visit);
  const ready = visit.screening !== "none" && (!decides || decision.trim() !== "") && !admit.isPending;
  return (
    <form
      className="visit-step"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) admit.mutate({ card: card.trim(), face, decision: decides ? decision.trim() : "" });
      }}
    >
      <h3>{t("visits.let_in")}</h3>
      {decides && (
        <Field
          label={t("visits.decision")}
          placeholder={t("visits.decision_hint")}
          maxLength={300}
          required
          value={decision}
          onChange={(event) => setDecision(event.target.value)}
        />
      )}
      <CardInput label={t("visits.card_optional")} value={card} onValue={setCard} />
      {visit.agreed.includes("face") && visit.picture !== null && (
        <label className="agreement">
          <input type="checkbox" checked={face} onChange={() => setFace(!face)} />
          <span>{t("visits.face_opens")}</span>
        </label>
      )}
      <VisitProblem error={admit.error} />
      <button type="submit" className="button button-main" disabled={!ready}>
        {t(decides ? "visits.let_in_anyway" : "visits.let_in")}
      </button>
    </form>
  );
}
