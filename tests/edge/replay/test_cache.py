"""Enrolling once is enough, as long as nothing changed and nothing broke."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from zhian_edge.replay.cache import Enrolled, EnrolmentCache
from zhian_models.face.enrol import Warn

PICTURES = [("1.jpg", b"one"), ("2.jpg", b"two")]
MADE = Enrolled.of(np.arange(6, dtype=np.float32).reshape(2, 3), [Warn("few_pictures", "2 usable", None, True)])


class Counted:
    """Computes `MADE` and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Enrolled:
        self.times += 1
        return MADE


def test_what_was_enrolled_once_is_exactly_the_same_the_next_time(tmp_path: Path) -> None:
    compute = Counted()
    for _ in range(3):
        found = EnrolmentCache(tmp_path / "cache", ["key"]).get(PICTURES, compute)
        assert np.array_equal(found.templates, MADE.templates)
        assert found.warnings == MADE.warnings
    assert compute.times == 1


@pytest.mark.parametrize(
    ("parts", "pictures"),
    [
        (["other"], PICTURES),
        (["key"], [("1.jpg", b"one"), ("2.jpg", b"TWO")]),
        (["key"], PICTURES[:1]),
        (["key"], PICTURES[::-1]),
        (["key"], [("3.jpg", b"one"), ("2.jpg", b"two")]),
    ],
    ids=["another network", "another picture", "fewer pictures", "another order", "another name"],
)
def test_whatever_changes_is_enrolled_anew(tmp_path: Path, parts: list[str], pictures: list[tuple[str, bytes]]) -> None:
    compute = Counted()
    EnrolmentCache(tmp_path, ["key"]).get(PICTURES, compute)
    EnrolmentCache(tmp_path, parts).get(pictures, compute)
    assert compute.times == 2


@pytest.mark.parametrize("damage", [b"", b"nonsense", None], ids=["emptied", "overwritten", "one bit"])
def test_a_damaged_entry_is_computed_again_and_mended(tmp_path: Path, damage: bytes | None) -> None:
    compute = Counted()
    cache = EnrolmentCache(tmp_path, ["key"])
    cache.get(PICTURES, compute)
    (entry,) = tmp_path.iterdir()
    data = bytearray(entry.read_bytes())
    data[-20] ^= 1
    entry.write_bytes(bytes(data) if damage is None else damage)
    for _ in range(2):
        assert np.array_equal(cache.get(PICTURES, compute).templates, MADE.templates)
    assert compute.times == 2


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    found = EnrolmentCache(tmp_path / "file" / "cache", ["key"]).get(PICTURES, Counted())
    assert found == MADE


def test_nobody_usable_is_remembered_too(tmp_path: Path) -> None:
    nobody = Enrolled.of(np.zeros((0, 0), np.float32), [Warn("no_face", "no face was found", "1.jpg")])
    cache = EnrolmentCache(tmp_path, ["key"])
    cache.get(PICTURES, lambda: nobody)
    found = cache.get(PICTURES, Counted())
    assert (found.count, len(found.templates)) == (0, 0)
