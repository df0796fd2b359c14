// The desk of a guard's hands: which lane, who, which way; the reason is the last press, and lets them pass.
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../components/Dialog";
import { NOBODY, PASS_WHYS, type Waiting, type Whom } from "../../logic/hands";
import type { ShownLane } from "../../logic/lanes";
import { laneName } from "../../logic/places";
import type { Hands } from "../../state/hands";
import { useSite } from "../../state/session";
import type { Pressed } from "./Hands";
import { HandsOutcome } from "./HandsOutcome";
import { WhomField } from "./WhomField";

const WAYS = ["in", "out"] as const;

interface Props {
  lanes: readonly ShownLane[];
  /** The lane to begin with; "": the first one. */
  first: string;
  waiting: readonly Waiting[];
  doing: Hands;
  onPress(pressed: Pressed): void;
  onClose(): void;
}

export function LetPassDialog({ lanes, first, waiting, doing, onPress, onClose }: Props): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const [laneId, choose] = useState(first);
  const [direction, turn] = useState<(typeof WAYS)[number]>("in");
  const lane = lanes.find((one) => one.id === laneId) ?? lanes[0];
  const there = waiting.find((one) => one.lane.id === lane?.id)?.person ?? null;
  const [whom, name] = useState<Whom>({ ...NOBODY, person: there });
  const [other, type] = useState("");
  const id = useId();
  const busy = doing.state === "busy" || lane === undefined;
  const press = (why: string): void => {
    if (busy || why.trim() === "") return;
    onPress({ lane, whom, direction, why: why.trim() });
    // What was done is over: a name that stayed would be let pass again.
    name(NOBODY);
    type("");
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    press(other);
  };
  return (
    <Dialog title={t("hands.let_pass")} onClose={onClose}>
      <form className="hands-form" onSubmit={submit}>
        {lanes.length > 1 && (
          <div className="segments hands-lanes" role="group" aria-label={t("lane.title")}>
            {lanes.map((one) => (
              <button key={one.id} type="button" aria-pressed={one.id === lane?.id} onClick={() => choose(one.id)}>
                {laneName(site, one.lane)}
              </button>
            ))}
          </div>
        )}
        <WhomField whom={whom} offered={there} onWhom={name} />
        <div className="segments" role="group" aria-label={t("passages.direction")}>
          {WAYS.map((way) => (
            <button key={way} type="button" aria-pressed={direction === way} onClick={() => turn(way)}>
              {t(`direction.${way}`)}
            </button>
          ))}
        </div>
        <div className="field">
          <span className="field-name">{t("hands.why")}</span>
          <div className="hands-reasons">
            {PASS_WHYS.map((why) => (
              <button key={why} type="button" className="button button-main" disabled={busy} onClick={() => press(t(`hands.why_${why}`))}>
                {t(`hands.why_${why}`)}
              </button>
            ))}
          </div>
          <div className="hands-other">
            <input
              id={id}
              className="input"
              maxLength={300}
              autoComplete="off"
              aria-label={t("hands.other")}
              placeholder={t("hands.other")}
              value={other}
              onChange={(event) => type(event.target.value)}
            />
            <button type="submit" className="button" disabled={busy || other.trim() === ""}>
              {t("hands.let_pass")}
            </button>
          </div>
        </div>
        <HandsOutcome doing={doing} />
      </form>
    </Dialog>
  );
}
