"""Debian's own Prometheus takes the committed files as they are, and reads a real gateway by them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from support.broker import Broker
from support.gateway import GatewayProcess
from support.ports import free_port
from support.waiting import eventually

pytestmark = pytest.mark.slow
FILES = Path(__file__).resolve().parents[3] / "configs" / "monitoring"


@pytest.fixture
def config(tmp_path: Path) -> tuple[Path, int]:
    """The committed configuration, with this test's gateway and token in the places of the example's."""
    port = free_port()
    (tmp_path / "metrics-token").write_text("s3cret")
    text = (FILES / "prometheus.yml").read_text(encoding="utf-8")
    for example, ours in (
        ("/etc/zhian/metrics-token", str(tmp_path / "metrics-token")),
        ("127.0.0.1:8080", f"127.0.0.1:{port}"),
        ("15s", "1s"),
    ):
        assert example in text
        text = text.replace(example, ours)
    (tmp_path / "prometheus.yml").write_text(text, encoding="utf-8")
    shutil.copy(FILES / "prometheus-alerts.yml", tmp_path)
    return tmp_path / "prometheus.yml", port


def test_promtool_finds_no_fault(config: tuple[Path, int]) -> None:
    done = subprocess.run(["promtool", "check", "config", str(config[0])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_reads_a_gateway_and_its_alarms(config: tuple[Path, int], tmp_path: Path) -> None:
    broker = Broker(tmp_path / "broker").start()
    gateway = GatewayProcess(tmp_path / "gateway", broker, f'[metrics]\ntoken_file = "{tmp_path / "metrics-token"}"')
    own = free_port()
    command = ["prometheus", f"--config.file={config[0]}", f"--storage.tsdb.path={tmp_path / 'tsdb'}"]
    with (tmp_path / "prometheus.log").open("wb") as log:
        server = subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{own}"], stdout=log, stderr=log)
    try:
        gateway.port = config[1]
        gateway.config.write_text(
            gateway.config.read_text().replace("port = ", f"port = {config[1]} # "), encoding="utf-8"
        )
        gateway.url = f"http://127.0.0.1:{config[1]}"
        gateway.start()
        eventually(lambda: _asked(own, "zhian_broker_connected") == ["1"], "it has read the gateway", 60)
        alarms = httpx.get(f"http://127.0.0.1:{own}/api/v1/rules").json()["data"]["groups"][0]["rules"]
        assert {rule["health"] for rule in alarms} <= {"ok", "unknown"}
        assert len(alarms) >= 9
    finally:
        server.terminate()
        server.wait(20)
        gateway.kill()
        broker.kill()


def _asked(port: int, query: str) -> list[str]:
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/api/v1/query", params={"query": query}).json()
    except (httpx.TransportError, ValueError):
        return []
    return [each["value"][1] for each in answer.get("data", {}).get("result", [])]
