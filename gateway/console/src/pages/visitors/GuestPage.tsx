// What an invited person sees, without a login: who invites, when, a few fields, and the pass. Nothing else of the site.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../../api/errors";
import { answerInvitation, type Guest, openInvitation, type Purpose } from "../../api/visits";
import { Field } from "../../components/Field";
import { Loading } from "../../components/Loaded";
import { Problem } from "../../components/Problem";
import { isCitizenNumber } from "../../logic/citizen";
import { timesOf } from "../../logic/times";
import { clockIn } from "../../logic/zone";
import { useFields } from "../../state/fields";
import { useSettings } from "../../state/settings";
import { LanguageSwitch } from "../login/LanguageSwitch";
import { Agreements } from "./fields";
import { VisitProblem } from "./VisitProblem";

export function GuestPage({ token }: { token: string }): ReactElement {
  const { t } = useTranslation();
  const look = useMutation({ mutationFn: openInvitation });
  const { mutate } = look;
  useEffect(() => mutate(token), [token, mutate]);
  return (
    <div className="guest">
      <main className="guest-card">
        {look.data !== undefined && <Invitation token={token} first={look.data} />}
        {look.isPending && <Loading />}
        <Problem error={look.error instanceof Refused && look.error.status === 404 ? t("guest.over") : look.error} />
      </main>
      <LanguageSwitch />
    </div>
  );
}

function Invitation({ token, first }: { token: string; first: Guest }): ReactElement {
  const { t } = useTranslation();
  const language = useSettings((settings) => settings.language);
  const [guest, setGuest] = useState(first);
  const [again, setAgain] = useState(false);
  const times = timesOf(language, guest.timezone);
  const shown = guest.answered && !again;
  return (
    <>
      <header className="guest-head">
        <h1>{guest.site}</h1>
        <p>{t("guest.invited", { host: guest.host || t("visits.host_gone") })}</p>
        <p className="number">
          {times.day(guest.begins)}
          <br />
          {clockIn(guest.begins, guest.timezone)}–{clockIn(guest.ends, guest.timezone)}
        </p>
      </header>
      {shown ? (
        <Pass guest={guest} onAgain={() => setAgain(true)} />
      ) : (
        <Answer
          token={token}
          guest={guest}
          onGuest={(found) => {
            setGuest(found);
            setAgain(false);
          }}
        />
      )}
    </>
  );
}

function Pass({ guest, onAgain }: { guest: Guest; onAgain(): void }): ReactElement {
  const { t } = useTranslation();
  const place = useRef<HTMLHeadingElement>(null);
  useEffect(() => place.current?.focus(), []);
  const open = guest.state === "invited" || guest.state === "announced";
  return (
    <section className="guest-pass">
      <h2 ref={place} tabIndex={-1}>
        {t("guest.pass_of", { name: guest.name })}
      </h2>
      {guest.picture !== null && <img className="visit-qr" src={guest.picture} alt={t("guest.pass_qr")} width="240" height="240" />}
      {guest.code !== null && <code className="guest-code">{guest.code.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>}
      <p>{t(open ? "guest.show_window" : "guest.show_reader")}</p>
      {open && (
        <button type="button" className="button" onClick={onAgain}>
          {t("guest.change")}
        </button>
      )}
    </section>
  );
}

interface AnswerProps {
  token: string;
  guest: Guest;
  onGuest(guest: Guest): void;
}

function Answer({ token, guest, onGuest }: AnswerProps): ReactElement {
  const { t } = useTranslation();
  const { said, field } = useFields({ name: guest.name, phone: "", plate: "", citizen: "" });
  const [agreed, setAgreed] = useState<Purpose[]>([]);
  const answer = useMutation({ mutationFn: answerInvitation, onSuccess: onGuest });
  const wrong = said.citizen.length >= 18 && !isCitizenNumber(said.citizen);
  const ready = said.name.trim() !== "" && said.phone.trim() !== "" && agreed.includes("keeping") && !wrong && !answer.isPending;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) answer.mutate({ token, ...said, agreed });
  };
  return (
    <form className="form" onSubmit={submit}>
      <Field label={t("visits.name")} required maxLength={40} {...field("name")} autoComplete="name" />
      <Field label={t("visits.phone")} type="tel" required maxLength={24} {...field("phone")} autoComplete="tel" />
      <Field label={t("guest.plate")} maxLength={12} {...field("plate")} />
      <Field label={t("guest.citizen")} maxLength={24} fault={wrong ? t("visits.fault_citizen") : ""} {...field("citizen")} />
      <Agreements words={guest.words} purposes={["keeping", "photo", "face"]} agreed={agreed} onAgreed={setAgreed} />
      <VisitProblem error={answer.error} />
      <button type="submit" className="button button-main" disabled={!ready}>
        {t("guest.send")}
      </button>
    </form>
  );
}
