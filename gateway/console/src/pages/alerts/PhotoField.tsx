// A photo, taken by the phone or chosen from files; made small enough for the line before it is sent.
import { type ChangeEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../components/Icon";
import { shrunk } from "./shrunk";

interface Props {
  photo: Blob | null;
  onPhoto(photo: Blob | null): void;
  /** What the button says; without it, that one takes a photo. */
  label?: string;
}

export function PhotoField({ photo, onPhoto, label }: Props): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [failed, setFailed] = useState(false);
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    // The same file may be chosen again after it was taken away.
    event.target.value = "";
    if (file === undefined) return;
    setFailed(false);
    shrunk(file).then(onPhoto, () => setFailed(true));
  };
  return (
    <div className="photo">
      <input id={id} className="hidden" type="file" accept="image/*" capture="environment" onChange={choose} />
      <label htmlFor={id} className="button">
        <Icon name="camera" />
        {label ?? t(photo === null ? "step.photo" : "step.photo_other")}
      </label>
      {photo !== null && <Preview photo={photo} />}
      {photo !== null && (
        <button type="button" className="button button-plain" onClick={() => onPhoto(null)}>
          {t("step.photo_without")}
        </button>
      )}
      {failed && (
        <p className="order-outcome" data-outcome="error" role="alert">
          {t("step.photo_unreadable")}
        </p>
      )}
    </div>
  );
}

function Preview({ photo }: { photo: Blob }): ReactElement {
  const { t } = useTranslation();
  const place = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(photo);
    if (place.current !== null) place.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [photo]);
  return <img ref={place} className="photo-preview" alt={t("step.photo_chosen")} />;
}
