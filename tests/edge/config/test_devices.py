"""Readers, barriers and inputs are read by their driver, and everything wrong with them is said where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configs import FILE, edited, head
from zhian_edge.config.actuators import ModbusBarrier
from zhian_edge.config.readers import OsdpReader, VirtualReader
from zhian_edge.config.reading import load, parse
from zhian_edge.planning import plan_of

GOOD = (
    head()
    + """\
[[lanes]]
id = "main"
[[readers]]
id = "in-1"
driver = "osdp"
link = "/dev/ttyUSB0"
key_file = "in-1.key"
lane = "main"
[[readers]]
id = "in-2"
driver = "osdp"
link = "/dev/ttyUSB0"
address = 1
key_file = "in-2.key"
[[readers]]
id = "script"
driver = "virtual"
script = "morning.jsonl"
[[barriers]]
id = "boom"
driver = "modbus"
link = "tcp://10.0.0.5:502"
lane = "main"
[[inputs]]
id = "help"
driver = "osdp"
reader = "in-1"
role = "help"
"""
)


def problems(old: str, new: str) -> list[str]:
    return edited(GOOD, old, new)


def test_each_device_has_the_type_of_its_driver() -> None:
    config = parse(GOOD, FILE)
    assert [type(reader) for reader in config.readers] == [OsdpReader, OsdpReader, VirtualReader]
    assert isinstance(config.barriers[0], ModbusBarrier)
    assert config.inputs[0].role == "help"


def test_files_of_devices_are_counted_from_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text(GOOD)
    reader, _, script = load(tmp_path / "node.toml").readers
    assert isinstance(reader, OsdpReader)
    assert isinstance(script, VirtualReader)
    assert reader.key_file == str(tmp_path / "in-1.key")
    assert script.script == str(tmp_path / "morning.jsonl")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('driver = "osdp"\n', "", "node.toml:10: readers[0].driver: missing; expected one of"),
        ('"osdp"', '"wiegend"', "node.toml:12: readers[0].driver: expected one of"),
        ("key_file", "keyfile", "node.toml:14: readers[0].keyfile: unknown key; did you mean key_file?"),
        ('"in-2"', '"in-1"', 'node.toml:17: readers[1].id: "in-1" is taken already by readers[0]'),
        ('"boom"', '"script"', 'node.toml:27: barriers[0].id: "script" is taken already by readers[2]'),
        ('lane = "main"\n[[r', 'lane = "side"\n[[r', 'node.toml:15: readers[0].lane: no lane "side"'),
        ("address = 1", "address = 0", 'node.toml:20: readers[1].address: 0 on this line is "in-1" already'),
        ("address = 1", "address = 1\nbaud = 19200", "readers[0] on the same line says 9600, not 19200"),
        ('key_file = "in-1.key"\n', "", "readers[0].key_file: missing; secure-channel needs the file"),
        ("tcp://10.0.0.5:502", "10.0.0.5:502", "node.toml:29: barriers[0].link: expected tcp://host:port or /dev/"),
        ("tcp://10.0.0.5:502", "/dev/ttyUSB0", "readers[0] speaks osdp on this line, not modbus"),
        ('reader = "in-1"', 'reader = "script"', 'inputs[0].reader: there is no OSDP reader "script"'),
        ("address = 1", "address = 200", "readers[1].address: expected"),
    ],
)
def test_what_is_wrong_with_a_device_is_said_where(old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in problems(old, new)), problems(old, new)


def test_plain_text_needs_no_key_but_its_words() -> None:
    words = 'security = "plain-text-anybody-can-read"'
    parse(GOOD.replace('key_file = "in-1.key"', words), FILE)
    assert any("one of" in problem for problem in problems('key_file = "in-1.key"', 'security = "plain"'))


@pytest.mark.parametrize(
    ("reader", "key"),
    [
        ('driver = "serial-board"\nlink = "/dev/ttyUSB5"\nboard = "m100"', "link"),
        ('driver = "wedge"\ndevice = "/dev/input/by-id/reader-event-kbd"', "device"),
        ('driver = "wiegand"\nchip = "/dev/gpiochip0"\nd0 = 17\nd1 = 27', "d0"),
    ],
)
def test_what_a_reader_has_for_itself_no_other_can_have(reader: str, key: str) -> None:
    two = "".join(f'[[readers]]\nid = "{name}"\n{reader}\n' for name in ("one", "two"))
    found = problems("[[inputs]]", f"{two}[[inputs]]")
    assert any(f'readers[4].{key}: "one" has it for itself already' in problem for problem in found), found


def test_wiegand_needs_two_wires() -> None:
    reader = '[[readers]]\nid = "post"\ndriver = "wiegand"\nchip = "/dev/gpiochip0"\nd0 = 17\nd1 = 17\n'
    assert any("readers[3].d1: " in problem for problem in problems("[[inputs]]", f"{reader}[[inputs]]"))


def test_a_lane_has_one_barrier() -> None:
    second = '[[barriers]]\nid = "b2"\ndriver = "virtual"\nlane = "main"\n[[inputs]]'
    assert '"main" has the barrier "boom" already' in problems("[[inputs]]", second)[0]


def test_a_desks_reader_belongs_to_no_lane() -> None:
    (said,) = problems('script = "morning.jsonl"', 'script = "morning.jsonl"\nuse = "desk"\nlane = "main"')
    assert 'use = "desk"' in said and "lane" in said
    config = parse(GOOD.replace('script = "morning.jsonl"', 'script = "morning.jsonl"\nuse = "desk"'), FILE)
    assert [reader.use for reader in config.readers] == ["lane", "lane", "desk"]
    assert set(plan_of(config, "boot").readers) == {"in-1", "in-2"}, "the decision knows nothing of it"


@pytest.mark.parametrize(
    ("reader", "far"),
    [
        ('driver = "virtual"\nscript = "morning.jsonl"', False),
        ('driver = "llrp"\nhost = "10.0.0.9"', True),
        ('driver = "serial-board"\nboard = "m100"\nlink = "/dev/ttyUSB7"', True),
        ('driver = "serial-board"\nboard = "pn532"\nlink = "/dev/ttyUSB7"', False),
    ],
)
def test_the_decision_knows_which_readers_may_read_a_card_at_the_next_lane(reader: str, far: bool) -> None:
    config = parse(GOOD.replace('driver = "virtual"\nscript = "morning.jsonl"', reader), FILE)
    assert plan_of(config, "boot").readers["script"].far == far
