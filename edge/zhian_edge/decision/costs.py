"""What it costs to suppose that pieces of evidence are one person's: squared seconds, or squared spreads of what is
usual at the lane. None: they cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .claims import PATIENCE_MS, Claim
from .pace import COMING_MS, FAR, LATE_MS, Pace
from .unit import Unit

#: Cost of a card for which nobody, or a crossing for which nothing, is found: one and a half seconds from the usual.
ALONE: Final = 2.25
#: Cost of a face beside which there is no body, beyond that of being alone: whoever turns back before the line is seen
#: to stay there, and hardly anybody is seen by the face alone.
BODILESS: Final = 1.0
#: Cost of somebody known by face who has no card: it was not read.
BY_FACE: Final = 0.75
#: Cost of supposing that somebody carries another's card: there must be nobody else who fits.
BORROWED: Final = 0.75
#: What it is worth at most that a face, too poor to be confirmed or denied, is like a card's owner; at this likeness it
#: tells nothing, and from there on so much for each unit of it.
LIKE: Final = 1.25
LIKENESS: Final = 0.22
LIKER: Final = 10.0
#: Cost of a card with somebody who does not (yet) go over the line, where somebody who did fits as well.
NOT_OVER: Final = 1.2
#: The same where somebody was in view when the card was read, and is gone without having gone over the line, or has not
#: gone for so long: those who turn back have cards, too.
TURNED: Final = 0.4
HESITATES_MS: Final = 4000
#: Cost of a card that was read before who is to have presented it was in view.
NOT_THERE: Final = 2.0
#: Where nobody overtakes: cost of a card that was read before that of somebody, who went over the line before.
#: Two hands or two steps that are so close may be in either order.
OVERTAKEN: Final = 4.0
CLOSE_MS: Final = 300
#: Cost of somebody for whom a guard spoke, to which up to one is added for the time between; and so much more where
#: they were over the line by then: whoever is let pass is mostly still to come.
WORD: Final = 1.0
SPOKEN_AFTER: Final = 1.0
#: Cost of a card that was read once more so long after who is to have presented it was over the line.
READ_AGAIN: Final = 0.75
#: A face and its body go over the line within this time of each other, and come into view within that.
SAME_STEP_MS: Final = 450
SAME_SIGHT_MS: Final = 800
SIGHT_MS: Final = 2000
#: A body that was lost is found again within this time; a face is last seen this long before the line.
LOST_MS: Final = 1500
HIDDEN_MS: Final = 1500
#: Whoever is seen longer than this after a body went over the line without having gone over it is rather somebody else,
#: the more so the longer: where it was seen so much longer again it costs one, and after `HIDDEN_MS` it surely is.
AFTER_MS: Final = 300
#: Most that dawdling costs somebody whose face proves the card, where nobody else comes into question.
SLOW: Final = 1.0
#: One body that is followed under two numbers is hardly in view as both.
OVERLAP_MS: Final = 400


def of_owner(claim: Claim, unit: Unit, window_ms: int, pace: Pace) -> float | None:
    """A card and its owner's face: named is surer than confirmed, for siblings confirm each other's cards."""
    if claim.person_id is None or not unit.as_like(claim.person_id):
        return None
    sure = unit.same(claim.person_id)
    near = in_time(claim, unit, 2 * window_ms if sure else window_ms) or _by_word(claim, unit, window_ms) is not None
    if not near or not (sure or _same_way(claim, unit)):
        return None
    if unit.person_id == claim.person_id:
        # Nothing, but of two presentations of one person the usual one.
        went_ms = unit.crossed_ms or unit.last_seen_ms
        return min(pace.cost(went_ms - at_ms) for at_ms in claim.presented) / 1000
    score, crossed_ms = unit.likeness(claim.person_id), unit.crossed_ms
    time = NOT_OVER if crossed_ms is None else min(pace.cost(crossed_ms - at_ms) for at_ms in claim.presented)
    return 1.0 + (1 - score) + time


@dataclass(frozen=True)
class Usual:
    """What is usual at a lane at `now_ms`. `order`: as in `fusion.Evidence`; `window_ms`: as in `plan.LanePlan`."""

    pace: Pace
    order: Sequence[tuple[int, int]]
    window_ms: int
    now_ms: int


def by_time(claim: Claim, unit: Unit, usual: Usual) -> float | None:
    """A card, or a guard's word, and somebody who went by."""
    if not _same_way(claim, unit):
        return None
    # No step leads from a word to the line: whoever has a card that fits is rather the one who went.
    stepped = claim.carded or not claim.worded or unit.crossed_ms is None
    known = [_by_step(claim, at_ms, unit, usual) for at_ms in claim.presented if stepped]
    known.append(_by_word(claim, unit, usual.window_ms))
    cost = min((each for each in known if each is not None), default=None)
    if cost is None:
        return None
    if claim.person_id is not None and unit.other(claim.person_id):
        apart = None if unit.crossed_ms is None else unit.crossed_ms - claim.first_ms
        return None if apart is None or usual.pace.hurried(apart) else cost + BORROWED
    if claim.person_id is not None and unit.person_id is None and unit.compared(claim.person_id):
        return cost - _leaning(unit.likeness(claim.person_id))
    return cost


