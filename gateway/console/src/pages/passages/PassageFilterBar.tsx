// What is searched for: who, which card or plate, where, and when by the site's clock. A phone folds it behind one button.
import { type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { NO_FILTER, type PassageFilter } from "../../api/passages";
import { Icon } from "../../components/Icon";
import { momentIn } from "../../logic/zone";
import { useSite } from "../../state/session";

const FIELDS = ["person", "card", "plate_near", "place"] as const;
const TIMES = ["since", "until"] as const;
const NO_TIMES = { since: "", until: "" };

interface Props {
  filter: PassageFilter;
  onFilter(filter: PassageFilter): void;
}

export function PassageFilterBar({ filter, onFilter }: Props): ReactElement {
  const { t } = useTranslation();
  const [typed, type] = useState(NO_TIMES);
  const [unfolded, unfold] = useState(false);
  const fields = useId();
  const set = FIELDS.filter((field) => filter[field] !== "").length + TIMES.filter((field) => typed[field] !== "").length;
  const clear = (): void => {
    type(NO_TIMES);
    onFilter(NO_FILTER);
  };
  return (
    <search className="filter" aria-label={t("passages.search")}>
      <Icon name="search" />
      <button
        type="button"
        className="button filter-fold"
        aria-expanded={unfolded}
        aria-controls={fields}
        onClick={() => unfold(!unfolded)}
      >
        <Icon name="search" />
        {set === 0 ? t("passages.filter") : t("passages.filter_set", { count: set })}
      </button>
      <div id={fields} className="filter-fields" data-unfolded={unfolded}>
        <Words filter={filter} onFilter={onFilter} />
        <Moments typed={typed} onTyped={type} filter={filter} onFilter={onFilter} />
      </div>
      {set > 0 && (
        <button type="button" className="button button-plain" onClick={clear}>
          {t("passages.clear")}
        </button>
      )}
    </search>
  );
}

function Words({ filter, onFilter }: Props): ReactElement[] {
  const { t } = useTranslation();
  return FIELDS.map((field) => (
    <input
      key={field}
      className="input"
      type="search"
      aria-label={t(`passages.${field}`)}
      placeholder={t(`passages.${field}`)}
      value={filter[field]}
      onChange={(event) => onFilter({ ...filter, [field]: event.target.value })}
    />
  ));
}

interface MomentsProps extends Props {
  typed: typeof NO_TIMES;
  onTyped(typed: typeof NO_TIMES): void;
}

function Moments({ typed, onTyped, filter, onFilter }: MomentsProps): ReactElement[] {
  const { t } = useTranslation();
  const { timezone } = useSite();
  return TIMES.map((field) => (
    <label key={field} className="filter-time">
      <span>{t(`passages.${field}`)}</span>
      <input
        className="input"
        type="datetime-local"
        value={typed[field]}
        onChange={(event) => {
          onTyped({ ...typed, [field]: event.target.value });
          onFilter({ ...filter, [field]: moment(event.target.value, timezone) });
        }}
      />
    </label>
  ));
}

/** Of what the field holds, such as 2026-10-12T07:30; empty while it is not whole. */
function moment(typed: string, zone: string): string {
  const [day = "", clock = ""] = typed.split("T");
  return day === "" || clock === "" ? "" : momentIn(day, clock.slice(0, 5), zone);
}
