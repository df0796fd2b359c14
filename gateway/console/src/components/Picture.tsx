// A picture from the gateway. Pictures come after their event, so one that is not there yet is tried again.
import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "./Icon";

const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

interface Props {
  url: string | null;
  alt: string;
  /** Shown instead of a picture that does not exist. */
  missing: IconName;
  missingText?: string | undefined;
  fit?: "cover" | "contain";
}

export function Picture({ url, ...props }: Props): ReactElement {
  const { t } = useTranslation();
  if (url !== null) return <Arriving key={url} url={url} {...props} />;
  return <Placeholder icon={props.missing} text={props.missingText ?? t("face.no_picture")} />;
}

function Arriving({ url, alt, missingText, fit = "cover" }: Props & { url: string }): ReactElement {
  const { t } = useTranslation();
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState(false);
  const wait = WAITS_MS[attempt];
  useEffect(() => {
    if (!failed || wait === undefined) return undefined;
    const timer = setTimeout(() => {
      setFailed(false);
      setAttempt((count) => count + 1);
    }, wait);
    return () => clearTimeout(timer);
  }, [failed, wait]);

  if (failed) {
    const text = wait === undefined ? t("face.no_picture") : t("face.picture_waiting");
    // Who wants no words for a missing picture (a thumbnail) has no room for these either.
    return <Placeholder icon={wait === undefined ? "broken" : "camera"} text={missingText === "" ? "" : text} />;
  }
  const source = attempt === 0 ? url : `${url}${url.includes("?") ? "&" : "?"}try=${attempt}`;
  return <img className={`picture picture-${fit}`} src={source} alt={alt} onError={() => setFailed(true)} />;
}

function Placeholder({ icon, text }: { icon: IconName; text: string }): ReactElement {
  return (
    <span className="picture picture-none">
      <Icon name={icon} />
      {text !== "" && <span>{text}</span>}
    </span>
  );
}
