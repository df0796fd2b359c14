// A photograph by the camera of the desk; where there is none, or no right to it, from a file.
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { PhotoField } from "../alerts/PhotoField";

interface Props {
  photo: Blob | null;
  onPhoto(photo: Blob | null): void;
}

export function CameraField({ photo, onPhoto }: Props): ReactElement {
  const { t } = useTranslation();
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => () => stop(stream), [stream]);
  const start = (): void => {
    setFailed(false);
    // Browsers give the camera to pages that came by HTTPS, or from this very machine, alone.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) return setFailed(true);
    devices.getUserMedia({ video: { width: 640, height: 480 } }).then(setStream, () => setFailed(true));
  };
  const taken = (found: Blob | null): void => {
    setStream(null);
    if (found !== null) onPhoto(found);
  };
  return (
    <div className="camera">
      {stream === null ? (
        <button type="button" className="button" onClick={start}>
          {t("visits.camera")}
        </button>
      ) : (
        <Live stream={stream} onTaken={taken} />
      )}
      <PhotoField photo={photo} onPhoto={onPhoto} label={t("visits.choose_file")} />
      {failed && <p className="quiet">{t("visits.no_camera")}</p>}
    </div>
  );
}

function Live({ stream, onTaken }: { stream: MediaStream; onTaken(photo: Blob | null): void }): ReactElement {
  const { t } = useTranslation();
  const place = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (place.current !== null) place.current.srcObject = stream;
  }, [stream]);
  const take = (): void => {
    const video = place.current;
    if (video === null || video.videoWidth === 0) return;
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    canvas.toBlob(onTaken, "image/jpeg", 0.85);
  };
  return (
    <div className="camera-live">
      <video ref={place} autoPlay muted playsInline aria-label={t("visits.camera_live")} />
      <div className="visit-buttons">
        <button type="button" className="button button-main" onClick={take}>
          {t("visits.take")}
        </button>
        <button type="button" className="button" onClick={() => onTaken(null)}>
          {t("action.close")}
        </button>
      </div>
    </div>
  );
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
