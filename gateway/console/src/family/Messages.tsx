// What the school told about the children, as it was sent.
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Loaded } from "../components/Loaded";
import { noticeState } from "../i18n/codes";
import { timesOf } from "../logic/times";
import { fetchMessages } from "./api";

export function Messages({ zone }: { zone: string }): ReactElement {
  const { t, i18n } = useTranslation();
  const times = timesOf(i18n.language, zone);
  const asked = useQuery({ queryKey: ["messages"], queryFn: fetchMessages, refetchInterval: 60_000 });
  const none = <Empty icon="notices" title={t("family.no_messages")} text={t("family.no_messages_text")} />;
  return (
    <Loaded asked={asked} empty={(asked.data ?? []).length === 0} emptyState={none}>
      <ol className="family-messages">
        {(asked.data ?? []).map((message) => (
          <li key={message.id} className="panel">
            <small>
              {times.full(message.at)} · {noticeState(t, message.state)}
            </small>
            <strong>{message.title}</strong>
            <p>{message.body}</p>
          </li>
        ))}
      </ol>
    </Loaded>
  );
}
