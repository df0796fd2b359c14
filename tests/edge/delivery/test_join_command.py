"""What is asked of whoever has joined a node: only what its configuration does not say yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configs import write_config
from zhian_edge.config.reading import load
from zhian_edge.delivery.join_command import to_write

URL = "https://10.0.0.5:8443"
NAMES = frozenset({"gateway.lan", "10.0.0.5"})


@pytest.mark.parametrize(
    ("configured", "asked"),
    [
        (URL, False),
        ("https://gateway.lan:8443/", False),
        ("https://Gateway.LAN:8443", False),
        ("https://gateway.lan:9443", True),
        ("https://other.lan:8443", True),
        ("http://127.0.0.1:8443", True),
    ],
)
def test_another_address_is_asked_for_unless_the_node_gets_there_by_its_own(
    tmp_path: Path, configured: str, asked: bool
) -> None:
    config = write_config(tmp_path)
    lines = config.read_text().splitlines()
    config.write_text("\n".join(f'url = "{configured}"' if each.startswith("url") else each for each in lines))
    written = to_write(load(config), URL, NAMES)
    assert (f'url = "{URL}"' in written) == asked
    assert 'brokers = ["mqtts://10.0.0.5:8883"]' in written
