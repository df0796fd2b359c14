// What a guard can order one lane to do: chosen first, then given a reason, then pressed; and what its node said.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { letPass, setLane } from "../../api/orders";
import type { LaneAnswer, PersonEntry } from "../../api/types";
import { refusalText } from "../../i18n/codes";
import { LASTS_FIRST, type Order, ORDERS, stays, WHYS } from "../../logic/orders";
import type { ShownLane } from "../../logic/lanes";
import { useNow } from "../../state/now";
import { useOrder } from "../../state/orders";
import { useTimes } from "../../state/times";
import { LastsField } from "./LastsField";
import { OrderOutcome } from "./OrderOutcome";
import { PersonPicker } from "./PersonPicker";
import { ReasonField } from "./ReasonField";

const WAYS = ["in", "out"] as const;

interface Wanted {
  order: Order;
  why: string;
  minutes: number;
  direction: (typeof WAYS)[number];
  person: PersonEntry | null;
}

const NOTHING = { why: "", minutes: LASTS_FIRST, direction: "in", person: null } as const;

export function LaneOrders({ lane }: { lane: Pick<ShownLane, "node" | "lane"> }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const [wanted, want] = useState<Wanted | null>(null);
  // What was done is over: a form that stayed filled would be pressed again.
  const order = useOrder((id: string, what: Wanted) => send(lane, id, what), () => want(null));
  const choose = (chosen: Order): void => {
    order.forget();
    want(wanted?.order === chosen ? null : { ...NOTHING, order: chosen });
  };
  /** Whatever is changed is another press. */
  const change = (changed: Partial<Wanted>): void => {
    order.forget();
    want(wanted && { ...wanted, ...changed });
  };
  return (
    <section className="orders" aria-label={t("order.title")}>
      <div className="order-choice">
        {ORDERS.map((each) => (
          <button
            key={each}
            type="button"
            className="button"
            data-order={each}
            aria-pressed={wanted?.order === each}
            disabled={order.isPending}
            onClick={() => choose(each)}
          >
            {t(`order.${each}`)}
          </button>
        ))}
      </div>
      {wanted && (
        <OrderForm wanted={wanted} busy={order.isPending} onChange={change} onSend={() => order.mutate(wanted)} />
      )}
      <OrderOutcome status={order.status}>
        {order.isPending && t("order.busy")}
        {order.isSuccess && t(order.variables?.order === "pass" ? "order.noted" : "order.taken")}
        {order.data?.until && ` · ${t("lane.until", { time: times.until(order.data.until, now) })}`}
        {order.isError && refusalText(t, order.error)}
      </OrderOutcome>
    </section>
  );
}

interface FormProps {
  wanted: Wanted;
  busy: boolean;
  onChange(changed: Partial<Wanted>): void;
  onSend(): void;
}

function OrderForm({ wanted, busy, onChange, onSend }: FormProps): ReactElement {
  const { t } = useTranslation();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy && wanted.why.trim() !== "") onSend();
  };
  return (
    <form className="order-form" onSubmit={submit}>
      <p className="quiet">{t(`order.${wanted.order}_text`)}</p>
      {wanted.order === "pass" && (
        <>
          <PersonPicker person={wanted.person} onPerson={(person) => onChange({ person })} />
          <div className="segments" role="group" aria-label={t("passages.direction")}>
            {WAYS.map((way) => (
              <button
                key={way}
                type="button"
                aria-pressed={wanted.direction === way}
                onClick={() => onChange({ direction: way })}
              >
                {t(`direction.${way}`)}
              </button>
            ))}
          </div>
        </>
      )}
      {stays(wanted.order) && <LastsField minutes={wanted.minutes} onMinutes={(minutes) => onChange({ minutes })} />}
      <ReasonField whys={WHYS} why={wanted.why} onWhy={(why) => onChange({ why })} />
      <button type="submit" className="button button-main" disabled={busy || wanted.why.trim() === ""}>
        {t("order.now", { what: t(`order.${wanted.order}`) })}
      </button>
    </form>
  );
}

function send({ node, lane }: Pick<ShownLane, "node" | "lane">, id: string, wanted: Wanted): Promise<LaneAnswer> {
  const { order, minutes, direction, person } = wanted;
  const said = { id, why: wanted.why.trim() };
  if (order === "pass") return letPass(node, lane, { ...said, direction, ...(person ? { person_id: person.id } : {}) });
  return setLane(node, lane, { ...said, state: order, ...(stays(order) ? { minutes } : {}) });
}
