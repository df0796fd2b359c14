// What stands where an answer will be: loading, failed, silent gateway, nothing there, or the answer.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Unreachable } from "../api/errors";
import { errorText } from "../i18n/codes";
import { Icon, type IconName } from "./Icon";

type Asked = Pick<UseQueryResult, "isPending" | "isError" | "error" | "refetch" | "failureReason">;

interface Props {
  asked: Asked;
  empty: boolean;
  emptyState: ReactNode;
  children: ReactNode;
}

/** Content that was there stays there while it cannot be refreshed: the banner above says how old it is. */
export function Loaded({ asked, empty, emptyState, children }: Props): ReactNode {
  if (asked.isPending && !(asked.failureReason instanceof Unreachable)) return <Loading />;
  if (asked.isPending || (asked.isError && empty)) return <Failed asked={asked} />;
  return empty ? emptyState : children;
}

export function Loading(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="loading" role="status">
      <span className="loading-bar" />
      {t("load.busy")}
    </div>
  );
}

function Failed({ asked }: { asked: Asked }): ReactElement {
  const { t } = useTranslation();
  const cause = asked.error ?? asked.failureReason;
  const silent = cause instanceof Unreachable;
  return (
    <Empty
      icon="broken"
      title={silent ? t("load.offline") : t("load.failed")}
      text={silent ? t("load.offline_text") : errorText(t, cause)}
    >
      <button type="button" className="button" onClick={() => void asked.refetch()}>
        {t("action.retry")}
      </button>
    </Empty>
  );
}

interface EmptyProps {
  icon: IconName;
  title: string;
  text: string;
  children?: ReactNode;
}

export function Empty({ icon, title, text, children }: EmptyProps): ReactElement {
  return (
    <div className="empty">
      <Icon name={icon} />
      <strong>{title}</strong>
      <span>{text}</span>
      {children}
    </div>
  );
}
