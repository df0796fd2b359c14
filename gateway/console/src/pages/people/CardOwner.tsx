// Whose a card is, in one line, with a way to them.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { WhoseCard } from "../../api/cards";
import { routeTo } from "../../logic/route";
import { workOf } from "../../logic/roles";
import { useRole } from "../../state/session";
import { useTimes } from "../../state/times";

export function CardOwner({ found, onGo }: { found: WhoseCard; onGo?: () => void }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const opens = workOf(useRole()).includes("people");
  const { owner } = found;
  return (
    <p className="card-owner" role="status" data-how={found.how}>
      <strong className="number">{found.card}</strong>
      {owner === null ? (
        <span>{t(found.how === "ambiguous" ? "cards.ambiguous" : "cards.nobody")}</span>
      ) : (
        <>
          {opens ? (
            <a href={routeTo("people", owner.id)} onClick={onGo}>
              {owner.name}
            </a>
          ) : (
            <strong>{owner.name}</strong>
          )}
          <span className="quiet">
            {owner.group} · {owner.id}
          </span>
          {owner.withdrawn_at !== null && (
            <span className="badge day-late">{t("cards.was", { why: owner.reason, time: times.full(owner.withdrawn_at) })}</span>
          )}
          {found.how === "cut" && <span className="badge">{t("cards.cut")}</span>}
        </>
      )}
    </p>
  );
}
