// One node: whether it is heard, what it still has to send, what its cameras see.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { CameraStatus, NodeStatus } from "../../api/types";
import { Age, ageText } from "../../components/Age";
import { Fact, Facts } from "../../components/Facts";
import { HealthMark } from "../../components/HealthMark";
import { clockIsLoose, clockIsOff, clockText } from "../../logic/clock";
import { cameraHealth, type Health } from "../../logic/health";
import { cameraName } from "../../logic/places";
import { routeTo } from "../../logic/route";
import { useRole, useSite } from "../../state/session";
import { Devices } from "./Devices";
import { NodeMachine } from "./NodeMachine";
import { useNodeHealth } from "./useHealth";

interface Props {
  node: NodeStatus;
  sinceFetch: number;
}

export function NodeCard({ node, sinceFetch }: Props): ReactElement {
  const { t } = useTranslation();
  const health = useNodeHealth(node);
  const chief = useRole() === "admin";
  const cameras = node.cameras.map((camera) => ({ camera, health: cameraHealth(camera, health, sinceFetch) }));
  const online = cameras.filter((item) => item.health === "online").length;
  return (
    <li className={`node node-${health}`} data-node={node.id} data-health={health}>
      <header>
        <h2>{node.id}</h2>
        <HealthMark health={health} />
      </header>
      <NodeFacts node={node} />
      <h3>
        {t("nodes.cameras")} <span className="quiet">{t("nodes.summary", { online, total: cameras.length })}</span>
      </h3>
      {cameras.length === 0 && <p className="quiet">{t("nodes.no_cameras")}</p>}
      <ul className="cameras">
        {cameras.map((item) => (
          <Camera key={item.camera.id} node={node.id} camera={item.camera} health={item.health} sinceFetch={sinceFetch} />
        ))}
      </ul>
      <Devices devices={node.devices ?? []} sinceFetch={sinceFetch} />
      <NodeMachine node={node} />
      {chief && (
        <p>
          <a className="button" href={routeTo("nodes", node.id)}>
            {t("configuration.open")}
          </a>
        </p>
      )}
    </li>
  );
}

function NodeFacts({ node }: { node: NodeStatus }): ReactElement {
  const { t } = useTranslation();
  return (
    <Facts>
      <Fact name={t("nodes.last_seen")}>{node.last_seen === null ? t("nodes.never") : <Age time={node.last_seen} />}</Fact>
      <Fact name={t("nodes.outbox")}>{node.outbox}</Fact>
      <Fact name={t("nodes.roster")}>{node.roster_version}</Fact>
      <Fact name={t("nodes.holes")} bad={node.store_holes > 0}>
        {node.store_holes}
      </Fact>
      <Fact name={t("nodes.clock")} bad={clockIsOff(node) || clockIsLoose(node)}>
        {clockText(t, node)}
      </Fact>
    </Facts>
  );
}

interface CameraProps {
  node: string;
  camera: CameraStatus;
  health: Health;
  sinceFetch: number;
}

function Camera({ node, camera, health, sinceFetch }: CameraProps): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const age = camera.last_frame_age_s;
  return (
    <li>
      <strong title={camera.id}>{cameraName(site, camera.id, node)}</strong>
      <HealthMark health={health} />
      <span className="quiet">
        {t("nodes.last_frame")} {age === null ? t("nodes.no_frame") : ageText(t, age + sinceFetch)}
      </span>
      {health === "blind" && <span className="quiet">{t("nodes.blind_advice", { camera: camera.id })}</span>}
    </li>
  );
}
