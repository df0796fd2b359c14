"""What is secret stands in no line that a node, its vision or its commands print, whatever went wrong with it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from ..support.ports import free_port
from ..support.waiting import eventually

CAMERA, TOKEN, CODE = "cam-pass-4711", "tok-0123456789abcdef", "JBSWY3-DPEHPK-3PXPJB-SWY3DP-EHPK3P-XPAAAA-BBBBBB"
SECRETS = (CAMERA, TOKEN, CODE, CODE.replace("-", ""))
TRACE = """
import structlog
from zhian_edge.process.logs import configure_logs
configure_logs()
def step(token):
    raise ValueError("a fault of ours")
try:
    import sys; step(sys.argv[1])
except ValueError:
    structlog.get_logger().warning("service failed", exc_info=True)
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A node with a password for its camera and a token for its gateway, neither of which answers."""
    path, token = tmp_path / "node.toml", tmp_path / "node.token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    path.write_text(f"""[site]
id = "school"
[node]
id = "gate"
[gateway]
brokers = ["mqtt://127.0.0.1:{free_port()}"]
url = "http://127.0.0.1:{free_port()}"
token_file = "node.token"
[[cameras]]
id = "door"
source = "rtsp://admin:{CAMERA}@127.0.0.1:{free_port()}/main"
sub = "rtsp://admin:{CAMERA}@127.0.0.1:{free_port()}/sub"
senses = ["body"]
""")
    return path


def edge(*words: str | Path) -> str:
    command = [sys.executable, "-m", "zhian_edge.cli", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.mark.usefixtures("models_home")
def test_a_running_node_its_vision_and_what_asks_it_print_no_secret(config: Path) -> None:
    log = config.with_name("node.log")
    with log.open("wb") as out:
        node = subprocess.Popen([sys.executable, "-m", "zhian_edge.cli", "run", config], stdout=out, stderr=out)
    try:
        for service in ("camera door", "link", "roster"):
            eventually(lambda: f'"{service}"' in log.read_text(), f"the failure of {service}", 40)  # noqa: B023
        printed = edge("status", config) + edge("doctor", config) + edge("check-config", config)
        assert "door" in printed
    finally:
        node.terminate()
        node.wait(20)
    text = log.read_text() + printed
    assert "127.0.0.1" in text
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.thorough
def test_commands_that_fail_print_no_secret(config: Path) -> None:
    bad = config.with_name("bad.toml")
    bad.write_text(config.read_text().replace("/main", "/ma in").replace('"body"', '"souls"'))
    printed = edge("check-config", bad)
    printed += edge("join", f"https://127.0.0.1:{free_port()}", CODE, "--config", config)
    printed += edge("join", f"https://127.0.0.1:{free_port()}", CODE[:-1], "--config", config)
    (config.parent / "node.token").chmod(0o644)
    printed += edge("doctor", config)
    assert "chmod 600" in printed and "souls" in printed
    assert [secret for secret in (*SECRETS, CODE[:-1]) if secret in printed] == []


@pytest.mark.parametrize("terminal", [True, False])
def test_a_trace_shows_no_variables_on_a_terminal_or_elsewhere(terminal: bool) -> None:
    ours, theirs = pty.openpty() if terminal else os.pipe()
    with subprocess.Popen([sys.executable, "-c", TRACE, TOKEN], stderr=theirs) as done:
        os.close(theirs)
        text = b""
        # A terminal whose other end is gone is an error to read.
        while part := _read(ours):
            text += part
        assert done.wait(20) == 0
    os.close(ours)
    assert b"a fault of ours" in text and b"Traceback" in text
    # The line of source names the variable, and not what it held.
    assert TOKEN.encode() not in text


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65536)
    except OSError:
        return b""
