// The spans of a week: on which days, from when until when.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { WEEKDAYS } from "../../api/people";
import { TimeField } from "../../components/Field";
import { Icon } from "../../components/Icon";
import type { TypedSpan } from "../../logic/timetable";
import { toggled } from "../../logic/toggled";
import { dayName } from "./words";

interface Props {
  spans: readonly TypedSpan[];
  locked: boolean;
  onSpans(spans: readonly TypedSpan[]): void;
}

export function SpanFields({ spans, locked, onSpans }: Props): ReactElement {
  const { t } = useTranslation();
  const [next, setNext] = useState(spans.length);
  const add = (): void => {
    onSpans([...spans, { key: next, days: WEEKDAYS.slice(0, 5), start: "", end: "" }]);
    setNext(next + 1);
  };
  return (
    <div className="spans">
      {spans.map((span, place) => (
        <SpanRow
          key={span.key}
          span={span}
          number={place + 1}
          locked={locked}
          onSpan={(changed) => onSpans(spans.map((each) => (each.key === span.key ? changed : each)))}
          onRemove={() => onSpans(spans.filter((each) => each.key !== span.key))}
        />
      ))}
      {!locked && (
        <button type="button" className="button" onClick={add}>
          {t("timetable.span_add")}
        </button>
      )}
    </div>
  );
}

interface RowProps {
  span: TypedSpan;
  number: number;
  locked: boolean;
  onSpan(span: TypedSpan): void;
  onRemove(): void;
}

function SpanRow({ span, number, locked, onSpan, onRemove }: RowProps): ReactElement {
  const { t } = useTranslation();
  const over = span.start !== "" && span.end !== "" && span.end !== "00:00" && span.end < span.start;
  return (
    <fieldset className="span">
      <legend>{t("timetable.span", { number })}</legend>
      <div className="order-whys" role="group" aria-label={t("timetable.days")}>
        {WEEKDAYS.map((day) => (
          <button
            key={day}
            type="button"
            className="chip"
            aria-pressed={span.days.includes(day)}
            disabled={locked}
            onClick={() => onSpan({ ...span, days: toggled(span.days, day) })}
          >
            {dayName(t, day)}
          </button>
        ))}
      </div>
      <div className="span-times">
        <TimeField label={t("timetable.start")} disabled={locked} value={span.start} onValue={(start) => onSpan({ ...span, start })} />
        <TimeField label={t("timetable.end")} disabled={locked} value={span.end} onValue={(end) => onSpan({ ...span, end })} />
        {!locked && (
          <button type="button" className="button button-plain" aria-label={t("timetable.span_remove", { number })} onClick={onRemove}>
            <Icon name="close" />
          </button>
        )}
      </div>
      {over && <span className="quiet">{t("timetable.next_day")}</span>}
    </fieldset>
  );
}
