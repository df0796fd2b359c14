// Whether the eyes are open: every camera, with its node, in one line.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { NodeStatus } from "../../api/types";
import { HealthMark } from "../../components/HealthMark";
import { cameraHealth, type Health } from "../../logic/health";
import { cameraName } from "../../logic/places";
import { useNodes } from "../../state/queries";
import { useSite } from "../../state/session";
import { useNodeHealth, useSinceFetch } from "../nodes/useHealth";

export function NodeStrip(): ReactElement {
  const { t } = useTranslation();
  const { data, dataUpdatedAt } = useNodes();
  const sinceFetch = useSinceFetch(dataUpdatedAt);
  const nodes = data ?? [];
  return (
    <section className="nodes-strip" aria-label={t("watch.nodes")} tabIndex={0}>
      {nodes.length === 0 && data !== undefined && <span>{t("nodes.empty")}</span>}
      {nodes.map((node) => (
        <NodePill key={node.id} node={node} sinceFetch={sinceFetch} />
      ))}
    </section>
  );
}

function NodePill({ node, sinceFetch }: { node: NodeStatus; sinceFetch: number }): ReactElement {
  const health = useNodeHealth(node);
  const site = useSite();
  const cameras = node.cameras.map((camera) => ({ id: camera.id, health: cameraHealth(camera, health, sinceFetch) }));
  return (
    <div className="pill-group">
      <Pill name={node.id} health={health} node />
      {cameras.map((camera) => (
        <Pill key={camera.id} name={cameraName(site, camera.id, node.id)} health={camera.health} />
      ))}
    </div>
  );
}

function Pill({ name, health, node = false }: { name: string; health: Health; node?: boolean }): ReactElement {
  return (
    <span className={`pill pill-${health} ${node ? "pill-node" : ""}`} data-health={health}>
      <span className="pill-name">{name}</span>
      <HealthMark health={health} />
    </span>
  );
}
