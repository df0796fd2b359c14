"""Every driver that a configuration can name is in the table, and says what it lacks by the name of its extra."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import typing
from pathlib import Path

import pytest
from msgspec.structs import replace
from zhian_edge.config import actuators, readers
from zhian_edge.config.readers import VirtualReader
from zhian_edge.config.types import Config, Gateway, Node, Site
from zhian_edge.errors import DriverMissing
from zhian_edge.hal import table
from zhian_edge.hal.table import TABLE, Devices, Entry, entry_for

ROOT = Path(__file__).resolve().parents[3]
KINDS = {"reader": readers.Reader, "barrier": actuators.Barrier, "input": actuators.Input}
READER = VirtualReader(id="in", script="s.jsonl")
CONFIG = Config(site=Site(id="s"), node=Node(id="n"), gateway=Gateway(brokers=(), url=""), readers=(READER,))


def configured() -> set[tuple[str, str]]:
    return {
        (kind, str(choice.__struct_config__.tag)) for kind, union in KINDS.items() for choice in typing.get_args(union)
    }


def test_what_can_be_configured_is_what_can_be_driven() -> None:
    assert {(entry.kind, entry.driver) for entry in TABLE} == configured()


def test_each_driver_has_its_row_in_the_checklist_and_in_the_documents_with_what_it_met() -> None:
    drivers = {entry.driver for entry in TABLE}
    checklist = ROOT / "edge" / "zhian_edge" / "hal" / "drivers" / "CHECKLIST.md"
    assert set(re.findall(r"^\| `([a-z-]+)` \|", checklist.read_text(encoding="utf-8"), re.M)) == drivers
    document = (ROOT / "docs" / "hardware.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (?:reader|barrier)[^|]*\| `([a-z-]+)` (.*)$", document, re.M))
    assert set(rows) == drivers
    for entry in TABLE:
        assert ("untested on hardware" in rows[entry.driver]) == (not entry.met), entry


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: f"{entry.kind}-{entry.driver}")
def test_each_extra_is_one_of_the_project(entry: Entry) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert not entry.needs or entry.extra in extras
    assert entry.mark in (f"met {entry.met}", "untested on hardware")


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Entry("reader", "virtual", "virtual", "VirtualReaderDriver", extra="osdp", needs=("no_such_package",))
    monkeypatch.setattr(table, "entry_for", lambda *_: entry)
    with pytest.raises(DriverMissing, match=r"reader in: the package no_such_package is missing.*zhian\[osdp\]"):
        Devices(CONFIG).reader(READER)


def test_a_package_that_cannot_be_loaded_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Entry("reader", "virtual", "no_such_driver", "VirtualReaderDriver")
    monkeypatch.setattr(table, "entry_for", lambda *_: entry)
    with pytest.raises(DriverMissing, match="reader in: its driver cannot be loaded"):
        Devices(CONFIG).reader(READER)


def test_a_driver_is_made_closed() -> None:
    reader = Devices(CONFIG).reader(READER)
    assert reader.name == "in"
    reader.close()


def test_the_table_loads_no_vendor_package() -> None:
    vendors = {need for entry in TABLE for need in entry.needs}
    code = f"import sys, zhian_edge.hal.table; sys.exit(bool({vendors!r} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_entries_are_found_by_kind_and_name() -> None:
    assert entry_for("barrier", "virtual").name == "VirtualBarrierDriver"


def test_devices_on_one_line_share_it_whatever_else_there_is() -> None:
    """A PC/SC reader's `reader` is a name in pcscd, an OSDP barrier's the id of a reader."""
    osdp = readers.OsdpReader(id="one", link="/dev/ttyUSB0", key_file="k")
    other = readers.OsdpReader(id="two", link="/dev/ttyUSB1", key_file="k")
    boom = actuators.OsdpBarrier(id="boom", lane="main", reader="one")
    config = replace(
        CONFIG, readers=(readers.PcscReader(id="desk", reader="ACR"), osdp, other, READER), barriers=(boom,)
    )
    make = Devices(config)
    made = [make.reader(osdp), make.reader(other), make.barrier(boom)]
    lines = [device._line for device in made]  # type: ignore[attr-defined]
    assert lines[0] is lines[2]
    assert lines[0] is not lines[1]
