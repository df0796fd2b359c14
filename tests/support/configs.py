"""Configurations of a node: what stands in each of them, and what is said of a spoilt one."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhian_edge.config.reading import BadConfig, parse

from .ports import free_port

FILE = Path("node.toml")


def head(broker: int = 1883, gateway: int = 8080) -> str:
    """The first seven lines, by which a node knows itself and its gateway's ports."""
    return f"""\
[site]
id = "school"
[node]
id = "gate"
[gateway]
brokers = ["mqtt://127.0.0.1:{broker}"]
url = "http://127.0.0.1:{gateway}"
"""


def write_config(folder: Path, more: str = "") -> Path:
    """A node in `folder` whose broker and gateway are not there; `more` is further TOML."""
    path = folder / "node.toml"
    path.write_text(head(free_port(), free_port()) + more)
    return path


def problems(text: str) -> list[str]:
    """All that is wrong with it."""
    with pytest.raises(BadConfig) as caught:
        parse(text, FILE)
    return [str(problem) for problem in caught.value.problems]


def edited(text: str, old: str, new: str) -> list[str]:
    """All that is wrong with it when the first `old` is `new`."""
    assert old in text
    return problems(text.replace(old, new, 1))
