// Somebody is inside: their pass, a card, more time, and out.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { extendVisit, fetchPass, giveCard, leaveVisit, type Visit } from "../../api/visits";
import { useAtDesk } from "../../state/visits";
import { CardInput } from "./CardInput";
import { VisitProblem } from "./VisitProblem";

const MORE_MINUTES = 30;

export function InsideSteps({ visit }: { visit: Visit }): ReactElement {
  const { t } = useTranslation();
  const leave = useAtDesk((back: boolean) => leaveVisit(visit.id, back));
  const extend = useAtDesk(() => extendVisit(visit.id, MORE_MINUTES));
  const pass = useAtDesk(() => fetchPass(visit.id));
  return (
    <section className="visit-step">
      <div className="visit-buttons">
        <button type="button" className="button button-main" disabled={leave.isPending} onClick={() => leave.mutate(visit.card !== null)}>
          {t(visit.card === null ? "visits.leave" : "visits.leave_card")}
        </button>
        {visit.card !== null && (
          <button type="button" className="button" disabled={leave.isPending} onClick={() => leave.mutate(false)}>
            {t("visits.leave_without_card")}
          </button>
        )}
        <button type="button" className="button" disabled={extend.isPending} onClick={() => extend.mutate(undefined)}>
          {t("visits.extend", { count: MORE_MINUTES })}
        </button>
        <button type="button" className="button" disabled={pass.isPending} onClick={() => pass.mutate(undefined)}>
          {t("visits.show_pass")}
        </button>
      </div>
      <VisitProblem error={leave.error ?? extend.error ?? pass.error} />
      {pass.data !== undefined && (
        <figure className="visit-pass">
          <img className="visit-qr" src={pass.data.picture} alt={t("visits.pass_qr")} width="240" height="240" />
          <figcaption>
            <code>{pass.data.code}</code>
          </figcaption>
        </figure>
      )}
      {visit.card === null && <CardForm visit={visit} />}
    </section>
  );
}

function CardForm({ visit }: { visit: Visit }): ReactElement {
  const { t } = useTranslation();
  const [card, setCard] = useState("");
  const give = useAtDesk((number: string) => giveCard(visit.id, number), () => setCard(""));
  return (
    <form
      className="visit-line"
      onSubmit={(event) => {
        event.preventDefault();
        give.mutate(card.trim());
      }}
    >
      <CardInput label={t("visits.card_give")} value={card} onValue={setCard} />
      <button type="submit" className="button" disabled={card.trim() === "" || give.isPending}>
        {t("visits.give")}
      </button>
      <VisitProblem error={give.error} />
    </form>
  );
}
