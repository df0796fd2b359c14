// Every node and camera: heard when, waiting what.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Loaded } from "../../components/Loaded";
import { useNodes } from "../../state/queries";
import { useRoute } from "../../state/route";
import { useRole } from "../../state/session";
import { ConfigurationPanel } from "./configuration/ConfigurationPanel";
import { GatewayHealth } from "./GatewayHealth";
import { NodeCard } from "./NodeCard";
import { useSinceFetch } from "./useHealth";

export function NodesPage(): ReactElement {
  const { id } = useRoute();
  const chief = useRole() === "admin";
  return id !== null && chief ? <ConfigurationPanel key={id} node={id} /> : <Overview />;
}

function Overview(): ReactElement {
  const { t } = useTranslation();
  const asked = useNodes();
  const sinceFetch = useSinceFetch(asked.dataUpdatedAt);
  const nodes = asked.data ?? [];
  return (
    <section className="panel page" aria-label={t("nodes.title")}>
      <header className="panel-head">
        <h1>{t("nodes.title")}</h1>
      </header>
      <Loaded
        asked={asked}
        empty={nodes.length === 0}
        emptyState={
          <>
            <GatewayHealth />
            <Empty icon="nodes" title={t("nodes.empty")} text={t("nodes.empty_text")} />
          </>
        }
      >
        <div className="panel-scroll" role="group" aria-label={t("nodes.title")} tabIndex={0}>
          <GatewayHealth />
          <ul className="node-cards">
            {nodes.map((node) => (
              <NodeCard key={node.id} node={node} sinceFetch={sinceFetch} />
            ))}
          </ul>
        </div>
      </Loaded>
    </section>
  );
}
