"""A gateway that is killed with -9 while a provider thinks tells nobody twice by text message, and forgets nobody."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from support.broker import Broker
from support.events import event, passage
from support.gateway import GatewayProcess
from support.node import NodeClient
from support.notices import enrol, every
from support.providers import Provider
from support.waiting import eventually

CONFIG = """
[outbound]
private_hosts = ["localhost"]

[notices]
retry_s = 0.1

[[notices.webhooks]]
name = "app"
url = "{url}/app"
secret_env = "ZHIAN_TEST_SECRET"
ca_file = "{ca_file}"

[[notices.sms]]
name = "ali"
provider = "aliyun"
key_id = "LTAI-test"
sign = "第一小学"
secret_env = "ZHIAN_TEST_SECRET"
endpoint = "{url}"
ca_file = "{ca_file}"

[[notices.sms.templates]]
happening = "arrival"
id = "SMS_1"
parameters = {{ name = "{{name}}" }}
"""


def test_a_killed_gateway_neither_doubles_nor_forgets(tmp_path: Path, provider: Provider) -> None:
    broker = Broker(tmp_path / "broker").start()
    config = CONFIG.format(url=provider.url, ca_file=provider.ca_file)
    gateway = GatewayProcess(tmp_path, broker, more=config, ZHIAN_TEST_SECRET="geheim")
    provider.answers({"*": "slow"})
    try:
        gateway.start().add_node("gate-1")
        with gateway.services() as parts:
            opaque = enrol(parts, "webhook://app", "sms://+8613800138000")
        with closing(NodeClient(broker.port, "gate-1")) as node:
            node.publish(event(passage(person_id=opaque), at=datetime.now(UTC)))
            node.wait_through(1)
            eventually(lambda: len(provider.requests()) == 2, "both providers were asked")
            gateway.kill()
            provider.answers({"*": "ok"})
            gateway.start()
            eventually(lambda: len(provider.requests("/app")) == 2, "the webhook was asked again")
        with gateway.services() as parts:
            rows = eventually(lambda: _ended(every(parts)), "both notices came to an end")
        assert {row.channel: row.state for row in rows} == {"webhook": "sent", "sms": "unsure"}
        assert len(provider.requests("/")) == 1
        assert len({one["headers"]["webhook-id"] for one in provider.requests("/app")}) == 1
        assert "geheim" not in gateway.log() and "13800138000" not in gateway.log()
    finally:
        gateway.kill()
        broker.kill()


def _ended(rows: list[object]) -> list[object]:
    return rows if all(row.state in ("sent", "unsure") for row in rows) else []  # type: ignore[attr-defined]
