"""Whether the picture was cut: another scene, or another time of the same one; pure.

Pictures are compared by their structure (`sketch`), so that lamps, exposure and shadows do not count. One that is
suddenly another is not judged at once: a bad frame, a flash, a gust, somebody right before the lens go by, a cut stays.
Until that is known nothing may be looked at.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from .sketch import BACK, Apart, Grey, Sketch

SUDDEN: Final = 0.45
"""Share of the structure still whole in the liveliest of the last frames that breaks at once where a cut is possible.
Measured with `scripts/bench/cuts.py`: cuts break .69 and more (.50 at night), film at 10 to 25 frames a second .39 and
less, at 5 frames a second up to .64 where everything moves all the time."""

WIDE: Final = 0.2
"""Share of all blocks that are other; where fewer are (a bare wall, night), they must not be found a little aside."""

OTHER: Final = 0.5
"""Share that is broken against the picture before, once the new one is calm: this is another scene."""

CALM: Final = 0.5
"""A picture is calm if so little of what changed at once goes on changing; as a share of it."""

STAYS: Final = 0.6
JUMP_MS: Final = 100
"""Of a jump in time so much is still to be seen in the frames after it, and no more than the rest happens in them."""

STEPS: Final = 2
"""A cut is one sudden frame, or two where one of them mixes both scenes or is spoiled; whoever comes or leaves right
before the lens takes more, and makes associations doubtful only."""

MIXED_MS: Final = 100
"""Only frames that follow each other so closely are compared over one in between: between others much happens."""

CALM_MS: Final = 70
WAIT_MS: Final = 1200
"""A cut is told after one or two calm frames; where none come, after so long. Tracks survive that without a look."""

JUMP: Final = 0.05
JUMP_TIMES: Final = 2.5
ODD_TIMES: Final = 1.5
STILL: Final = 0.012
"""Within one scene a jump in time breaks this share of all blocks, and `JUMP_TIMES` more than any of the last frames
(at least `STILL`): whoever walks, comes near or leaves changes the picture a little more with every frame. From
`ODD_TIMES` on, and where frames are too far apart to tell, associations are checked."""

RECENT: Final = 8
PROMPT_MS: Final = 130
"""Frames that a scene's liveliness is taken from; a jump needs three that followed each other as closely as this."""

DOUBT: Final = 0.3
DISSOLVED: Final = 0.7
"""Share broken between frames, and since the picture of a while ago, from which associations are checked."""

FAINT: Final = 5.0
"""Mean difference in grey levels that another scene has at least, also at night: less need not be looked into."""

KNOWN: Final = 6
KNOWN_MS: Final = 1500
"""Pictures of this scene that are kept, and how far apart they are: what covered the lens and leaves shows it again."""

AGO_MS: Final = 800
"""How old that picture is at least, and at most half as much again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one picture. `unsure`: it may be another scene, so nothing may be looked at; `doubt`: much changed."""

    cut: bool = False
    unsure: bool = False
    doubt: bool = False


@dataclass(slots=True)
class _Suspicion:
    """That the scene is another one since `began_ms`; `before` is a picture of the old one.

    `jump`: share of the blocks that a jump in time within the scene broke, 0 where it may be another scene; `steps`:
    sudden frames so far, the last at `calm_ms`.
    """

    before: Sketch
    began_ms: int
    calm_ms: int
    jump: float = 0.0
    steps: int = 1


