// Whether the eyes are open: every camera, with its node, in one line; of very many nodes those that are not well.
import { memo, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { HealthMark } from "../../components/HealthMark";
import type { Health } from "../../logic/health";
import { cameraName } from "../../logic/places";
import { inStrip, type Seen, seenNode } from "../../logic/strip";
import { useLine } from "../../state/line";
import { useNow } from "../../state/now";
import { useNodes } from "../../state/queries";
import { useSite } from "../../state/session";
import { useSinceFetch } from "../nodes/useHealth";

export const NodeStrip = memo(function NodeStrip(): ReactElement {
  const { t } = useTranslation();
  const { data, dataUpdatedAt } = useNodes();
  const sinceFetch = useSinceFetch(dataUpdatedAt);
  const now = useNow();
  const connected = useLine((line) => line.state !== "lost");
  const patience = useSite().silent_s;
  const { shown, well, more } = inStrip((data ?? []).map((node) => seenNode(node, { now, connected, patience, sinceFetch })));
  return (
    <section className="nodes-strip" aria-label={t("watch.nodes")} tabIndex={0}>
      {data?.length === 0 && <span>{t("nodes.empty")}</span>}
      {shown.map((node) => (
        <NodePill key={node.id} node={node} />
      ))}
      {more > 0 && <span>{t("watch.nodes_more", { count: more })}</span>}
      {well > 0 && <span>{t("watch.nodes_well", { count: well })}</span>}
    </section>
  );
});

function NodePill({ node }: { node: Seen }): ReactElement {
  const site = useSite();
  return (
    <div className="pill-group">
      <Pill name={node.id} health={node.health} node />
      {node.cameras.map((camera) => (
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
