#!/usr/bin/env python3
"""Scores a replay against the truth of its reel: what was found, missed, doubled, wrong, invented.

Usage: reel.py EVENTS.jsonl TRUTH.json [--json FILE]

The rules. An event's time is its `media_time_s`; it may lie in a passage's interval, 1.5 s more on either side.
Events of kinds that the truth does not list are not scored, nor are foreign plates. Events are assigned one to
one: first those with a passage's own name or text, then unknown ones to strangers and to other passages, `optional`
passages last. A truth of kind `person` is a body in the events, and a body has no name.
"""

from __future__ import annotations

import argparse
import codecs
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec
from zhian_wire import codec
from zhian_wire.errors import DecodeError
from zhian_wire.events import Passage

TOLERANCE_S = 1.5
KINDS = {"person": "body"}


@dataclass(frozen=True)
class Wanted:
    """A passage of the truth; `name` is a person id, a plate or None for a stranger or a body."""

    kind: str
    name: str | None
    first_s: float
    last_s: float
    optional: bool = False
    foreign: bool = False
    attack: str | None = None

    def holds(self, at_s: float) -> bool:
        """Whether an event at `at_s` may belong to this passage."""
        return self.first_s - TOLERANCE_S <= at_s <= self.last_s + TOLERANCE_S


@dataclass(frozen=True)
class Said:
    """A passage of the replay."""

    kind: str
    name: str | None
    at_s: float


@dataclass
class Score:
    """What became of the events of one kind. `found` and `missed` count required named passages only (bodies: all).

    Attributes:
        unrecognised: of the missed, those where somebody was seen but not named.
        strangers_seen: required strangers' passages that an unknown event was assigned to.
        unknown_beyond: unknown events that no passage was left for; counted, not punished.
        attacks_named: events that name somebody where the truth shows a print or a screen; they are counted above too.
    """

    kind: str
    required: int = 0
    found: int = 0
    missed: int = 0
    unrecognised: int = 0
    doubled: int = 0
    wrong: int = 0
    stranger_named: int = 0
    invented: int = 0
    strangers: int = 0
    strangers_seen: int = 0
    unknown_beyond: int = 0
    foreign_ignored: int = 0
    attacks_named: int = 0
    faults: list[str] = field(default_factory=list)


def score(said: Iterable[Said], wanted: Iterable[Wanted]) -> list[Score]:
    """One score per kind that the truth lists, in the truth's order."""
    passages = list(wanted)
    events = list(said)
    kinds = list(dict.fromkeys(p.kind for p in passages))
    return [_score_kind(k, [e for e in events if e.kind == k], [p for p in passages if p.kind == k]) for k in kinds]


def _score_kind(kind: str, events: list[Said], passages: list[Wanted]) -> Score:
    result = Score(kind)
    events, passages = _without_foreign(events, passages, result)
    named = _assign([e for e in events if e.name is not None], passages, _is_named_by)
    left = [p for i, p in enumerate(passages) if i not in named.values()]
    unknown = [e for e in events if e.name is None]
    of_left = _assign(unknown, left, _may_stand_for)
    seen = {id(left[i]) for i in of_left.values()}
    hit = {id(passages[i]) for i in named.values()}
    for passage in passages:
        _count_passage(passage, id(passage) in hit, id(passage) in seen, result)
    assigned = set(named)
    for index, event in enumerate(e for e in events if e.name is not None):
        _count_attack(event, passages, result)
        if index not in assigned:
            _count_unassigned(event, passages, result)
    result.unknown_beyond = len(unknown) - len(of_left)
    return result


def _without_foreign(events: list[Said], passages: list[Wanted], result: Score) -> tuple[list[Said], list[Wanted]]:
    """Drop foreign passages, and events that lie in one and in no other passage."""
    foreign = [p for p in passages if p.foreign]
    rest = [p for p in passages if not p.foreign]
    kept = [e for e in events if not any(p.holds(e.at_s) for p in foreign) or any(p.holds(e.at_s) for p in rest)]
    result.foreign_ignored = len(events) - len(kept)
    return kept, rest


Fits = Callable[[Said, Wanted], bool]


def _is_named_by(event: Said, passage: Wanted) -> bool:
    return event.name == passage.name and passage.holds(event.at_s)


def _may_stand_for(event: Said, passage: Wanted) -> bool:
    return passage.holds(event.at_s)


def _assign(events: Sequence[Said], passages: Sequence[Wanted], fits: Fits) -> dict[int, int]:
    """As many pairs event -> passage as there can be, in rounds: the passages that matter most come first."""
    owner: dict[int, int] = {}
    choices = [[n for n, event in enumerate(events) if fits(event, passage)] for passage in passages]
    for index in sorted(range(len(passages)), key=lambda i: _round(passages[i])):
        _seat(index, choices, owner, set())
    return {event: passage for passage, event in owner.items()}


def _round(passage: Wanted) -> int:
    """Strangers and bodies, then the named, then the optional."""
    return 2 if passage.optional else int(passage.name is not None)


