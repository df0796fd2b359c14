"""Fuses the readings of one track, character by character (pure; the order of readings does not matter)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from zhian_models.plate import grammar
from zhian_models.plate.alphabet import LIKE_DIGITS
from zhian_models.plate.types import Colour, Kind, Plate, Reading, RejectReason

_FULL_WIDTH = 130.0  # pixels; a plate is not read better above
_ALONE = 0.85  # a single reading must be this sure to stand for a track
_TOGETHER = 0.45  # what the least certain character must reach after the vote
_LEAD = 1.25  # by which every character must outweigh its nearest rival: a wrong plate opens for the wrong car
_ONE_READER = 0.6  # of a reading that only one network made: it is wrong in the same way in every frame
_SEEN = 0.2  # a reading supports a character that it gave at least this
_FLOOR = 1e-4
_DIGIT = 4.0
"""How much more often a digit stands where a letter like it may. In serial numbers as issued a given letter is 3 (first
character) to 16 times (last) rarer than a given digit; the least of these and a little is taken. Networks that learned
from plates know some of it already."""
_DOUBTED = 0.05  # of a share that readers leave to whatever looks alike: no evidence
_MAY_VOTE = (None, RejectReason.LOW_CONFIDENCE)


@dataclass(frozen=True, slots=True)
class Vote:
    """A plate, or the reason why the track gives none."""

    plate: Plate | None
    reject: RejectReason | None


def weight(reading: Reading) -> float:
    """How much a reading counts: certain, big and sharp ones more, and those that both networks made."""
    size = min(1.0, reading.width / _FULL_WIDTH)
    readers = 1.0 if reading.readers > 1 else _ONE_READER
    return readers * (0.05 + reading.confidence) * (0.2 + 0.8 * size) * (0.3 + 0.7 * reading.sharpness)


def fuse(readings: Sequence[Reading]) -> Vote:
    """One plate from all readings of one vehicle, whatever their order."""
    voters = [reading for reading in readings if reading.reject in _MAY_VOTE and reading.kind is not None]
    if not voters:
        return Vote(None, _commonest([reading.reject for reading in readings]))
    elected = _elect(_likeliest_length(voters))
    if elected is None:
        return Vote(None, RejectReason.READINGS_DISAGREE)
    plate, supporters, lead = elected
    if lead < _LEAD:
        return Vote(None, RejectReason.READINGS_DISAGREE)
    if supporters < 2 and plate.confidence < _ALONE:
        return Vote(None, RejectReason.TOO_FEW_READINGS)
    if plate.confidence < _TOGETHER:
        return Vote(None, RejectReason.LOW_CONFIDENCE)
    return Vote(plate, None)


def _commonest(reasons: Sequence[RejectReason | None]) -> RejectReason:
    counted = Counter(reason for reason in reasons if reason is not None)
    return max(sorted(counted), key=lambda reason: counted[reason], default=RejectReason.NO_TEXT)


def _likeliest_length(voters: Sequence[Reading]) -> list[Reading]:
    """The readings of the length that weighs most; others are cut plates or plates with a part of something else."""
    lengths: dict[int, list[Reading]] = defaultdict(list)
    for reading in voters:
        lengths[len(reading.positions)].append(reading)
    return max(sorted(lengths.items()), key=lambda item: math.fsum(weight(r) for r in item[1]))[1]


def _elect(voters: Sequence[Reading]) -> tuple[Plate, int, float] | None:
    """The best text that some layout allows, how many readings support it, and its least lead."""
    said, free = _shares(voters), _free(voters)
    shares = [_issued(share) if at in free else share for at, share in enumerate(said)]
    texts = {reading.text for reading in voters} | {"".join(max(sorted(s), key=s.__getitem__) for s in shares)}
    allowed = sorted(text for text in texts if grammar.parse(text) is not None)
    if not allowed:
        return None
    text = max(allowed, key=lambda text: math.fsum(math.log(_share(s, c)) for s, c in zip(shares, text, strict=True)))
    characters = tuple((c, _share(s, c)) for s, c in zip(shares, text, strict=True))
    kind, colour, rows = _kind(text, voters)
    best = max(voters, key=lambda r: (r.text == text, weight(r), r.where.score, r.where.box))
    plate = Plate(
        text=text,
        colour=colour,
        kind=kind,
        rows=rows,
        confidence=min(probability for _, probability in characters),
        characters=characters,
        corners=best.where.corners,
        score=best.where.score,
    )
    lead = min(_lead(text, said), _lead(text, shares))  # what is issued more often decides nothing that is torn
    return plate, sum(_supports(reading, text) for reading in voters), lead


def _lead(text: str, shares: Sequence[dict[str, float]]) -> float:
    """By how much the most contested character outweighs the next one that would make a plate too."""
    return min(
        (
            _share(share, text[at]) / max(_FLOOR, other)
            for at, share in enumerate(shares)
            for symbol, other in share.items()
            if symbol != text[at] and grammar.parse(text[:at] + symbol + text[at + 1 :]) is not None
        ),
        default=1 / _FLOOR,
    )


def _supports(reading: Reading, text: str) -> bool:
    """Whether the reading saw something of every character of `text`."""
    return all(position.get(c, 0.0) >= _SEEN for c, position in zip(text, reading.positions, strict=True))


def _share(share: dict[str, float], symbol: str) -> float:
    return max(_FLOOR, share.get(symbol, 0.0))


def _shares(voters: Sequence[Reading]) -> list[dict[str, float]]:
    """Per position the weighted mean of what the readings say."""
    whole = math.fsum(weight(reading) for reading in voters)
    shares = []
    for at in range(len(voters[0].positions)):
        parts: dict[str, list[float]] = defaultdict(list)
        for reading in voters:
            for symbol, probability in reading.positions[at].items():
                parts[symbol].append(weight(reading) * probability)
        shares.append({symbol: min(1.0, math.fsum(values) / whole) for symbol, values in parts.items()})
    return shares


def _free(voters: Sequence[Reading]) -> set[int]:
    """The positions at which a digit or a letter may stand in whatever these readings take the plate for."""
    layouts = [layout for reading in voters for layout in grammar.layouts_of(reading.text)]
    return {at for layout in layouts for at in layout.free}


def _issued(share: dict[str, float]) -> dict[str, float]:
    """The share with what is contested between a letter and the digit like it given by how often each is issued."""
    weighed = dict(share)
    for letter, digit in LIKE_DIGITS.items():
        said, contested = share.get(letter, 0.0), share.get(digit, 0.0) - _DOUBTED
        if said > 0 and contested > 0:
            moved = said - (said + contested) * said / (said + _DIGIT * contested)
            weighed[letter] -= moved
            weighed[digit] += moved
    return weighed


def _kind(text: str, voters: Sequence[Reading]) -> tuple[Kind, Colour, int]:
    """Kind, colour and rows: what the readings said together, among what the text allows."""
    said: dict[tuple[Kind, Colour, int], list[float]] = defaultdict(list)
    for layout in grammar.layouts_of(text):
        for colour in layout.colours:
            for rows in layout.rows:
                said[layout.kind, colour, rows].append(0.0)
    for reading in voters:
        if reading.kind is not None and (reading.kind, reading.colour, reading.rows) in said:
            said[reading.kind, reading.colour, reading.rows].append(weight(reading))
    return max(sorted(said), key=lambda key: math.fsum(said[key]))
