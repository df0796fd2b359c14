// The link of an invitation and its QR code: shown once, since only its digest is kept.
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { draw, type inviteVisit } from "../../api/visits";
import { routeTo } from "../../logic/route";

type Made = Awaited<ReturnType<typeof inviteVisit>>;

export function InvitationLink({ made }: { made: Made }): ReactElement {
  const { t } = useTranslation();
  const address = `${window.location.origin}${made.link}`;
  const picture = useQuery({ queryKey: ["drawn", address], queryFn: () => draw(address), gcTime: 0, staleTime: Infinity });
  return (
    <div className="detail visit-pass">
      <h2>{t("visits.link_of", { name: made.visit.name })}</h2>
      <p>{t("visits.link_text")}</p>
      {picture.data !== undefined && (
        <img className="visit-qr" src={picture.data} alt={t("visits.link_qr")} width="240" height="240" />
      )}
      <input className="input" readOnly aria-label={t("visits.link")} value={address} onFocus={(event) => event.target.select()} />
      <div className="visit-buttons">
        <button type="button" className="button button-main" onClick={() => void navigator.clipboard.writeText(address)}>
          {t("visits.copy")}
        </button>
        <a className="button" href={routeTo("visitors", made.visit.id)}>
          {t("visits.open")}
        </a>
      </div>
    </div>
  );
}