def _by_step(claim: Claim, at_ms: int, unit: Unit, usual: Usual) -> float | None:
    """By how long after presenting a card people are over the line; it was presented at `at_ms`."""
    pace, crossed_ms = usual.pace, unit.crossed_ms
    if not _near(claim, at_ms, unit, usual.window_ms):
        return None
    if crossed_ms is not None and crossed_ms - at_ms < pace.soonest_ms:
        return None
    cost = _before_line(claim, unit, usual.now_ms) if crossed_ms is None else pace.cost(crossed_ms - at_ms)
    if crossed_ms is not None and claim.held_ms > crossed_ms + LATE_MS:
        cost += READ_AGAIN
    if pace.in_line and crossed_ms is not None and overtakes(at_ms, crossed_ms, usual.order):
        cost += OVERTAKEN
    if pace.watched and unit.since_ms is not None and at_ms < unit.since_ms - COMING_MS:
        cost += NOT_THERE
    return cost


def _by_word(claim: Claim, unit: Unit, window_ms: int) -> float | None:
    """By a guard's word, who may say before or after somebody is over the line that they may go."""
    word = claim.manual
    if word is None or not claim.worded or unit.crossed_ms is None:
        return None
    apart = unit.crossed_ms - word.at_ms
    if abs(apart) > window_ms:
        return None
    return WORD + (apart / window_ms) ** 2 + (SPOKEN_AFTER if apart < 0 else 0.0)


def without_body(claim: Claim, usual: Usual) -> float:
    """What it costs that nobody is found for a card, or a guard's word: nothing, as long as they may be coming."""
    word = claim.manual if claim.worded else None
    if word is not None and usual.now_ms - word.at_ms <= usual.window_ms:
        return 0.0
    return 0.0 if usual.pace.still_coming(usual.now_ms - max(claim.presented)) else ALONE


def without_card(unit: Unit) -> float:
    """What it costs that there is no card."""
    if unit.crossed_ms is None:
        return 0.0
    return BY_FACE if unit.person_id is not None else ALONE


def without_line(loose: Unit) -> float:
    """What it costs that a face, or a body that was lost, did not go over the line."""
    return ALONE if loose.has_body else ALONE + BODILESS


def joining(loose: Unit, body: Unit, pace: Pace, *, rivalled: bool = True) -> float | None:
    """A loose face, or a body that was lost, and a body that went over the line.

    `rivalled`: somebody else comes into question for one of them. Where nobody does, one whose face is the card owner's
    may dawdle as long as they like.
    """
    if (loose.has_face and body.has_face) or (loose.claims and (body.claims or body.told_ms is not None)):
        return None
    crossed = body.crossed_ms
    assert crossed is not None
    if loose.crossed_ms is not None:
        return in_step(loose, body)
    asked = any(pace.usual(crossed - claim.first_ms, spreads=2) for claim in loose.claims)
    if not (loose.complete or asked) or (loose.has_body and not _follows(loose, body)):
        return None  # who is in view still, and did not present a card at the right time, may go over the line yet
    cost = None if loose.followed else in_step(loose, body)
    if cost is None:
        return None
    late = sum(pace.cost(crossed - claim.first_ms) for claim in loose.claims)
    proved = all(claim.person_id is not None and loose.same(claim.person_id) for claim in loose.claims)
    return min(cost + (min(late, SLOW) if proved and not rivalled else late), FAR)


