"""The facts as Prometheus reads them. Nobody's name, plate or address is among them, and no label is a person's."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric

from .facts import Facts, NodeFacts
from .health import judge, worst
from .vitals import Vitals

CONTENT_TYPE = CONTENT_TYPE_LATEST
_VERDICTS = ("ok", "warn", "fail")


def render(facts: Facts, vitals: Vitals) -> bytes:
    """The exposition of this moment, counters and process included."""
    registry = CollectorRegistry()
    registry.register(_Collector(facts))
    ProcessCollector(registry=registry)
    return generate_latest(registry) + generate_latest(vitals.counts.registry)


class _Collector:
    """Turns facts into metrics, once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def collect(self) -> Iterator[Metric]:
        """Every metric."""
        facts = self._facts
        version = importlib.metadata.version("zhian")
        yield _labelled("zhian_gateway_info", "Which version runs.", ["version"], [([version], 1.0)])
        yield from _gateway(facts)
        yield from _nodes(facts.nodes)
        yield from _work(facts)


def _gateway(facts: Facts) -> Iterator[Metric]:
    verdict = worst(judge(facts))
    states = [([each], float(each == verdict)) for each in _VERDICTS]
    yield _labelled("zhian_gateway_health", "1 for the present verdict.", ["verdict"], states)
    yield GaugeMetricFamily("zhian_gateway_uptime_seconds", "Since its start.", value=facts.up_s)
    if facts.broker_lost_s is not None:
        up = float(facts.broker_lost_s == 0)
        yield GaugeMetricFamily("zhian_broker_connected", "1: some broker answers.", value=up)
        yield GaugeMetricFamily("zhian_brokers_answering", "Brokers that answer.", value=facts.brokers[0])
    yield GaugeMetricFamily("zhian_ingest_waiting", "Messages taken and not kept yet.", value=facts.waiting)
    yield GaugeMetricFamily("zhian_rules_backlog", "Events kept and not judged yet.", value=facts.backlog)
    failures = [([loop.name], float(loop.failures)) for loop in facts.loops]
    yield _labelled("zhian_thread_failures", "Failed steps in a row.", ["thread"], failures)
    running = [([loop.name], loop.running_s) for loop in facts.loops]
    yield _labelled("zhian_thread_running_seconds", "How long its present step takes.", ["thread"], running)
    yield GaugeMetricFamily("zhian_store_free_bytes", "Free where the store lies.", value=facts.disk.free)
    yield GaugeMetricFamily("zhian_store_disk_bytes", "Size of that disk.", value=facts.disk.total)


def _nodes(nodes: Iterable[NodeFacts]) -> Iterator[Metric]:
    nodes = list(nodes)
    states = [
        ([node.name, state], float(node.state == state)) for node in nodes for state in ("online", "blind", "offline")
    ]
    yield _labelled("zhian_node_state", "1 for the present state.", ["node", "state"], states)
    told: tuple[tuple[str, str, Callable[[NodeFacts], float | None]], ...] = (
        ("heard_seconds", "Age of the last heart-beat.", lambda node: node.heard_s),
        ("outbox", "Events decided and not receipted, by the node's word.", lambda node: float(node.outbox)),
        (
            "clock_off_seconds",
            "How far its clock is ahead, where that is too much.",
            lambda node: node.clock_off_s or 0.0,
        ),
        ("holes", "Numbers that are known to be missing.", lambda node: float(node.holes)),
        ("cameras_blind", "Cameras that do not see.", lambda node: float(len(node.blind))),
        ("devices_down", "Readers, inputs and barriers that are down.", lambda node: float(node.devices_down)),
        ("certificate_days", "Until its certificate ends.", lambda node: node.certificate_days),
    )
    for name, text, value in told:
        values = [([node.name], found) for node in nodes if (found := value(node)) is not None]
        yield _labelled(f"zhian_node_{name}", text, ["node"], values)


def _work(facts: Facts) -> Iterator[Metric]:
    severities = ("critical", "major", "minor", "info")
    for name, text in (("open", "Open."), ("waiting", "Not acknowledged."), ("late", "Not acknowledged in time.")):
        values = [([each], float(getattr(facts.cases.get(each), name, 0))) for each in severities]
        yield _labelled(f"zhian_cases_{name}", f"Cases: {text}", ["severity"], values)
    oldest = [([each], facts.cases[each].oldest_s if each in facts.cases else 0.0) for each in severities]
    yield _labelled("zhian_cases_oldest_waiting_seconds", "The longest wait for somebody.", ["severity"], oldest)
    yield _labelled("zhian_notices", "Notices kept, by state.", ["state"], _counted(facts.notices.items()))
    yield _labelled(
        "zhian_police_deliveries", "To the police, by state.", ["state"], _counted(facts.deliveries.items())
    )
    yield GaugeMetricFamily("zhian_people_faces", "People whose faces are kept.", value=facts.people.faces)
    yield GaugeMetricFamily("zhian_people_stranded", "People without any way in.", value=facts.people.stranded)
    for name, age in (("backup", facts.backup_s), ("retention", facts.retention_s)):
        if age is not None:
            yield GaugeMetricFamily(f"zhian_{name}_age_seconds", f"Since the last {name}.", value=age)


def _counted(items: Iterable[tuple[str, int]]) -> list[tuple[list[str], float]]:
    return [([name], float(count)) for name, count in sorted(items)]


def _labelled(name: str, text: str, labels: list[str], values: Iterable[tuple[list[str], float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for found, value in values:
        family.add_metric(found, value)
    return family
