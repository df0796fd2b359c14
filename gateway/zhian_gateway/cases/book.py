"""The book of cases: the only writer of alerts and their transitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, cast

from sqlalchemy import Connection, RowMapping, bindparam, select, update
from zhian_wire.alerts import CLOSED, AlertState, Severity, Transition, advance, raise_again, worst
from zhian_wire.errors import IllegalTransition

from ..errors import BadInput, Conflict, NotFound
from ..store import audit, stream
from ..store.tables import alert_passages, alerts, transitions
from . import photos, repeats, retold, verdicts
from .pieces import to_text
from .sending import NOTHING, Extra, Sent
from .signals import Clear, Raise

# Built once: to build one takes longer than to run it, and in a storm there are twenty new cases a second.
_WITH_KEY: Final = select(alerts).where(alerts.c.site == bindparam("site"), alerts.c.key == bindparam("key"))
_WITH_ID: Final = select(alerts).where(alerts.c.site == bindparam("site"), alerts.c.id == bindparam("id"))
_OPENED: Final = alerts.insert().returning(alerts)
_MOVED: Final = (
    update(alerts)
    .where(alerts.c.id == bindparam("which"), alerts.c.state == bindparam("source"))
    .values(state=bindparam("to"), updated_at=bindparam("now"), waiting_since=bindparam("since"))
)


class Listener(Protocol):
    """Hears of every change, inside its transaction."""

    def __call__(self, link: Connection, alert: RowMapping, at: str) -> None:
        """`alert` is the row as it is now."""


class Book:
    """Opens, merges, moves and closes cases of one site; every step is audited and told to pages and listeners."""

    def __init__(self, site: str, listeners: Sequence[Listener] = ()) -> None:
        self._site = site
        self._listeners = tuple(listeners)

    def take(self, link: Connection, signals: Sequence[Raise | Clear], now: str) -> None:
        """Everything that came together: repeats of one case between two clears of it are merged at once."""
        waiting: dict[str, list[Raise]] = {}
        for signal in signals:
            if isinstance(signal, Raise):
                if signal.transaction is not None:
                    self._raise_all(link, [signal], now)
                    continue
                waiting.setdefault(signal.key, []).append(signal)
                continue
            if same := waiting.pop(signal.key, None):
                self._raise_all(link, same, now)
            self.clear(link, signal, now)
        for same in waiting.values():
            self._raise_all(link, same, now)

    def raise_(self, link: Connection, wanted: Raise, now: str) -> int:
        """The id of the case that `wanted` opened, or merged into and so opened again."""
        return self._raise_all(link, [wanted], now)

    def _raise_all(self, link: Connection, same: Sequence[Raise], now: str) -> int:
        """As often as `same`, all of one key: what changes between them would be seen by nobody."""
        if (told := retold.case_of(link, self._site, same[-1])) is not None:
            return self._retell(link, told, same[-1], now)
        found = self._with_key(link, same[0].key)
        alert = self._open(link, same, now) if found is None else self._merge(link, found, same, now)
        alert_id = int(alert["id"])
        shown = [{"alert_id": alert_id, "passage_id": one.passage_id} for one in same if one.passage_id is not None]
        if shown:
            link.execute(alert_passages.insert(), shown)
        repeats.keep(link, alert_id, same, first=found is None)
        self._tell_as(link, alert, now)
        return alert_id

    def _retell(self, link: Connection, told: RowMapping, wanted: Raise, now: str) -> int:
        """The same happening once more: it is neither counted nor opened again, whatever became of it meanwhile."""
        alert_id = int(told["id"])
        if wanted.passage_id is None:
            return alert_id
        values = _columns(wanted) | {"updated_at": now}
        values["severity"] = worst((cast(Severity, told["severity"]), wanted.severity))
        link.execute(update(alerts).where(alerts.c.id == alert_id).values(values))
        link.execute(alert_passages.insert(), {"alert_id": alert_id, "passage_id": wanted.passage_id})
        repeats.change_last(link, alert_id, wanted)
        self._tell(link, alert_id, now)
        return alert_id

    def clear(self, link: Connection, gone: Clear, now: str) -> None:
        """Resolve the open case with that key, if there is one."""
        found = self._with_key(link, gone.key)
        if found is None or found["state"] in CLOSED:
            return
        step = Transition(source=found["state"], target="resolved", who="rule", when=gone.at, note=gone.note)
        self._write_step(link, found, step, now)
        self._tell(link, found["id"], now)

    def move(
        self,
        link: Connection,
        alert_id: int,
        *,
        target: AlertState,
        who: str,
        now: str,
        note: str,
        expected: AlertState,
        sent: Sent | None = None,
        picture: str | None = None,
    ) -> None:
        """Take a step that a person asked for, who saw the case in state `expected`.

        Args:
            sent: to whom it is dispatched.
            picture: sha256 of what was photographed there, which was brought for this case before.

        Raises:
            NotFound: no such case.
            Conflict: somebody was faster, or the step is not allowed from there.
            BadInput: somebody is sent by another step than `dispatched`, or the picture was not brought.
        """
        if sent is not None and target != "dispatched":
            raise BadInput(f"assignee: nobody is sent by {target}")
        if picture is not None:
            photos.check(link, alert_id, picture)
        found = self._find(link, alert_id)
        step = Transition(source=expected, target=target, who=who, when=now, note=note)
        try:
            advance(cast(AlertState, found["state"]), step)
        except IllegalTransition as error:
            raise Conflict(str(error)) from error
        self._write_step(link, found, step, now, Extra(sent, picture))
        self._tell(link, alert_id, now)

    def judge(
        self,
        link: Connection,
        alert_id: int,
        *,
        finding: verdicts.Finding,
        who: str,
        now: str,
        reason: str,
        expected: AlertState,
    ) -> None:
        """Somebody entitled to it says what an open case is, who saw it in state `expected`.

        Raises:
            NotFound: no such case.
            Conflict: somebody was faster, or the case is closed: open it again first.
            BadInput: without a reason.
        """
        why = verdicts.checked_reason(reason)
        found = self._find(link, alert_id)
        if found["state"] != expected:
            raise Conflict(f"the alert is {found['state']}, not {expected}")
        if expected in CLOSED:
            raise Conflict(f"an alert that is {expected} is not judged any more")
        target = verdicts.target_of(finding, expected)
        verdicts.keep(link, alert_id, verdicts.Verdict(finding, who, now, why, int(found["count"])))
        told = {"action": "alert.judge", "subject": str(alert_id), "detail": f"{finding}: {why}"}
        audit.record(link, site=self._site, at=now, who=who, **told)
        if target is None:
            link.execute(update(alerts).where(alerts.c.id == alert_id).values(updated_at=now))
        else:
            step = Transition(source=expected, target=target, who=who, when=now, note=why)
            self._write_step(link, found, step, now)
        self._tell(link, alert_id, now)

    def tell_again(self, link: Connection, key: str, now: str, detail: str | None) -> None:
        """What stands beside the case with that key changed, so that pages and listeners look at it once more.

        Args:
            detail: what the case says from now on; None: as before.
        """
        query = select(alerts.c.id).where(alerts.c.site == self._site, alerts.c.key == key)
        alert_id = link.execute(query).scalar()
        if alert_id is None:
            return
        values = {"updated_at": now} | ({} if detail is None else {"detail": detail})
        link.execute(update(alerts).where(alerts.c.id == alert_id).values(values))
        self._tell(link, alert_id, now)

    def _with_key(self, link: Connection, key: str) -> RowMapping | None:
        return link.execute(_WITH_KEY, {"site": self._site, "key": key}).mappings().one_or_none()

    def _find(self, link: Connection, alert_id: int) -> RowMapping:
        found = link.execute(_WITH_ID, {"site": self._site, "id": alert_id}).mappings().one_or_none()
        if found is None:
            raise NotFound(f"there is no alert {alert_id}")
        return found

    def _open(self, link: Connection, same: Sequence[Raise], now: str) -> RowMapping:
        row = _columns(same[-1]) | {"key": same[0].key, "site": self._site, "count": len(same), "state": "raised"}
        row |= {"raised_at": same[0].at, "updated_at": now, "opened_at": now, "waiting_since": now}
        row["last_at"] = max(one.at for one in same)
        row["severity"] = worst(one.severity for one in same)
        return link.execute(_OPENED, row).mappings().one()

    def _merge(self, link: Connection, found: RowMapping, same: Sequence[Raise], now: str) -> RowMapping:
        values = _columns(same[-1]) | {"count": found["count"] + len(same), "updated_at": now}
        values["last_at"] = max(found["last_at"], *(one.at for one in same))
        # Nobody has closed the worse one that it was: a milder repeat must not take it off who is waited for.
        before = () if found["state"] in CLOSED else (cast(Severity, found["severity"]),)
        values["severity"] = worst((*before, *(one.severity for one in same)))
        step = raise_again(found["state"], who="rule", when=same[0].at, note="raised again")
        if step is not None:
            self._write_step(link, found, step, now)
        merged = update(alerts).where(alerts.c.id == found["id"]).values(values).returning(alerts)
        return link.execute(merged).mappings().one()

    def _write_step(
        self, link: Connection, found: RowMapping, step: Transition, now: str, extra: Extra = NOTHING
    ) -> None:
        values: dict[str, object] = {"to": step.target, "now": now, "since": now if step.target == "raised" else None}
        moved = link.execute(_MOVED, values | {"which": found["id"], "source": step.source})
        if moved.rowcount != 1:
            raise Conflict("somebody else was faster")
        told = {"source": step.source, "target": step.target, "who": step.who, "when": step.when, "note": step.note}
        heard = {"heard_at": None if step.when == now else now, "alert_id": found["id"]}
        link.execute(transitions.insert(), told | extra.columns() | heard)
        change = f"{step.source} -> {step.target}{extra.text()}" + (f": {step.note}" if step.note else "")
        audit.record(
            link, site=self._site, at=now, who=step.who, action="alert.move", subject=str(found["id"]), detail=change
        )

    def _tell(self, link: Connection, alert_id: int, now: str) -> None:
        self._tell_as(link, self._find(link, alert_id), now)

    def _tell_as(self, link: Connection, alert: RowMapping, now: str) -> None:
        """`alert`: as it is now."""
        stream.push(link, "alert", str(alert["id"]), now)
        for listener in self._listeners:
            listener(link, alert, now)


def _columns(wanted: Raise) -> dict[str, object]:
    """What every raise sets anew: a case shows its latest evidence."""
    return {
        "kind": wanted.kind,
        "node": wanted.node,
        "camera": wanted.camera,
        "lane": wanted.lane,
        "person": wanted.person,
        "plate": wanted.plate,
        "plate_colour": wanted.plate_colour,
        "candidate": wanted.candidate,
        "detail": wanted.detail,
        "evidence": to_text(wanted.evidence),
        "passage_id": wanted.passage_id,
        "transaction": wanted.transaction,
    }
