"""Rows of notices and guardians as the JSON of `notice_shapes`."""

from __future__ import annotations

import json

from sqlalchemy import RowMapping

from ..notices.naming import scheme
from ..people.guardians import addresses
from . import notice_shapes as shapes
from .views import Row


def notice(row: Row) -> shapes.Notice:
    """One notice; where it went is not shown, since addresses hold secrets."""
    same = ("to", "channel", "title", "body", "state", "created_at", "sent_at", "happening", "tries", "critical")
    return shapes.Notice(
        **{name: row[name] for name in (*same, "happened_at", "expires_at", "next_at")},
        id=str(row["id"]),
        passage_id=None if row["passage_id"] is None else str(row["passage_id"]),
        alert_id=None if row["alert_id"] is None else str(row["alert_id"]),
        error=row["error"] or None,
        history=[shapes.NoticeTry(**each) for each in json.loads(row["history"])],
    )


def guardian(row: RowMapping, phone_since: str | None) -> shapes.GuardianEntry:
    """A guardian; the schemes of their addresses alone are shown."""
    wanted = row["happenings"]
    return shapes.GuardianEntry(
        id=str(row["id"]),
        name=row["name"],
        language=row["language"],
        channels=[scheme(address) for address in addresses(row)],
        happenings=None if wanted is None else json.loads(wanted),
        quiet=json.loads(row["quiet"]),
        phone_since=phone_since,
    )
