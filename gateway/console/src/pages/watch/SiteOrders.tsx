// All lanes at once: one press opens this, a second one, with a reason, does it; and what each node said.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { setAllLanes } from "../../api/orders";
import type { LaneAnswer } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { refusalText } from "../../i18n/codes";
import { LASTS_FIRST_ALL, stays, WHYS_ALL } from "../../logic/orders";
import { laneName } from "../../logic/places";
import { useNow } from "../../state/now";
import { useOrder } from "../../state/orders";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { LastsField } from "./LastsField";
import { OrderOutcome } from "./OrderOutcome";
import { ReasonField } from "./ReasonField";

const STATES = ["locked", "normal"] as const;

interface Wanted {
  state: (typeof STATES)[number];
  minutes: number;
  why: string;
}

interface Props {
  /** What is offered first: while lanes are locked, the end of it. */
  first: Wanted["state"];
  onClose(): void;
}

export function SiteOrders({ first, onClose }: Props): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const [wanted, want] = useState<Wanted>({ state: first, minutes: LASTS_FIRST_ALL, why: "" });
  const { state, minutes } = wanted;
  const why = wanted.why.trim();
  const order = useOrder(
    (id: string, what: Wanted) =>
      setAllLanes({ id, why: what.why.trim(), state: what.state, ...(stays(what.state) ? { minutes: what.minutes } : {}) }),
    () => want((before) => ({ ...before, why: "" })),
  );
  const end = order.data?.items[0]?.until;
  const change = (changed: Partial<Wanted>): void => {
    order.forget();
    want({ ...wanted, ...changed });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!order.isPending && why !== "") order.mutate(wanted);
  };
  return (
    <Dialog title={t("order.all")} onClose={onClose}>
      <form className="order-form" onSubmit={submit}>
        <div className="segments" role="group" aria-label={t("order.all")}>
          {STATES.map((each) => (
            <button key={each} type="button" aria-pressed={state === each} onClick={() => change({ state: each })}>
              {t(`order.all_${each}`)}
            </button>
          ))}
        </div>
        <p>{t(`order.all_${state}_text`)}</p>
        {stays(state) && <LastsField minutes={minutes} onMinutes={(value) => change({ minutes: value })} />}
        <ReasonField whys={WHYS_ALL} why={wanted.why} onWhy={(value) => change({ why: value })} />
        <button
          type="submit"
          className={state === "locked" ? "button button-grave" : "button button-main"}
          disabled={order.isPending || why === ""}
        >
          {t("order.now", { what: t(`order.all_${state}`) })}
        </button>
      </form>
      <OrderOutcome status={order.data?.done === false ? "error" : order.status}>
        {order.isPending && t("order.busy")}
        {order.isError && refusalText(t, order.error)}
        {order.data && t(order.data.done ? "order.all_done" : "order.all_not_done")}
        {end && ` · ${t("lane.until", { time: times.until(end, now) })}`}
      </OrderOutcome>
      {order.data && <Answers answers={order.data.items} />}
    </Dialog>
  );
}

function Answers({ answers }: { answers: readonly LaneAnswer[] }): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  return (
    <ul className="order-answers">
      {answers.map((each) => (
        <li key={`${each.node}/${each.lane}`} data-result={each.result}>
          <span>
            {each.lane === null ? t("order.all_of_node") : laneName(site, each.lane)} <span className="quiet">{each.node}</span>
          </span>
          <b>{t(`order.result_${each.result}`)}</b>
        </li>
      ))}
    </ul>
  );
}
