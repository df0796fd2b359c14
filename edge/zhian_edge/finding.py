"""One thing that the doctor has tried."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    """One thing that was tried. `advice` says what to do, where something is to do."""

    verdict: Literal["ok", "warn", "fail"]
    text: str
    advice: str = ""
