// The program, the networks and the machine of one node; what it cannot tell is called unknown.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Machine, NodeStatus } from "../../api/types";
import { Age } from "../../components/Age";
import { clockIsLoose, degreesText, diskIsShort, isHot, loadText, shareText } from "../../logic/machine";

export function NodeMachine({ node }: { node: NodeStatus }): ReactElement | null {
  const { t } = useTranslation();
  if (node.last_seen === null) return null;
  const { machine } = node;
  return (
    <section className="machine" aria-label={t("machine.title")}>
      <h3>{t("machine.title")}</h3>
      <dl className="facts">
        <Fact name={t("machine.version")} text={node.version || t("machine.unknown")} />
        <Fact name={t("machine.pictures")} text={String(node.pictures ?? t("machine.unknown"))} />
        {machine && <MachineFacts machine={machine} />}
      </dl>
      {machine ? <Networks machine={machine} /> : <p className="quiet">{t("machine.older")}</p>}
    </section>
  );
}

function MachineFacts({ machine }: { machine: Machine }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <div>
        <dt>{t("machine.since")}</dt>
        <dd>{machine.since === "" ? t("machine.unknown") : <Age time={machine.since} />}</dd>
      </div>
      <Fact
        name={t("machine.clock")}
        text={machine.clock === "" ? t("machine.unknown") : t(`machine.clock_${machine.clock}`)}
        bad={clockIsLoose(machine)}
      />
      <Fact
        name={t("machine.disk")}
        text={shareText(t, machine.disk_free_mb, machine.disk_total_mb)}
        bad={diskIsShort(machine)}
      />
      <Fact name={t("machine.memory")} text={shareText(t, machine.memory_free_mb, machine.memory_total_mb)} />
      <Fact name={t("machine.load")} text={loadText(t, machine.load)} />
      <Fact name={t("machine.temperature")} text={degreesText(t, machine.temperature_c)} bad={isHot(machine)} />
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

function Fact({ name, text, bad = false }: { name: string; text: string; bad?: boolean }): ReactElement {
  return (
    <div className={bad ? "bad" : undefined}>
      <dt>{name}</dt>
      <dd className="number">{text}</dd>
    </div>
  );
}
