"""Wall time as the wire writes it: RFC 3339, UTC, milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime

from .errors import DecodeError


def to_text(moment: datetime) -> str:
    """`moment` (aware) as `2026-01-01T00:00:00.000Z`; cut, not rounded, so that no time lies in the future."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def from_text(text: str) -> datetime:
    """The aware moment of any RFC 3339 text.

    Raises:
        DecodeError: it is none, or names no offset.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DecodeError(f"time {text!r} is not RFC 3339") from error
    if moment.tzinfo is None:
        raise DecodeError(f"time {text!r} names no offset from UTC")
    return moment
