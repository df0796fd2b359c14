"""The development reels as gates: their people get cards, and their truth says when whose card is presented."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from .cameras import ZONE, Camera, Gate, Material
from .prompting import Cue, Timetable

#: A card is presented so long after somebody came into view, or at this share of the time that they are.
PRESENTED_S: Final = 1.5
PRESENTED_SHARE: Final = 0.3
#: What an import folder says of a person.
ABOUT: Final = "person.toml"
#: Who is seen from above comes in below and leaves to the right.
YARD_LINE: Final = ((0.75, 1.0), (0.75, 0.0))


def development_reels(reels: Path, people: Path | None, folder: Path) -> Material:
    """The reels in `reels`; `people` (else theirs) get cards, in a folder of links below `folder`.

    A reel without its truth is a camera alone: nobody knows when cards would be presented in it.
    """
    known = with_cards(people or reels / "people", folder)
    faces, bodies = _truth(reels / "people.truth.json"), _truth(reels / "walkers.truth.json")
    door = Gate(("card_and_face",), _door(faces, known), inside=ZONE) if faces else None
    cameras = [
        Camera("people", str(reels / "people.mp4"), ("face",), gate=door, name="门厅摄像机", place="门厅"),
        Camera("cars", str(reels / "cars.mp4"), ("plate",), name="车道摄像机", place="车道"),
    ]
    if bodies:
        yard = Gate(("card",), _yard(bodies, known), YARD_LINE, ZONE)
        cameras.append(
            Camera("yard", str(reels / "walkers.mp4"), ("body",), gate=yard, name="院内摄像机", place="院门")
        )
    return Material(tuple(cameras), folder, "the development reels")


def with_cards(people: Path, folder: Path) -> dict[str, str]:
    """Everybody in `people` once more below `folder`, with a card; whose card is whose, by the person's id.

    Pictures are linked, not copied. Whoever has cards already keeps them.
    """
    shutil.rmtree(folder, ignore_errors=True)
    people = people.resolve()
    return {
        person.name: _with_card(person, folder / person.name)
        for person in sorted(people.iterdir())
        if person.is_dir() and not person.name.startswith(".")
    }


def _with_card(person: Path, linked: Path) -> str:
    linked.mkdir(parents=True)
    for file in person.iterdir():
        if file.name != ABOUT:
            (linked / file.name).symlink_to(file)
    text = (person / ABOUT).read_text(encoding="utf-8") if (person / ABOUT).is_file() else ""
    if cards := _cards(text):
        (linked / ABOUT).write_text(text, encoding="utf-8")
        return cards[0]
    card = hashlib.sha256(person.name.encode()).hexdigest()[:14].upper()
    (linked / ABOUT).write_text(f'cards = ["{card}"]\n{text}', encoding="utf-8")
    return card


def _cards(text: str) -> list[str]:
    """The cards of a `person.toml`; what is wrong with the file is said when it is imported."""
    try:
        cards = tomllib.loads(text).get("cards", [])
    except tomllib.TOMLDecodeError:
        return []
    return [card for card in cards if isinstance(card, str)] if isinstance(cards, list) else []


def _door(truth: dict[str, Any], cards: dict[str, str]) -> Timetable:
    """Everybody has their own card, but whoever stays longest, who has somebody else's."""
    named = [each for each in truth["passages"] if each.get("person_id") in cards]
    coming = [each for each in named if not each.get("optional") and not each.get("hard")]
    longest = max(coming, key=lambda each: each["last_s"] - each["first_s"], default=None)
    ids = sorted(cards)
    cues = []
    for each in coming:
        owner = each["person_id"]
        if each is longest:
            owner = ids[ids.index(owner) - 1]
        cues.append(Cue(at_s=_moment(each), card=cards[owner]))
    return Timetable(seconds=truth["seconds"], cues=tuple(cues))


def _yard(truth: dict[str, Any], cards: dict[str, str]) -> Timetable:
    """One after the other has a card, but for the second: who that is cannot be seen from above."""
    walkers: Sequence[dict[str, Any]] = truth["passages"]
    have = [each for number, each in enumerate(walkers) if number != 1]
    shown = zip(have, cycle(sorted(cards.values())), strict=False)
    return Timetable(seconds=truth["seconds"], cues=tuple(Cue(at_s=_leaving(each), card=card) for each, card in shown))


def _moment(passage: dict[str, Any]) -> float:
    seconds = passage["last_s"] - passage["first_s"]
    return float(round(passage["first_s"] + min(PRESENTED_S, PRESENTED_SHARE * seconds), 3))


def _leaving(passage: dict[str, Any]) -> float:
    """Whoever stands there for a while presents a card before going on."""
    return float(max(passage["first_s"] + 1.0, passage["last_s"] - 3.0))


def _truth(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return truth