class Cuts:
    """Follows the pictures of one camera."""

    def __init__(self) -> None:
        self._before: Sketch | None = None
        self._before_ms = 0
        self._earlier: Sketch | None = None
        self._earlier_ms = 0
        self._ago: deque[tuple[int, Sketch]] = deque()
        self._known: deque[tuple[int, Sketch]] = deque(maxlen=KNOWN)
        self._recent: deque[Apart] = deque(maxlen=RECENT)
        self._suspicion: _Suspicion | None = None

    def step(self, luma: Grey, now_ms: int) -> Verdict:
        """`luma` (height, width), the same width every time."""
        now, before, earlier = Sketch.of(luma), self._before, self._earlier
        prompt = now_ms - self._before_ms <= PROMPT_MS
        if now_ms - self._earlier_ms > MIXED_MS:
            earlier = None
        self._before, self._earlier, self._before_ms, self._earlier_ms = now, before, now_ms, self._before_ms
        if before is None:
            return Verdict()
        if before.grey.shape != now.grey.shape:
            return self._cut()
        step = now.apart(before)
        if self._suspicion is not None:
            return self._decide(self._suspicion, now, now_ms, step)
        odd = self._oddness(now, before, step)
        suspicion = self._suspect(now, before, earlier, now_ms, step)
        if suspicion is None and prompt and odd >= JUMP_TIMES:
            suspicion = _Suspicion(before, now_ms, now_ms, jump=step.all)
        self._recent.append(step)
        if suspicion is not None:
            self._suspicion = suspicion
            return Verdict(unsure=True, doubt=True)
        self._remember(now, now_ms)
        return Verdict(doubt=odd >= ODD_TIMES or step.structure >= DOUBT or self._dissolved(now, now_ms))

    def _suspect(
        self, now: Sketch, before: Sketch, earlier: Sketch | None, now_ms: int, step: Apart
    ) -> _Suspicion | None:
        """Whether `now` is suddenly another picture than the one before, or, the two mixed in between, `earlier`."""
        usual = self._usual()
        if _is_sudden(now, before, step, usual):
            return _Suspicion(before, now_ms, now_ms)
        if (
            earlier is not None
            and now.differs(earlier) >= FAINT
            and _is_sudden(now, earlier, now.apart(earlier), min(2 * usual, 1.0))
        ):
            return _Suspicion(earlier, now_ms, now_ms)
        return None

    def _usual(self) -> float:
        """How much breaks between frames; one flash or bad frame, which are two steps, is not usual."""
        steps = sorted(each.structure for each in self._recent)
        return steps[-3] if len(steps) > 2 else 0.0

    def _oddness(self, now: Sketch, before: Sketch, step: Apart) -> float:
        """How many times more changed than in the liveliest of the last frames; 0 if little did, or it only moved."""
        if step.all < JUMP or len(self._recent) < 3:
            return 0.0
        times = step.all / max(STILL, *(each.all for each in self._recent))
        return 0.0 if times < ODD_TIMES or now.moved_from(before) else times

    def _decide(self, suspicion: _Suspicion, now: Sketch, now_ms: int, step: Apart) -> Verdict:
        since = now.apart(suspicion.before)
        self._recent.append(step)
        if suspicion.jump and since.structure < OTHER:
            return self._decide_jump(suspicion, since.all, step.all, now_ms)
        if since.structure < BACK:
            return self._carry_on()
        if step.structure > CALM * since.structure:
            suspicion.calm_ms, suspicion.steps = now_ms, suspicion.steps + 1
        late = now_ms - suspicion.began_ms >= WAIT_MS
        if not late and now_ms - suspicion.calm_ms < CALM_MS:
            return Verdict(unsure=True, doubt=True)
        gradual = suspicion.steps > STEPS and not late
        if gradual or since.structure < OTHER or now.shaken_from(suspicion.before) or self._knows(now):
            return self._carry_on()
        return self._cut()

    def _knows(self, now: Sketch) -> bool:
        return any(now.apart(known).structure < BACK for _, known in self._known)

    def _decide_jump(self, suspicion: _Suspicion, since: float, step: float, now_ms: int) -> Verdict:
        """After a jump what was there is gone, and the scene is as calm as before."""
        stays, calm = since >= STAYS * suspicion.jump, step <= (1 - STAYS) * suspicion.jump
        if not (stays and calm):
            return self._carry_on()
        return self._cut() if now_ms - suspicion.began_ms >= JUMP_MS else Verdict(unsure=True, doubt=True)

    def _cut(self) -> Verdict:
        self._suspicion = None
        self._earlier = None
        self._recent.clear()
        self._ago.clear()
        self._known.clear()
        return Verdict(cut=True)

    def _carry_on(self) -> Verdict:
        self._suspicion = None
        return Verdict(doubt=True)

    def _remember(self, now: Sketch, now_ms: int) -> None:
        if not self._known or now_ms - self._known[-1][0] >= KNOWN_MS:
            self._known.append((now_ms, now))

    def _dissolved(self, now: Sketch, now_ms: int) -> bool:
        """Whether little is left of the picture of a while ago, though it went step by step."""
        if not self._ago or now_ms - self._ago[-1][0] >= AGO_MS // 4:
            self._ago.append((now_ms, now))
        while len(self._ago) > 1 and now_ms - self._ago[1][0] >= AGO_MS:
            self._ago.popleft()
        ago = self._ago[0][1]
        return now.differs(ago) >= FAINT and now.apart(ago).structure >= DISSOLVED


def _is_sudden(now: Sketch, before: Sketch, apart: Apart, usual: float) -> bool:
    """Whether so much broke as only a cut breaks, given how much usually does."""
    if apart.structure < usual + SUDDEN * (1 - usual):
        return False
    return apart.all >= WIDE or not now.moved_from(before)
