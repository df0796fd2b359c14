"""Whether what was read is certain enough to be said, and what to call it where it is not (pure)."""

from __future__ import annotations

from zhian_models.plate import grammar
from zhian_models.plate.alphabet import INDEX, PROVINCES
from zhian_models.plate.judge import Verdict
from zhian_models.plate.types import RejectReason

STRAIN = 6.0
"""What a text may cost beyond what the looks show by themselves."""
_MOST_STRAIN, _CONFIDENT = 9.0, 0.5  # other lettering strains by 9 and more, without confidence
_CONFIDENCE = 0.3
_CLEARLY, _CLEARLY_CONFIDENCE = 1.5, 0.15  # a text that nothing else comes near may have one faint character
_PROVINCE_CONFIDENCE, _PROVINCE_LEAD = 0.5, 4.0
"""On drawn plates spoiled hard 6 of 9 wrong texts had a fainter province, and 5 of 120 right ones; of 250 read off
photographs none had."""


def refusal(verdict: Verdict, plain: str) -> RejectReason | None:
    """Why the verdict is no plate to report, None where it is one; `plain` is what the last look shows by itself."""
    if verdict.strain > (STRAIN if verdict.confidence < _CONFIDENT else _MOST_STRAIN):
        return grammar.why_not(plain) or RejectReason.NOT_PLATE_TEXT
    return RejectReason.LOW_CONFIDENCE if _faint(verdict) or _guessed(verdict) else None


def _faint(verdict: Verdict) -> bool:
    """Whether too little was seen of some character."""
    return verdict.confidence < (_CONFIDENCE if verdict.margin < _CLEARLY else _CLEARLY_CONFIDENCE)


def _guessed(verdict: Verdict) -> bool:
    """Whether the province is faint and another one not much fainter: it is what readers guess best."""
    provinces = {symbol: float(verdict.positions[0][INDEX[symbol]]) for symbol in PROVINCES}
    seen = provinces.pop(verdict.text[0], 1.0)
    return seen < _PROVINCE_CONFIDENCE and max(provinces.values()) > seen / _PROVINCE_LEAD
