// What ends a visit before its time, or all that is kept of it; each with a reason.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { endVisit, eraseVisit, type Visit } from "../../api/visits";
import { Field } from "../../components/Field";
import { routeTo } from "../../logic/route";
import { go } from "../../state/route";
import { useRole } from "../../state/session";
import { useAtDesk } from "../../state/visits";
import { VisitProblem } from "./VisitProblem";

type How = "refuse" | "cancel" | "erase";

export function EndButtons({ visit }: { visit: Visit }): ReactElement | null {
  const { t } = useTranslation();
  const role = useRole();
  const [how, setHow] = useState<How | null>(null);
  const expected = visit.state === "invited" || visit.state === "announced";
  const ways: How[] = [
    ...(expected && role !== "teacher" ? (["refuse"] as const) : []),
    ...(expected ? (["cancel"] as const) : []),
    ...(role === "admin" && visit.state !== "inside" ? (["erase"] as const) : []),
  ];
  if (ways.length === 0) return null;
  return (
    <section className="visit-step visit-ends">
      <div className="visit-buttons">
        {ways.map((each) => (
          <button key={each} type="button" className="button" aria-pressed={each === how} onClick={() => setHow(each === how ? null : each)}>
            {t(`visits.${each}`)}
          </button>
        ))}
      </div>
      {how !== null && <Reason key={how} visit={visit} how={how} onDone={() => setHow(null)} />}
    </section>
  );
}

function Reason({ visit, how, onDone }: { visit: Visit; how: How; onDone(): void }): ReactElement {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const end = useAtDesk<string, unknown>(
    (why) => (how === "erase" ? eraseVisit(visit.id, why) : endVisit(visit.id, how, why)),
    () => (how === "erase" ? go(routeTo("visitors")) : onDone()),
  );
  return (
    <form
      className="visit-line"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== "") end.mutate(reason.trim());
      }}
    >
      <Field label={t("visits.reason")} maxLength={300} required first value={reason} onChange={(event) => setReason(event.target.value)} />
      <button type="submit" className="button button-main" disabled={reason.trim() === "" || end.isPending}>
        {t("visits.confirm", { what: t(`visits.${how}`) })}
      </button>
      <VisitProblem error={end.error} />
    </form>
  );
}
