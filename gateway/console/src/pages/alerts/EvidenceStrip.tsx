// All pictures that an alert rests on.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Evidence } from "../../api/types";
import { Picture } from "../../components/Picture";
import { deviceLabel, passageKind, scoreText } from "../../i18n/codes";
import { isBlind } from "../../logic/evidence";
import { cameraName } from "../../logic/places";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";

/** Only where there is more than the one that is shown large already. */
export function EvidenceStrip({ evidence }: { evidence: readonly Evidence[] }): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  const site = useSite();
  if (evidence.length < 2) return null;
  return (
    <section>
      <h3>{t("alerts.evidence")}</h3>
      <ul className="evidence">
        {evidence.map((item) => (
          <li key={`${item.kind} ${item.camera} ${item.at} ${item.picture}`}>
            <Picture
              url={item.picture}
              alt={t("face.captured_alt", { camera: item.camera })}
              missing={item.kind === "card" ? "card" : item.kind === "manual" ? "user" : "camera"}
              missingText={isBlind(item.kind) ? "" : undefined}
              fit={item.kind === "face" ? "cover" : "contain"}
            />
            <span>
              {passageKind(t, item.kind)}
              {item.score !== null && item.kind !== "card" && (
                <>
                  {" "}
                  <span className="quiet">{t(item.kind === "face" ? "face.score" : "face.plate_score")}</span>{" "}
                  <span className="number">{scoreText(t, item.kind, item.score)}</span>
                </>
              )}
            </span>
            <span className="quiet">
              {t(deviceLabel(item.kind))} {cameraName(site, item.camera)} · {times.clock(item.at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
