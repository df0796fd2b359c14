// The program, the networks and the machine of one node; what it cannot tell is called unknown.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Machine, NodeStatus } from "../../api/types";
import { Age } from "../../components/Age";
import { Fact, Facts } from "../../components/Facts";
import { degreesText, diskIsShort, isHot, loadText, shareText } from "../../logic/machine";

export function NodeMachine({ node }: { node: NodeStatus }): ReactElement | null {
  const { t } = useTranslation();
  if (node.last_seen === null) return null;
  const { machine } = node;
  return (
    <section className="machine" aria-label={t("machine.title")}>
      <h3>{t("machine.title")}</h3>
      <Facts>
        <Fact name={t("machine.version")}>{node.version || t("machine.unknown")}</Fact>
        <Fact name={t("machine.pictures")}>{String(node.pictures ?? t("machine.unknown"))}</Fact>
        {machine && <MachineFacts machine={machine} />}
      </Facts>
      {machine ? <Networks machine={machine} /> : <p className="quiet">{t("machine.older")}</p>}
    </section>
  );
}

function MachineFacts({ machine }: { machine: Machine }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Fact name={t("machine.since")}>{machine.since === "" ? t("machine.unknown") : <Age time={machine.since} />}</Fact>
      <Fact name={t("machine.disk")} bad={diskIsShort(machine)}>
        {shareText(t, machine.disk_free_mb, machine.disk_total_mb)}
      </Fact>
      <Fact name={t("machine.memory")}>{shareText(t, machine.memory_free_mb, machine.memory_total_mb)}</Fact>
      <Fact name={t("machine.load")}>{loadText(t, machine.load)}</Fact>
      <Fact name={t("machine.temperature")} bad={isHot(machine)}>
        {degreesText(t, machine.temperature_c)}
      </Fact>
    </>
  );
}

function Networks({ machine }: { machine: Machine }): ReactElement {
  const { t } = useTranslation();
  return (
    <details className="networks">
      <summary>
        {t("machine.networks")}{" "}
        <span className="quiet">
          {machine.networks.length === 0
            ? t("machine.no_networks")
            : `${machine.networks.length} · ${t("machine.by", { runtime: machine.runtime })}`}
        </span>
      </summary>
      <ul>
        {machine.networks.map((network) => (
          <li key={network.name}>
            {network.name} <code className="quiet">{network.digest}</code>
          </li>
        ))}
      </ul>
      <p className="quiet">
        {t("machine.system")} {machine.system || t("machine.unknown")}
      </p>
    </details>
  );
}