def _seat(index: int, choices: Sequence[Sequence[int]], owner: dict[int, int], tried: set[int]) -> bool:
    """Find an event for passage `index` along an augmenting path (Kuhn 1955), so that no order costs a pair."""
    for event in choices[index]:
        if event in tried:
            continue
        tried.add(event)
        holder = next((passage for passage, held in owner.items() if held == event), None)
        if holder is None or _seat(holder, choices, owner, tried):
            owner[index] = event
            return True
    return False


def _count_passage(passage: Wanted, hit: bool, seen: bool, result: Score) -> None:
    if passage.optional:
        return
    if passage.name is None and passage.kind != "body":
        result.strangers += 1
        result.strangers_seen += seen
        return
    found = hit or (passage.name is None and seen)
    result.required += 1
    result.found += found
    result.missed += not found
    result.unrecognised += not found and seen
    if not found:
        how = "seen but not named" if seen else "missed"
        result.faults.append(f"{how}: {passage.name or passage.kind} {passage.first_s:.1f}-{passage.last_s:.1f} s")


def _count_attack(event: Said, passages: Sequence[Wanted], result: Score) -> None:
    result.attacks_named += any(p.attack is not None and p.holds(event.at_s) for p in passages)


def _count_unassigned(event: Said, passages: Sequence[Wanted], result: Score) -> None:
    around = [p for p in passages if p.holds(event.at_s)]
    if any(p.name == event.name for p in around):
        result.doubled += 1
        fault = "doubled"
    elif any(p.name is not None for p in around):
        result.wrong += 1
        fault = "wrong"
    elif around:
        result.stranger_named += 1
        fault = "stranger named"
    else:
        result.invented += 1
        fault = "invented"
    result.faults.append(f"{fault}: {event.name} at {event.at_s:.2f} s")


def read_events(path: Path) -> list[Said]:
    """The passages of a replay's output; raises DecodeError with file and line."""
    said = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            data = codec.decode(line).data
        except DecodeError as error:
            raise DecodeError(f"{path}, line {number}: {error}") from error
        if isinstance(data, Passage):
            name = data.plate if data.kind == "plate" else data.person_id
            said.append(Said(data.kind, None if data.kind == "body" else name, data.media_time_s))
    return said


def read_truth(path: Path) -> list[Wanted]:
    """The passages of a `*.truth.json`; raises ValueError with the file, the key and its line."""
    data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        listed = msgspec.json.decode(data, type=_Truth).passages
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is no truth of a reel: {error}{_line(data, str(error))}") from error
    return [_wanted(passage, f"{path}, $.passages[{number}]") for number, passage in enumerate(listed)]


class _Passage(msgspec.Struct):
    """As it stands in the file; what is only for people to read is left out."""

    kind: Literal["face", "plate", "person", "body"]
    first_s: float
    last_s: float
    person_id: str | msgspec.UnsetType | None = msgspec.UNSET
    plate: str | msgspec.UnsetType | None = msgspec.UNSET
    optional: bool = False
    foreign: bool = False
    attack: Any = None


class _Truth(msgspec.Struct):
    passages: list[_Passage]


def _line(data: bytes, said: str) -> str:
    """The line of the byte that msgspec names where the text itself is malformed."""
    at = re.search(r"\(byte (\d+)\)", said)
    if at is None:
        return ""
    line = data.count(b"\n", 0, int(at[1])) + 1
    return f", line {line}"


def _wanted(passage: _Passage, where: str) -> Wanted:
    if passage.last_s < passage.first_s:
        raise ValueError(f"{where}: last_s {passage.last_s} is before first_s {passage.first_s}")
    key = "plate" if passage.kind == "plate" else "person_id"
    name = None if passage.kind in {"person", "body"} else getattr(passage, key)
    if name is msgspec.UNSET:
        raise ValueError(f"{where}: a {passage.kind} needs `{key}` (null: a stranger)")
    return Wanted(
        kind=KINDS.get(passage.kind, passage.kind),
        name=name,
        first_s=passage.first_s,
        last_s=passage.last_s,
        optional=passage.optional,
        foreign=passage.foreign,
        attack=passage.attack,
    )


def report(result: Score) -> str:
    """The score of one kind for people."""
    head = (
        f"{result.kind}: found {result.found} of {result.required}, missed {result.missed}"
        f" (of these seen but not named {result.unrecognised}), doubled {result.doubled},"
        f" wrong {result.wrong}, strangers named {result.stranger_named}, invented {result.invented};"
        f" strangers seen {result.strangers_seen} of {result.strangers}, unknown beyond {result.unknown_beyond}"
    )
    return "\n".join([head, *(f"  {fault}" for fault in result.faults)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Score, print, write JSON; 2 where a file cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the scores there as well")
    options = parser.parse_args(arguments)
    try:
        results = score(read_events(options.events), read_truth(options.truth))
        if options.json:
            body = {"events": options.events.name, "truth": options.truth.name, "scores": [asdict(r) for r in results]}
            options.json.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except (OSError, ValueError, DecodeError) as error:
        print(f"reel.py: {error}", file=sys.stderr)
        return 2
    for result in results:
        print(report(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
