"""Cards are presented in step with the reel, through every loop, whatever the node's clock or speed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from demo_parts import prompting
from demo_parts.prompting import Cue, Place, Prompter, Timetable
from demo_parts.reels import development_reels, with_cards
from hypothesis import given
from hypothesis import strategies as st

RATE = 10.0
TABLE = Timetable(seconds=20.0, cues=(Cue(2.0, "A1"), Cue(15.0, "B2")))


def shown(*frames: int) -> list[str]:
    place = Place(TABLE, RATE)
    return [cue.card for frame in frames for cue in place.step(frame)]


def test_a_card_is_presented_when_its_frame_was_looked_at_and_once() -> None:
    assert shown(*range(19)) == []
    assert shown(*range(21), 20, 21) == ["A1"]


def test_every_round_of_the_reel_has_its_cards_at_the_same_frames() -> None:
    assert shown(*range(3 * 200)) == ["A1", "B2"] * 3


@given(st.lists(st.integers(1, 25), min_size=1, max_size=120))
def test_whichever_frames_were_dropped_no_card_is_lost_or_doubled(steps: list[int]) -> None:
    frames = [sum(steps[:n]) for n in range(len(steps))]
    due = [cue.card for turn in range(20) for cue in TABLE.cues if (turn * 20 + cue.at_s) * RATE <= frames[-1]]
    assert shown(*frames) == due


def test_a_card_of_a_stretch_that_nobody_saw_comes_to_nobody() -> None:
    assert shown(0, 100) == []


def test_a_node_that_was_started_again_begins_the_reel_anew() -> None:
    assert shown(*range(25), *range(25)) == ["A1", "A1"]


class Stage:
    """A prompter over a trace that a node would write."""

    def __init__(self, folder: Path) -> None:
        self.trace, self.script = folder / "trace.jsonl", folder / "gate.cards"
        self.prompter = Prompter(self.trace, {"gate": Place(TABLE, RATE)}, {"gate": self.script})

    def looked(self, *frames: int, camera: str = "gate") -> None:
        with self.trace.open("ab") as file:
            for frame in frames:
                line = {"camera": camera, "frame": frame, "at_ms": 5, "looked": ["face"]}
                file.write(json.dumps(line).encode() + b"\n")
        self.prompter.step()

    @property
    def cards(self) -> list[str]:
        return [json.loads(line)["card"] for line in self.script.read_text().splitlines()]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_a_reader_has_its_script_before_the_node_asks_for_it(stage: Stage) -> None:
    assert stage.cards == []
    stage.prompter.step()  # no trace yet
    assert stage.cards == []


def test_what_the_node_looked_at_is_followed_for_each_camera(stage: Stage) -> None:
    stage.looked(*range(19))
    stage.looked(20, camera="elsewhere")
    assert stage.cards == []
    stage.looked(19, 20)
    assert stage.cards == ["A1"]


def test_a_line_that_is_still_being_written_is_waited_for(stage: Stage) -> None:
    whole = b'{"camera": "gate", "frame": 20, "at_ms": 5}\n'
    for half in (whole[:30], whole[30:]):
        with stage.trace.open("ab") as file:
            file.write(half)
        stage.prompter.step()
    assert stage.cards == ["A1"]


def test_the_trace_does_not_grow_for_ever(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompting, "LONGEST", 200)
    for frame in range(200):
        stage.looked(frame)
        assert stage.trace.stat().st_size <= 400
    assert stage.cards == ["A1", "B2"]


def test_people_of_a_folder_get_a_card_each_and_their_folder_is_left_alone(tmp_path: Path) -> None:
    people = tmp_path / "people"
    for name in ("ann", "bob"):
        (people / name).mkdir(parents=True)
        (people / name / "1.jpg").write_bytes(b"jpeg")
    (people / "ann" / "person.toml").write_text('name = "Ann"\n')
    cards = with_cards(people, tmp_path / "copy")
    assert list(cards) == ["ann", "bob"] and cards["ann"] != cards["bob"]
    assert (tmp_path / "copy" / "ann" / "person.toml").read_text() == f'cards = ["{cards["ann"]}"]\nname = "Ann"\n'
    assert sorted(path.name for path in (people / "bob").iterdir()) == ["1.jpg"]
    assert (tmp_path / "copy" / "bob" / "1.jpg").read_bytes() == b"jpeg"


def test_whoever_has_cards_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "people" / "ann").mkdir(parents=True)
    (tmp_path / "people" / "ann" / "person.toml").write_text('cards = ["04A1B2C3"]\n')
    assert with_cards(tmp_path / "people", tmp_path / "copy") == {"ann": "04A1B2C3"}
    assert (tmp_path / "copy" / "ann" / "person.toml").read_text() == 'cards = ["04A1B2C3"]\n'


def test_a_reel_without_its_truth_is_a_camera_alone(tmp_path: Path) -> None:
    (tmp_path / "people" / "ann").mkdir(parents=True)
    material = development_reels(tmp_path, None, tmp_path / "copy")
    assert [(camera.id, camera.gate) for camera in material.cameras] == [("people", None), ("cars", None)]


def test_the_development_reels_have_a_borrowed_card_and_somebody_without_one(shared: Path, tmp_path: Path) -> None:
    people, _cars, yard = development_reels(shared / "reels", None, tmp_path / "people").cameras
    truth = json.loads((shared / "reels" / "people.truth.json").read_text())["passages"]
    named = [each for each in truth if each["person_id"] and not each.get("optional") and not each.get("hard")]
    cards = with_cards(shared / "reels" / "people", tmp_path / "again")
    assert people.gate is not None and yard.gate is not None
    cues = list(zip(people.gate.timetable.cues, named, strict=True))
    assert sum(cue.card != cards[each["person_id"]] for cue, each in cues) == 1
    assert all(each["first_s"] < cue.at_s < each["last_s"] for cue, each in cues)
    assert len(yard.gate.timetable.cues) == 5
