"""Which configuration a node runs, and what becomes of one that is tried. Pure: `shelf` keeps it on the disk.

            the gateway's push                 well for some seconds
 standing ────────────────────▶ trial (0) ─▶ trial (1) ──────────▶ standing, the new one; "applied"
    ▲                                │            │
    └────────────────────────────────┴────────────┴─ not well in time, cannot start, killed, power cut: "rolled back"

A trial that was begun and is found unfinished at a start has failed, whatever ended it: like network gear that was
told to confirm, the node believes only what it has seen to be well.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec
from zhian_wire.configuration import Outcome, Push

#: So many former configurations stay at the node, to go back to.
MOST_KEPT: Final = 10


class Trial(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A configuration that is being tried.

    Attributes:
        mark: of it; empty: the file's.
        excused: cameras and devices that were not well before; the trial does not answer for them.
        starts: how often a process has begun with it.
    """

    push: str
    mark: str
    confirm_s: int
    excused: tuple[str, ...] = ()
    starts: int = 0


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What holds.

    Attributes:
        file: mark of the file that all this rests on; whoever edits the file at the node has the last word.
        pushed: mark of the configuration that is used instead of it; empty: the file itself is used.
        kept: marks of all that lie on the shelf, the latest first.
    """

    file: str = ""
    pushed: str = ""
    trial: Trial | None = None
    outcome: Outcome | None = None
    kept: tuple[str, ...] = ()


class Choice(NamedTuple):
    """What to run: `mark` of a configuration on the shelf, empty: the file. `standing` is to be kept first."""

    standing: Standing
    mark: str


def at_start(standing: Standing, file: str, at: str) -> Choice:
    """What a process that begins runs, given the mark of the file as it lies there now."""
    if standing.file != file:
        fresh = Standing(file=file, outcome=standing.outcome)
        if standing.trial is not None:
            fresh = _ended(fresh, standing.trial.push, "rolled_back", at, "the file was edited at the node meanwhile")
        return Choice(fresh, "")
    trial = standing.trial
    if trial is None:
        return Choice(standing, standing.pushed)
    if trial.starts:
        back = rolled_back(standing, at, "the node ended before it was confirmed: killed, crashed, or without power")
        return Choice(back, back.pushed)
    begun = msgspec.structs.replace(trial, starts=trial.starts + 1)
    return Choice(msgspec.structs.replace(standing, trial=begun), trial.mark)


def tried(standing: Standing, push: Push, mark: str, excused: tuple[str, ...]) -> Standing:
    """The next start tries `mark`."""
    kept = standing.kept if mark in ("", standing.file) else _kept(standing, mark)
    there = "" if mark == standing.file else mark
    trial = Trial(push=push.id, mark=there, confirm_s=push.confirm_s, excused=excused)
    return msgspec.structs.replace(standing, trial=trial, kept=kept)


def applied(standing: Standing, at: str) -> Standing:
    """What was tried is well, and holds from now on."""
    assert standing.trial is not None
    there = msgspec.structs.replace(standing, pushed=standing.trial.mark)
    return _ended(there, standing.trial.push, "applied", at, "")


def rolled_back(standing: Standing, at: str, why: str) -> Standing:
    """What was tried is not well: what held before it holds again."""
    assert standing.trial is not None
    return _ended(standing, standing.trial.push, "rolled_back", at, why)


def refused(standing: Standing, push: str, at: str, why: str) -> Standing:
    """A push was not even tried."""
    return msgspec.structs.replace(standing, outcome=Outcome(push=push, result="refused", at=at, detail=why))


def unreadable(standing: Standing, at: str, why: str) -> Choice:
    """What was chosen cannot be used at all: back to what held before, and from there to the file."""
    if standing.trial is not None:
        back = rolled_back(standing, at, why)
        return Choice(back, back.pushed)
    return Choice(msgspec.structs.replace(standing, pushed=""), "")


def _ended(standing: Standing, push: str, result: str, at: str, detail: str) -> Standing:
    outcome = Outcome(push=push, result=result, at=at, detail=detail)  # type: ignore[arg-type]
    return msgspec.structs.replace(standing, trial=None, outcome=outcome)


def _kept(standing: Standing, mark: str) -> tuple[str, ...]:
    """The latest first; what holds stays whatever comes."""
    order = [mark, *(each for each in (standing.pushed,) if each), *standing.kept]
    return tuple(dict.fromkeys(order))[:MOST_KEPT]
