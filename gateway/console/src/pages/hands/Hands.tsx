// The guard's hands: who waits at a lane is let pass with one press, anybody else from the desk; a slip is undone.
import { type ReactElement, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { NOBODY, passWord, PASS_WHYS, type PassWhy, waiting, type Waiting, type Whom } from "../../logic/hands";
import type { ShownLane } from "../../logic/lanes";
import { newPress } from "../../logic/orders";
import { personName } from "../../logic/passages";
import { laneName } from "../../logic/places";
import { type Hands as Doing, useHands, useHandsPanel } from "../../state/hands";
import { useLine } from "../../state/line";
import { useNow } from "../../state/now";
import { useSite } from "../../state/session";
import { HandsOutcome, useIsTold } from "./HandsOutcome";
import { LetPassDialog } from "./LetPassDialog";

export interface Pressed {
  lane: Pick<ShownLane, "node" | "lane">;
  whom: Whom;
  direction: "in" | "out";
  why: string;
}

export function Hands({ lanes }: { lanes: readonly ShownLane[] }): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const { open, show } = useHandsPanel();
  const doing = useHands();
  const told = useIsTold(doing) && open === null;
  const [done, settle] = useState<ReadonlySet<string>>(new Set());
  const connected = useLine((line) => line.state !== "lost");
  const now = useNow();
  const there = connected ? waiting(lanes, now, done).slice(0, 2) : [];
  const { say } = doing;
  const press = useCallback(
    ({ lane, whom, direction, why }: Pressed): void => {
      const name = whom.person ? personName(whom.person) : (whom.visit?.name ?? whom.typed.trim());
      const said = t("hands.said", { name: name || t("hands.visitor"), lane: laneName(site, lane.lane), why });
      say({ node: lane.node, lane: lane.lane, said, word: passWord(newPress(), whom, direction, why) });
    },
    [say, site, t],
  );
  const answer = (one: Waiting, why: PassWhy): void => {
    settle((before) => new Set([...before, one.transaction]));
    press({ lane: one.lane, whom: { ...NOBODY, person: one.person }, direction: "in", why: t(`hands.why_${why}`) });
  };
  return (
    <>
      <button type="button" className="button button-main let-pass" title={t("hands.key_hint")} onClick={() => show("")}>
        {t("hands.let_pass")}…
      </button>
      {/* Always there: who comes and goes must move nothing under a guard's finger. */}
      <div className="hands-place">
        {there.map((one) => (
          <WaitingRow key={one.transaction} one={one} doing={doing} onWhy={(why) => answer(one, why)} />
        ))}
        {told && <HandsOutcome doing={doing} />}
        {!told && there.length === 0 && <p className="quiet">{t("hands.none")}</p>}
      </div>
      {open !== null && (
        <LetPassDialog lanes={lanes} first={open || (there[0]?.lane.id ?? "")} waiting={there} doing={doing} onPress={press} onClose={() => show(null)} />
      )}
    </>
  );
}

interface RowProps {
  one: Waiting;
  doing: Doing;
  onWhy(why: PassWhy): void;
}

/** Whoever was refused just now, with the reasons beside the name: one press lets them pass. */
function WaitingRow({ one, doing, onWhy }: RowProps): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const name = one.person ? personName(one.person) : t("lane.nobody");
  return (
    <div className="hands-waiting" role="group" aria-label={t("hands.waiting", { name, lane: laneName(site, one.lane.lane) })}>
      <span className="hands-who">
        <b>{name}</b> <span className="quiet">{[one.person?.group, laneName(site, one.lane.lane)].filter(Boolean).join(" · ")}</span>
      </span>
      <span className="hands-whys">
        {PASS_WHYS.map((why) => (
          <button key={why} type="button" className="button" disabled={doing.state === "busy"} onClick={() => onWhy(why)}>
            {t(`hands.why_${why}`)}
          </button>
        ))}
      </span>
    </div>
  );
}
