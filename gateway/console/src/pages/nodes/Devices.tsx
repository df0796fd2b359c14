// Readers, inputs and barriers: whether each works, and when it said something last.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceStatus } from "../../api/types";
import { ageText } from "../../components/Age";
import { HealthMark } from "../../components/HealthMark";
import { Said } from "../../components/Said";
import { deviceCause, driverName } from "../../i18n/codes";
import type { Health } from "../../logic/health";
import { laneName } from "../../logic/places";
import { useLine } from "../../state/line";
import { useSite } from "../../state/session";

const MARKS: Record<DeviceStatus["state"], Health> = { ok: "online", down: "offline", starting: "unknown", offline: "unknown" };

interface Props {
  devices: readonly DeviceStatus[];
  sinceFetch: number;
}

export function Devices({ devices, sinceFetch }: Props): ReactElement | null {
  const { t } = useTranslation();
  const site = useSite();
  const connected = useLine((line) => line.state !== "lost");
  if (devices.length === 0) return null;
  return (
    <section className="device-list">
      <h3>{t("nodes.devices")}</h3>
      <ul className="cameras devices">
        {devices.map((device) => (
          <li key={`${device.kind} ${device.id}`} data-device={device.id} data-state={device.state}>
            <strong>
              {t(`device.${device.kind}`)} {device.id}
            </strong>
            <HealthMark health={connected ? MARKS[device.state] : "unknown"} word={connected ? deviceWord(device) : null} />
            <span className="quiet">
              {device.lane !== "" && `${laneName(site, device.lane)} · `}
              {driverName(t, device.driver)} · {device.last_s === null ? t("device.silent") : ageText(t, device.last_s + sinceFetch)}
              {device.errors > 0 && ` · ${t("device.errors", { count: device.errors })}`}
            </span>
            {device.cause !== "" && 
              <div className="device-cause">
                <Said text={device.detail} words={deviceCause(t, device)} />
              </div>
            }
          </li>
        ))}
      </ul>
    </section>
  );
}

const deviceWord = (device: DeviceStatus) => `device.state_${device.state}` as const;
