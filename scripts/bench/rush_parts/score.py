"""Compares what the node committed with the truth. It knows events and the truth, nothing of how was decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from zhian_wire.events import Alert, Decision, Event, Passage

from .gates import Pulse
from .opening import opened
from .senses import piece
from .truth import Truth

#: Alerts about people, and the visits that they may rightly be about.
EXPLAINED: Final[Mapping[str, frozenset[str]]] = {
    "borrowed_card": frozenset({"borrowed", "two_cards"}),
    "card_without_person": frozenset({"two_cards", "turned_back", "borrowed"}),
    "tailgating": frozenset({"tailgater"}),
    "passback": frozenset({"came_back"}),
    "impossible_card": frozenset({"came_back"}),
}
#: Any of these kinds raises what the key says happened: a stranger who went in behind somebody is shown to the guard as
#: well by a case that says that they had another's card.
RAISES: Final[Mapping[str, frozenset[str]]] = {
    "borrowed": frozenset({"borrowed_card"}),
    "two_cards": frozenset({"borrowed_card", "card_without_person"}),
    "tailgater": frozenset({"tailgating", "borrowed_card"}),
}
NAMING: Final = ("card", "face", "plate")
SEEN: Final = ("face", "crossing")
NEAR_S: Final = 3.0


@dataclass
class Score:
    """The figures of the issue, and what explains them. Percentages of crossings where either factor was readable."""

    crossings: int = 0
    readable: int = 0
    right: int = 0
    right_pct: float = 100.0
    right_of_all_pct: float = 100.0
    swapped: int = 0
    lent: int = 0
    doubled: int = 0
    missed: int = 0
    wrong_name: int = 0
    misplaced: int = 0
    invented: int = 0
    unseen: int = 0
    unseen_raised: int = 0
    reversed: int = 0
    alerts: int = 0
    false_alerts: int = 0
    false_alerts_per_1000: float = 0.0
    borrowed: int = 0
    borrowed_shown: int = 0
    borrowed_raised: int = 0
    tailgaters: int = 0
    tailgaters_shown: int = 0
    tailgaters_raised: int = 0
    pulses: int = 0
    pulsed_twice: int = 0
    opened_wrongly: int = 0
    not_opened: int = 0
    pulsed_before_commit: int = 0
    decisions: int = 0
    undecided: int = 0
    latency_p50_ms: float = 0.0
    latency_p99_ms: float = 0.0
    latency_max_ms: float = 0.0
    pulse_p50_ms: float = 0.0
    pulse_p99_ms: float = 0.0
    alerts_by_kind: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def score(
    truths: Sequence[Truth], events: Sequence[Event], busy_ms: Mapping[int, float], pulses: Sequence[Pulse] = ()
) -> Score:
    """All of it."""
    result = Score()
    owner = {name: truth.visit for truth in truths for name in truth.pieces}
    passages = [e.data for e in events if isinstance(e.data, Passage) and e.data.direction != "none"]
    _passages(truths, passages, owner, result)
    _alerts(truths, [e for e in events if isinstance(e.data, Alert)], owner, result)
    decided = [e for e in events if isinstance(e.data, Decision)]
    _latency(truths, decided, owner, busy_ms, result)
    opened(truths, [e.data for e in decided if isinstance(e.data, Decision)], owner, pulses, result)
    result.right_pct = round(100 * result.right / max(result.readable, 1), 3)
    everybody = result.readable + result.unseen + result.reversed
    result.right_of_all_pct = round(100 * result.right / max(everybody, 1), 3)
    result.false_alerts_per_1000 = round(1000 * result.false_alerts / max(result.crossings, 1), 3)
    return result


def _passages(truths: Sequence[Truth], passages: list[Passage], owner: Mapping[str, int], result: Score) -> None:
    by_number = {truth.visit: truth for truth in truths}
    of: dict[int, list[Passage]] = defaultdict(list)
    for passage in passages:
        visits = _visits(passage.evidence, owner)
        for visit in visits:
            of[visit].append(passage)
        if not visits:
            result.invented += 1
        _mixed(passage, by_number, owner, result)
    for truth in truths:
        result.crossings += len(truth.crossings)
        result.reversed += len(truth.crossings) if truth.reversed else 0
        if truth.readable:
            _visit(truth, of[truth.visit], result)


def _visit(truth: Truth, passages: list[Passage], result: Score) -> None:
    """Each crossing has exactly one passage, by the right name."""
    named = [p for p in passages if p.person_id == truth.expected]
    for at_s, way in truth.crossings:
        result.readable += 1
        mine = [p for p in named if p.direction == way]
        if len(mine) == 1 and abs(mine[0].media_time_s - at_s) <= NEAR_S:
            result.right += 1
        elif mine:
            result.misplaced += len(mine) == 1
            result.doubled += len(mine) > 1
            result.faults.append(f"visit {truth.visit} {truth.kind} {way}: {len(mine)} passages of {truth.expected}")
        else:
            others = [p for p in passages if p.direction == way]
            result.missed += not others
            result.wrong_name += bool(others)
            told = [p.person_id for p in others]
            result.faults.append(f"visit {truth.visit} {truth.kind} {way} {at_s:.2f}: {truth.expected}, told {told}")


def _mixed(passage: Passage, by_number: Mapping[int, Truth], owner: Mapping[str, int], result: Score) -> None:
    """Swapped: a passage with somebody's own card or named face, and a face or crossing of another.

    What is lent by somebody of whom nothing could be read cannot be told apart by anybody; it is counted as `lent`.
    A card in another's hand belongs to nobody here.
    """
    own = {
        visit
        for e in passage.evidence
        if e.kind in NAMING and e.person_id is not None
        for visit in _visits((e,), owner)
        if by_number[visit].person == e.person_id
    }
    seen = _visits((e for e in passage.evidence if e.kind in SEEN), owner)
    other = {visit for visit in seen - own if _tells(by_number[visit])} if own else set()
    result.lent += bool(own and seen - own - other)
    if len(own) > 1 or other:
        result.swapped += 1
        result.faults.append(f"{passage.person_id} at {passage.media_time_s}: evidence of visits {own | seen}")


def _tells(truth: Truth) -> bool:
    """Whether the evidence of a visit says whose it is."""
    return truth.expected is not None and not truth.reversed


def _alerts(truths: Sequence[Truth], events: list[Event], owner: Mapping[str, int], result: Score) -> None:
    raised: dict[int, set[str]] = defaultdict(set)
    by_number = {truth.visit: truth for truth in truths}
    for event in events:
        alert = event.data
        assert isinstance(alert, Alert)
        about = [by_number[visit] for visit in _visits(alert.evidence, owner)] + _beside(truths, alert)
        for truth in about:
            raised[truth.visit].add(alert.kind)
        if not any(_explains(truth, alert.kind) for truth in about) and not _misled(truths, alert):
            result.false_alerts += 1
            result.faults.append(f"false {alert.kind} at {event.mono_ms / 1000:.1f} {alert.key}: {_told(about)}")
    result.alerts = len(events)
    result.alerts_by_kind = dict(Counter(e.data.kind for e in events if isinstance(e.data, Alert)))
    for truth in truths:
        _incident(truth, raised[truth.visit], result)
        if truth.unseen and truth.expected is not None:
            result.unseen += len(truth.crossings)
            result.unseen_raised += len(truth.crossings) * bool(raised[truth.visit])


def _incident(truth: Truth, kinds: set[str], result: Score) -> None:
    wanted = RAISES.get(truth.kind)
    if wanted is None:
        return
    what = "tailgaters" if truth.kind == "tailgater" else "borrowed"
    found = bool(kinds & wanted)
    setattr(result, what, getattr(result, what) + 1)
    setattr(result, f"{what}_shown", getattr(result, f"{what}_shown") + truth.shown)
    setattr(result, f"{what}_raised", getattr(result, f"{what}_raised") + (truth.shown and found))
    if truth.shown and not found:
        result.faults.append(f"visit {truth.visit} {truth.kind} at {truth.at_s:.2f} was not raised")


def _beside(truths: Sequence[Truth], alert: Alert) -> list[Truth]:
    """More bodies than credentials: who of those close together had none, no alert can tell for certain."""
    if alert.kind != "tailgating":
        return []
    moments = [piece.at_ms / 1000 for piece in alert.evidence if piece.kind == "crossing"]
    return [
        truth
        for truth in truths
        if f"lane-{truth.lane + 1}" == alert.lane
        and (truth.kind == "tailgater" or truth.bare)
        and any(abs(at_s - moment) <= NEAR_S for at_s, _ in truth.crossings for moment in moments)
    ]


def _misled(truths: Sequence[Truth], alert: Alert) -> bool:
    """Whether somebody went in before under the name that the camera gave them, wrongly: the owner is in twice."""
    return alert.kind in ("passback", "impossible_card") and any(
        truth.called is not None and truth.called == alert.person_id for truth in truths
    )


def _explains(truth: Truth, kind: str) -> bool:
    return (
        truth.kind in EXPLAINED.get(kind, ())
        or truth.unclear
        or (kind == "tailgating" and (truth.bare or _unproved(truth)))
        or (kind == "card_without_person" and not truth.crossings)
    )


def _unproved(truth: Truth) -> bool:
    """Whether the only thing read of somebody was a card that is not theirs."""
    return truth.kind in ("borrowed", "two_cards") and truth.expected != truth.person


def _told(about: Iterable[Truth]) -> str:
    return ", ".join(f"visit {truth.visit} {truth.kind}" for truth in about)


def _latency(
    truths: Sequence[Truth], events: list[Event], owner: Mapping[str, int], busy_ms: Mapping[int, float], result: Score
) -> None:
    """From the arrival of what completes the policy, a read of a card or a name, to the committed decision."""
    first: dict[int, int] = {}
    for event in events:
        assert isinstance(event.data, Decision)
        for visit in _visits(event.data.evidence, owner):
            first.setdefault(visit, event.mono_ms)
    result.decisions = len(events)
    took: list[float] = []
    for truth in truths:
        complete = truth.complete_s
        if complete is None or any(at_s < complete for at_s, _ in truth.crossings):
            continue  # nothing to decide, or over the line already
        if truth.visit not in first:
            result.undecided += 1
            result.faults.append(f"visit {truth.visit} {truth.kind} at {truth.at_s:.2f} has no decision")
            continue
        # Before what completed the policy: by what a neighbour's face, or a card that was another's, said.
        took.append(max(first[truth.visit] - round(complete * 1000), 0) + busy_ms[first[truth.visit]])
    took.sort()
    if took:
        result.latency_p50_ms = round(took[len(took) // 2], 2)
        result.latency_p99_ms = round(took[min(len(took) - 1, int(len(took) * 0.99))], 2)
        result.latency_max_ms = round(took[-1], 2)


def _visits(evidence: Iterable[Any], owner: Mapping[str, int]) -> set[int]:
    return {owner[name] for name in map(piece, evidence) if name in owner}
