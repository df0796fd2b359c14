"""What an officer finds a case to be."""

from __future__ import annotations

from fastapi import Response

from . import alert_shapes as shapes
from .access import Caller, Parts, users
from .alerts import AlertId, find_alert
from .guarded import GuardedRouter
from .tags import IfMatch, check_match, tag_of_shape

router = GuardedRouter(prefix="/api/alerts")


@router.post("/{alert_id}/verdict")
@users("admin", "police")
def judge(
    parts: Parts, caller: Caller, alert_id: AlertId, said: shapes.Judge, *, response: Response, if_match: IfMatch = None
) -> shapes.Alert:
    """Confirm or reject an open case, with the reason; guards see it at once.

    Who confirms a case that nobody had acknowledged has received it; who rejects it closes it as a false alarm. 409
    when somebody was faster; with `If-Match` 412 also when the case was raised once more meanwhile.
    """
    number = int(alert_id)
    with parts.store.write() as link:
        check_match(if_match, find_alert(link, parts, caller, number))
        words = {"finding": said.finding, "reason": said.reason, "expected": said.expected_state}
        parts.book.judge(link, number, who=caller.user, now=parts.now(), **words)  # type: ignore[arg-type]
        changed = find_alert(link, parts, caller, number)
    parts.bell.ring()
    response.headers["ETag"] = tag_of_shape(changed)
    return changed
