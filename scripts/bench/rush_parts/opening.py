"""What barriers did, compared with whom the evidence entitled: each decision to open is one pulse, after its commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from zhian_wire.events import Decision

from .gates import Pulse
from .senses import piece
from .truth import Truth


class Tally(Protocol):
    """Where it is counted (`score.Score`)."""

    pulses: int
    pulsed_twice: int
    opened_wrongly: int
    not_opened: int
    pulsed_before_commit: int
    pulse_p50_ms: float
    pulse_p99_ms: float
    faults: list[str]


def opened(
    truths: Sequence[Truth],
    decisions: Sequence[Decision],
    owner: Mapping[str, int],
    pulses: Sequence[Pulse],
    result: Tally,
) -> None:
    """Count all of it. `owner`: of which visit a piece of evidence is."""
    result.pulses = len(pulses)
    result.pulsed_twice = len(pulses) - len({pulse.transaction for pulse in pulses})
    result.pulsed_before_commit = sum(not pulse.committed for pulse in pulses)
    of = {decision.transaction: decision for decision in decisions if decision.verdict == "open"}
    let_in: Counter[int] = Counter()
    for pulse in pulses:
        decision = of.get(pulse.transaction)
        visits = {owner[name] for name in map(piece, decision.evidence) if name in owner} if decision else set()
        for_whom = [visit for visit in visits if let_in[visit] < truths[visit].opens]
        let_in.update(for_whom[:1])
        if not for_whom:
            result.opened_wrongly += 1
            result.faults.append(f"{pulse.lane} opened at {pulse.at_ms / 1000:.2f} for visits {sorted(visits)}")
    _kept_out(truths, let_in, result)
    took = sorted(pulse.took_ms for pulse in pulses)
    if took:
        result.pulse_p50_ms = round(took[len(took) // 2], 2)
        result.pulse_p99_ms = round(took[min(len(took) - 1, int(len(took) * 0.99))], 2)


def _kept_out(truths: Sequence[Truth], let_in: Mapping[int, int], result: Tally) -> None:
    """Who had a right to be let in before they were over the line, and was not."""
    for truth in truths:
        in_time = truth.complete_s is not None and all(at_s >= truth.complete_s for at_s, _ in truth.crossings)
        if in_time and truth.opens and not let_in.get(truth.visit):
            result.not_opened += 1
            result.faults.append(f"visit {truth.visit} {truth.kind} at {truth.at_s:.2f} was not let in")
