"""What a node says of its machine is what the kernel says; what the kernel does not say is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.process.machine import EVERY_MS, MachineReader, hottest, memory_mb
from zhian_wire.state import Machine


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([], None),
        (["48312\n"], 48.3),
        (["41000", "67500\n", "52000"], 67.5),
        (["-12000"], -12.0),
        (["-273000", "255000"], None),  # a sensor that is not there answers so
        (["", "no data", "40000"], 40.0),
    ],
)
def test_the_hottest_sensor_that_can_be_believed_counts(readings: list[str], expected: float | None) -> None:
    assert hottest(readings) == expected


@given(st.lists(st.text(max_size=12)))
def test_whatever_a_sensor_says_it_is_a_temperature_or_unknown(readings: list[str]) -> None:
    found = hottest(readings)
    assert found is None or -50 < found < 150


def test_memory_is_what_programs_could_still_have() -> None:
    assert memory_mb("MemTotal:  2048000 kB\nMemFree: 1 kB\nMemAvailable:   1024000 kB\n") == (1000, 2000)
    assert memory_mb("") == (None, None)


def kernel(folder: Path, degrees: int) -> tuple[Path, Path]:
    """A `sysfs` with one sensor, a `procfs` with a memory."""
    system, processes = folder / "sys", folder / "proc"
    (system / "class/thermal/thermal_zone0").mkdir(parents=True, exist_ok=True)
    (system / "class/thermal/thermal_zone0/temp").write_text(f"{degrees}\n")
    processes.mkdir(exist_ok=True)
    (processes / "meminfo").write_text("MemTotal: 4096 kB\nMemAvailable: 2048 kB\n")
    return system, processes


def test_a_machine_is_looked_at_now_and_then(tmp_path: Path) -> None:
    system, processes = kernel(tmp_path, 40_000)
    now = [0]
    reader = MachineReader(tmp_path, lambda: now[0], system=system, kernel=processes)
    first = reader.look()
    assert (first.temperature_c, first.memory_free_mb, first.memory_total_mb) == (40.0, 2, 4)
    assert first.disk_free_mb is not None
    assert first.disk_total_mb is not None
    assert 0 <= first.disk_free_mb <= first.disk_total_mb
    kernel(tmp_path, 80_000)
    assert reader.look().temperature_c == 40.0
    now[0] = EVERY_MS
    assert reader.look().temperature_c == 80.0


def test_what_cannot_be_read_is_not_made_up(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    found = MachineReader(nowhere, lambda: 0, system=nowhere, kernel=nowhere).look()
    unknown = (found.disk_free_mb, found.disk_total_mb, found.memory_free_mb, found.memory_total_mb)
    assert (*unknown, found.temperature_c) == (None,) * 5
    assert isinstance(found, Machine)
