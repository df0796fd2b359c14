// A proposal: what to call it, on which ground and until when, and what to look for.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { propose } from "../../api/watchLists";
import { Dialog } from "../../components/Dialog";
import { DayField, TextField } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { keys } from "../../live/keys";
import { routeTo } from "../../logic/route";
import { platesOf } from "../../logic/watchLists";
import { go } from "../../state/route";
import { shrunk } from "../alerts/shrunk";

const MOST_PHOTOS = 10;

export function ProposeDialog({ onDone }: { onDone(): void }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [label, setLabel] = useState("");
  const [ground, setGround] = useState("");
  const [until, setUntil] = useState("");
  const [plates, setPlates] = useState("");
  const [photos, setPhotos] = useState<readonly File[]>([]);
  const send = useMutation({
    mutationFn: async () => {
      const wanted = { label: label.trim(), ground: ground.trim(), until, plates: platesOf(plates) };
      return propose(wanted, await Promise.all(photos.map((photo) => shrunk(photo))));
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.watchLists() }),
    onSuccess: (entry) => {
      onDone();
      go(routeTo("lists", entry.id));
    },
  });
  const complete = label.trim() !== "" && ground.trim() !== "" && until !== "";
  const something = photos.length > 0 || platesOf(plates).length > 0;
  const ready = complete && something && !send.isPending;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) send.mutate();
  };
  return (
    <Dialog title={t("lists.propose")} onClose={onDone}>
      <form className="order-form" onSubmit={submit}>
        <TextField label={t("lists.label")} hint={t("lists.label_hint")} value={label} most={100} onValue={setLabel} first />
        <TextField label={t("lists.ground")} hint={t("lists.ground_hint")} value={ground} most={500} onValue={setGround} />
        <DayField label={t("lists.until")} value={until} onValue={setUntil} />
        <TextField label={t("lists.plates")} hint={t("lists.plates_hint")} value={plates} most={120} onValue={setPlates} />
        <PhotosField photos={photos} onPhotos={setPhotos} />
        {complete && !something && <p className="quiet">{t("lists.needs")}</p>}
        <Problem error={send.error instanceof DOMException ? t("step.photo_unreadable") : send.error} />
        <button type="submit" className="button button-main" disabled={!ready}>
          {send.isPending ? t("lists.sending") : t("lists.submit")}
        </button>
      </form>
    </Dialog>
  );
}

interface PhotosProps {
  photos: readonly File[];
  onPhotos(photos: readonly File[]): void;
}

function PhotosField({ photos, onPhotos }: PhotosProps): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("lists.photos")}</label>
      <input
        id={id}
        className="input"
        type="file"
        accept="image/jpeg,image/png"
        multiple
        onChange={(event) => onPhotos([...(event.target.files ?? [])].slice(0, MOST_PHOTOS))}
      />
      <span className="quiet">
        {photos.length === 0 ? t("lists.photos_hint") : t("lists.photos_count", { count: photos.length })}
      </span>
    </div>
  );
}
