// What is searched for.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { NO_FILTER, type PassageFilter } from "../../api/passages";
import { Icon } from "../../components/Icon";

const FIELDS = ["person", "plate", "camera"] as const;

interface Props {
  filter: PassageFilter;
  onFilter(filter: PassageFilter): void;
}

export function PassageFilterBar({ filter, onFilter }: Props): ReactElement {
  const { t } = useTranslation();
  const empty = FIELDS.every((field) => filter[field] === "");
  return (
    <search className="filter" aria-label={t("passages.search")}>
      <Icon name="search" />
      {FIELDS.map((field) => (
        <input
          key={field}
          className="input"
          type="search"
          aria-label={t(`passages.${field}`)}
          placeholder={t(`passages.${field}`)}
          value={filter[field]}
          onChange={(event) => onFilter({ ...filter, [field]: event.target.value })}
        />
      ))}
      {!empty && (
        <button type="button" className="button button-plain" onClick={() => onFilter(NO_FILTER)}>
          {t("passages.clear")}
        </button>
      )}
    </search>
  );
}
