"""On what ground somebody's data may be used, by purpose: without one for the face, no template.

The rules, in one place:

- `recognition`: the face is compared. Holds only while a consent or ground for it does.
- `listing`: name, cards, plates and guardians are kept. A ground for recognition is one for listing too.
- `notices` (guardians are told of passages) and `evidence` (crops of passages are kept) hold until somebody refuses
  them: who left an address asked to be told, and evidence rests on the site's own ground.
- A new version of a purpose's text: consents to an older one count as *asked again*. They hold until `ask_until` of the
  new text (30 days by default), and not after it. A ground that is no consent (version "") is bound to no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from .. import moments
from ..errors import NoGround

Purpose = Literal["recognition", "listing", "notices", "evidence"]
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
#: The purpose that templates are kept for.
RECOGNITION: Final = "recognition"
LISTING: Final = "listing"
NOTICES: Final = "notices"
EVIDENCE: Final = "evidence"
#: Of these nothing said is no refusal.
UNTIL_REFUSED: Final = frozenset({NOTICES, EVIDENCE})
#: What a ground carries that is a law's or a contract's, and no consent to a text.
NO_TEXT: Final = ""
#: How long guardians have to agree to a new text before what they agreed to ends.
ASK_DAYS: Final = 30

State = Literal["given", "asked_again", "refused", "ended", "unsaid"]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A recorded ground. `until` is RFC 3339; afterwards the templates are deleted everywhere.

    Attributes:
        granted_by: who recorded it.
        given_by: the guardian, or the person, who gave it; given_on: when, `YYYY-MM-DD`.
        words: the text itself, as it was shown to them; "": it was on paper.
    """

    text: str
    until: str
    granted_by: str
    text_version: str = "1"
    purpose: str = RECOGNITION
    given_by: str = ""
    given_on: str = ""
    words: str = ""


class Text(NamedTuple):
    """The present text of a purpose, and until when consents to older ones hold."""

    version: str
    ask_until: str


@dataclass(frozen=True)
class Standing:
    """How it stands with one purpose. `until`: it holds until then; "": it does not hold, or nothing ends it."""

    state: State
    until: str = ""
    text_version: str = ""
    given_by: str = ""
    given_on: str = ""

    @property
    def holds(self) -> bool:
        """Whether a consent or ground stands behind it."""
        return self.state in ("given", "asked_again")


UNSAID: Final = Standing("unsaid")


def standing(rows: Iterable[Any], texts: Mapping[str, Text], now: str) -> dict[str, Standing]:
    """How it stands with every purpose of one person, by their rows of `consents` in the order of writing."""
    found: dict[str, Standing] = dict.fromkeys(PURPOSES, UNSAID)
    for row in rows:
        # The latest word counts, whatever was said before.
        found[row.purpose] = _of(row, texts.get(row.purpose), now)
    return found


def _of(row: Any, text: Text | None, now: str) -> Standing:
    until, outdated = row.until, False
    if text is not None and row.text_version not in (NO_TEXT, text.version):
        until, outdated = min(until, text.ask_until), True
    if row.withdrawn_at is not None:
        state: State = "refused"
    elif until <= now:
        state = "ended"
    else:
        state = "asked_again" if outdated else "given"
    return Standing(state, until if until > now else "", row.text_version, row.given_by, row.given_on)


def ground(*, text: str, until: str, granted_by: str, now: datetime, zone: ZoneInfo, **more: str) -> Ground:
    """A ground until the end of the local day `until` (YYYY-MM-DD); `more` is as in `Ground`.

    Raises:
        NoGround: the text is empty, or the day is none or not in the future.
    """
    if not text.strip():
        raise NoGround("without a ground nobody is enrolled: say which (--ground)")
    try:
        day = date.fromisoformat(until)
        end = datetime.combine(day + timedelta(days=1), time(), zone)
    except (ValueError, OverflowError) as error:
        raise NoGround(f"{until!r} is no date; a ground ends on a day such as 2026-07-31") from error
    if end <= now:
        raise NoGround(f"the ground ended on {until}; nobody is enrolled on it")
    return Ground(text=text.strip(), until=moments.text(end), granted_by=granted_by, **more)
