// How the gateway itself is: one line while all is well, else what is not, the worst first.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Check } from "../../api/types";
import { checkAdvice, checkName, checkText } from "../../i18n/codes";
import { useChecks } from "../../state/queries";

const RANK = { fail: 0, warn: 1, ok: 2 } as const;

export function GatewayHealth(): ReactElement | null {
  const { t } = useTranslation();
  const { data } = useChecks();
  if (data === undefined) return null;
  const wanted = data.items.filter((check) => check.verdict !== "ok").toSorted((a, b) => RANK[a.verdict] - RANK[b.verdict]);
  const well = data.items.filter((check) => check.verdict === "ok");
  return (
    <section className={`gateway gateway-${data.status}`} aria-label={t("gateway.title")} data-verdict={data.status}>
      <header>
        <h2>{t("gateway.title")}</h2>
        <p>{t(`gateway.${data.status}`)}</p>
      </header>
      {wanted.length > 0 && <ul className="checks">{wanted.map((check) => row(t, check))}</ul>}
      <details>
        <summary>{well.map((check) => checkName(t, check)).join(" · ")}</summary>
        <ul className="checks">{well.map((check) => row(t, check))}</ul>
      </details>
    </section>
  );
}

function row(t: TFunction, check: Check): ReactElement {
  const advice = checkAdvice(t, check);
  return (
    <li key={`${check.name} ${check.code}`} className={`check check-${check.verdict}`}>
      <span className="check-verdict">{t(`verdict.${check.verdict}`)}</span>
      <strong>{checkName(t, check)}</strong>
      <span>{checkText(t, check)}</span>
      {advice !== "" && <span className="quiet">{advice}</span>}
    </li>
  );
}
