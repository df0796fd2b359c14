// Who is told of a child, and whose phone shows it: added, changed, taken away, and bound by a code.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  addGuardian,
  changeGuardian,
  fetchGuardians,
  type Guardian,
  type GuardianRequest,
  inviteGuardian,
  removeGuardian,
  unbindPhone,
} from "../../api/particulars";
import { Loaded } from "../../components/Loaded";
import { keys } from "../../live/keys";
import { useCollectors } from "../../state/people";
import { useTimes } from "../../state/times";
import { Problem } from "../../components/Problem";
import { GuardianForm } from "./GuardianForm";

export function GuardianSection({ person }: { person: string }): ReactElement {
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: keys.guardians(person),
    queryFn: ({ signal }) => fetchGuardians(person, signal),
    gcTime: 0,
  });
  const siblings = useCollectors(person).data?.siblings ?? [];
  const add = useGuardians(person, (said: GuardianRequest) => addGuardian(person, said));
  const items = asked.data ?? [];
  return (
    <section aria-label={t("people.guardians")}>
      <h3>{t("people.guardians")}</h3>
      <Loaded asked={asked} empty={items.length === 0} emptyState={<p className="quiet">{t("particulars.guardian_none")}</p>}>
        <ul className="account-list">
          {items.map((each) => (
            <GuardianRow key={each.id} person={person} guardian={each} />
          ))}
        </ul>
      </Loaded>
      <details>
        <summary>{t("particulars.guardian_add")}</summary>
        <GuardianForm
          key={items.length}
          siblings={siblings}
          busy={add.isPending}
          action={t("particulars.guardian_add")}
          onSaid={({ address, ...said }) => add.mutate({ ...said, address: address ?? "" })}
        />
        <Problem error={add.error} />
      </details>
    </section>
  );
}

function GuardianRow({ person, guardian }: { person: string; guardian: Guardian }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const [doing, setDoing] = useState<"change" | "remove" | null>(null);
  const change = useGuardians(person, (said: Parameters<typeof changeGuardian>[1]) => changeGuardian(guardian.id, said));
  const remove = useGuardians(person, () => removeGuardian(guardian.id));
  const toggle = (wanted: "change" | "remove"): void => setDoing(doing === wanted ? null : wanted);
  const confirm = (event: FormEvent): void => {
    event.preventDefault();
    remove.mutate(undefined);
  };
  return (
    <li className="card-row" data-guardian={guardian.id}>
      <div>
        <strong>{guardian.name}</strong>
        <span className="quiet">
          {guardian.channels.join(", ")}
          {guardian.phone_since !== null && ` · ${t("particulars.phone_since", { time: times.full(guardian.phone_since) })}`}
        </span>
      </div>
      <span className="desk-choices">
        <PhoneButtons person={person} guardian={guardian} />
        {(["change", "remove"] as const).map((each) => (
          <button key={each} type="button" className="button" aria-pressed={doing === each} onClick={() => toggle(each)}>
            {t(`particulars.guardian_${each}`)}
          </button>
        ))}
      </span>
      {doing === "change" && (
        <div className="card-end">
          <GuardianForm
            guardian={guardian}
            siblings={[]}
            busy={change.isPending}
            action={t("particulars.save")}
            onSaid={({ name, language, address }) => change.mutate({ name, language, address }, { onSuccess: () => setDoing(null) })}
          />
        </div>
      )}
      {doing === "remove" && (
        <form className="card-end" onSubmit={confirm}>
          <p>{t("particulars.guardian_remove_text")}</p>
          <button type="submit" className="button button-main" disabled={remove.isPending}>
            {t("particulars.guardian_remove_sure", { name: guardian.name })}
          </button>
        </form>
      )}
      <Problem error={change.error ?? remove.error} />
    </li>
  );
}

/** A code for a phone, to hand over on paper; or the end of one. */
function PhoneButtons({ person, guardian }: { person: string; guardian: Guardian }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const client = useQueryClient();
  const invite = useMutation({ mutationFn: () => inviteGuardian(guardian.id) });
  const unbind = useMutation({
    mutationFn: () => unbindPhone(guardian.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.guardians(person) }),
  });
  return (
    <>
      {invite.data !== undefined && (
        <span className="guardian-code" role="status">
          <strong className="number">{invite.data.code}</strong>
          <span className="quiet">{t("particulars.code_until", { time: times.full(invite.data.expires_at) })}</span>
        </span>
      )}
      <button type="button" className="button" disabled={invite.isPending} onClick={() => invite.mutate()}>
        {t("particulars.code")}
      </button>
      {guardian.phone_since !== null && (
        <button type="button" className="button" disabled={unbind.isPending} onClick={() => unbind.mutate()}>
          {t("particulars.phone_end")}
        </button>
      )}
      <Problem error={invite.error ?? unbind.error} />
    </>
  );
}

/** A change whose answer is all guardians as they are then. */
function useGuardians<T>(person: string, change: (wanted: T) => Promise<Guardian[]>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (items) => {
      client.setQueryData(keys.guardians(person), items);
      await client.invalidateQueries({ queryKey: keys.file(person) });
    },
  });
}