def near(one: Unit, other: Unit) -> bool:
    """Whether both may have been at the line together."""
    return one.first_seen_ms - HIDDEN_MS <= other.last_seen_ms and other.first_seen_ms - HIDDEN_MS <= one.last_seen_ms


def in_step(loose: Unit, body: Unit) -> float | None:
    """As `joining`, by when both were seen alone."""
    crossed = body.crossed_ms
    assert crossed is not None
    if loose.crossed_ms is not None:
        apart = abs(crossed - loose.crossed_ms)
        return (apart / 1000) ** 2 if apart <= SAME_STEP_MS else None
    before = crossed - loose.last_seen_ms
    if not -HIDDEN_MS <= before <= (LOST_MS if loose.has_body else HIDDEN_MS):
        return None
    after = max(-before - AFTER_MS, 0) / AFTER_MS
    return (before / 1000 / 2) ** 2 + after**2 + (0.0 if loose.has_body else _sight(loose, body))


def staying(face: Unit, body: Unit) -> float | None:
    """A face and a body that stayed before the line: they came at one time, and the body stayed about as long."""
    apart = abs(face.first_seen_ms - body.first_seen_ms)
    if apart > SAME_SIGHT_MS or face.last_seen_ms > body.last_seen_ms + SAME_STEP_MS or (face.claims and body.claims):
        return None
    return (apart / 1000) ** 2


def in_time(claim: Claim, unit: Unit, window_ms: int) -> bool:
    """Whether a card may be of somebody at all."""
    return any(_near(claim, at_ms, unit, window_ms) for at_ms in claim.presented)


def _near(claim: Claim, at_ms: int, unit: Unit, window_ms: int) -> bool:
    if unit.crossed_ms is not None:
        return -LATE_MS <= unit.crossed_ms - at_ms <= window_ms
    seen_ms = at_ms if unit.followed else unit.last_seen_ms
    return unit.first_seen_ms - LATE_MS <= claim.last_ms and at_ms <= seen_ms + window_ms


def _before_line(claim: Claim, unit: Unit, now_ms: int) -> float:
    """Of a card with somebody who is not over the line; who stood there long before came for something else."""
    since_ms = unit.since_ms
    if since_ms is None or not unit.has_body or not -COMING_MS <= claim.first_ms - since_ms <= PATIENCE_MS:
        return NOT_OVER
    gone = unit.complete and claim.first_ms <= unit.last_seen_ms
    return TURNED if gone or (unit.followed and now_ms - claim.first_ms >= HESITATES_MS) else NOT_OVER


def _sight(face: Unit, body: Unit) -> float:
    """A face and its body come into view at about the same time, where that is known; two seconds apart cost one."""
    since_ms = body.since_ms
    return 0.0 if since_ms is None else min(((face.first_seen_ms - since_ms) / SIGHT_MS) ** 2, 1.0)


def _same_way(claim: Claim, unit: Unit) -> bool:
    return unit.way == claim.direction or "none" in (unit.way, claim.direction)


def overtakes(read_ms: int, crossed_ms: int, order: Sequence[tuple[int, int]]) -> bool:
    """Whether somebody in `order` presented a card clearly before and went clearly after, or the other way round."""
    return any(
        min(their_ms - read_ms, crossed_ms - went_ms) > CLOSE_MS
        or min(read_ms - their_ms, went_ms - crossed_ms) > CLOSE_MS
        for their_ms, went_ms in order
    )


def _leaning(likeness: float) -> float:
    """What a comparison that left it open is worth: for the card, or (negative) against it."""
    return max(min((likeness - LIKENESS) * LIKER, LIKE), -LIKE)


def _follows(lost: Unit, found: Unit) -> bool:
    """Whether the body that crossed came into view only when the other was lost, where anything says since when."""
    return found.since_ms is not None and lost.last_seen_ms - found.first_seen_ms <= OVERLAP_MS
