"""What an officer found a case to be: confirmed or rejected, with a reason, and after how many repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, select
from zhian_wire.alerts import AlertState

from ..errors import BadInput
from ..store.tables import verdicts

Finding = Literal["confirmed", "rejected"]


@dataclass(frozen=True)
class Verdict:
    """`count`: how often the case had been raised when it was judged; what came later nobody has judged."""

    finding: Finding
    who: str
    at: str
    reason: str
    count: int


def target_of(finding: Finding, state: AlertState) -> AlertState | None:
    """The step that a finding takes with it; None: the case stays where it is.

    Who confirms has received the case, so it waits for nobody any more; who rejects closes it.
    """
    if finding == "rejected":
        return "false_alarm"
    return "acknowledged" if state == "raised" else None


def checked_reason(reason: str) -> str:
    """The reason without its edges; BadInput for none."""
    if not reason.strip():
        raise BadInput("reason: say why")
    return reason.strip()


def keep(link: Connection, alert_id: int, verdict: Verdict) -> None:
    """Write it down, behind the ones before it."""
    values = vars(verdict) | {"alert_id": alert_id, "who": verdict.who[:64]}
    link.execute(verdicts.insert().values(values))


def latest(link: Connection, alert_ids: Sequence[int]) -> dict[int, Verdict]:
    """The last verdict on each of these cases that has one."""
    query = select(verdicts).where(verdicts.c.alert_id.in_(alert_ids)).order_by(verdicts.c.id)
    return {row.alert_id: _verdict(row) for row in link.execute(query)}


_FIELDS: Final = tuple(field.name for field in fields(Verdict))


def _verdict(row: Row[Any]) -> Verdict:
    return Verdict(**{name: row._mapping[name] for name in _FIELDS})
