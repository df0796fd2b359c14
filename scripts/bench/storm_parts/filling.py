"""Fills a store with millions of events, as years of a large site leave them: the database itself makes the rows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select, text
from zhian_gateway.services import Services
from zhian_gateway.store import counters, partitions
from zhian_gateway.store.tables import events

NODES: Final = 1000
#: Of all events: those that still have their bytes, and those that are passages people can look up.
WITH_BYTES: Final = 0.1
PASSAGES: Final = 0.2
ALERTS: Final = 300_000
CHUNK: Final = 500_000
_BODY: Final = 600

_NUMBERS: Final = {
    "sqlite": "WITH RECURSIVE c(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM c WHERE i + 1 < {end})",
    "postgresql": "WITH c(i) AS (SELECT generate_series({first}, {end} - 1))",
}
#: Twenty days of them, in their order.
_TIME: Final = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S.000Z', 'now', '-' || (1728000 - i * 1728000 / {all}) || ' seconds')",
    "postgresql": "to_char((now() at time zone 'utc') - (1728000 - i::bigint * 1728000 / {all}) * interval '1 second',"
    ' \'YYYY-MM-DD"T"HH24:MI:SS".000Z"\')',
}
_HASH: Final = {"sqlite": "lower(hex(randomblob(32)))", "postgresql": "md5(i::text) || md5('x' || i::text)"}
_BYTES: Final = {"sqlite": f"zeroblob({_BODY})", "postgresql": f"decode(repeat('00', {_BODY}), 'hex')"}
_EMPTY: Final = {"sqlite": "x''", "postgresql": "''::bytea"}


def node(number: int) -> str:
    """The name of one of the nodes."""
    return f"n{number:04d}"


def held(parts: Services) -> int:
    """How many events the store holds."""
    with parts.store.read() as link:
        return int(link.execute(select(func.count()).select_from(events)).scalar_one())


def fill(parts: Services, count: int) -> None:
    """Into an empty store: events of `NODES` nodes, passages, alerts that were closed, and what the rules have done."""
    base = _base(parts)
    for first in range(0, count, CHUNK):
        with parts.store.write() as link:
            _events(link, base, first, min(first + CHUNK, count), count)
        print(f"  {min(first + CHUNK, count):,} of {count:,} events", flush=True)
    with parts.store.write() as link:
        _passages(link, base, count)
        _alerts(link)
        _runs(link, count)
        for name in ("followed", "followed_urgent"):
            counters.put(link, name, base + count)  # type: ignore[arg-type]
        if link.dialect.name == "postgresql":
            for sequence, last in (("events_id_seq", base + count), ("alerts_id_seq", ALERTS)):
                link.execute(text(f"SELECT setval('{sequence}', {last})"))
    _settle(parts)


def _base(parts: Services) -> int:
    """After which number events are numbered: on PostgreSQL where this month begins."""
    parts.store.look_ahead(parts.clock())
    with parts.store.read() as link:
        return partitions.base(partitions.month_of(parts.clock())) if link.dialect.name == "postgresql" else 0


def _execute(link: Connection, numbers_of: tuple[int, int, int], insert: str, what: str) -> None:
    """`numbers_of`: the first, the one after the last, and how many there are in all."""
    first, end, count = numbers_of
    kind = link.dialect.name
    words = {"first": first, "end": end, "all": count, "nodes": NODES}
    words |= {"name": "'n' || substr('0000' || (i % {nodes}), -4)".format(**words)}
    if kind == "postgresql":
        words["name"] = f"'n' || lpad((i % {NODES})::text, 4, '0')"
    words |= {"time": _TIME[kind].format(**words), "hash": _HASH[kind], "bytes": _BYTES[kind], "empty": _EMPTY[kind]}
    numbers = _NUMBERS[kind].format(**words)
    statement = f"{numbers}, t AS (SELECT i, {words['name']} AS node, {words['time']} AS at FROM c) {what}"
    link.execute(text(f"INSERT INTO {insert} {statement.format(**words)}".replace(":", "\\:")))


def _events(link: Connection, base: int, first: int, end: int, count: int) -> None:
    bare = int(count * (1 - WITH_BYTES))
    what = (
        f"SELECT {base} + i + 1, 'school', node, 'e0', i / {{nodes}} + 1, 'zhian.passage.v1', at, substr(at, 1, 10), "
        f"at, CASE WHEN i < {bare} THEN {{empty}} ELSE {{bytes}} END, CASE WHEN i < {bare} THEN {{hash}} END FROM t"
    )
    columns = "events (id, site, node, epoch, seq, type, time, day, received_at, body, digest)"
    _execute(link, (first, end, count), columns, what)


def _passages(link: Connection, base: int, count: int) -> None:
    columns = (
        "passages (id, site, camera, kind, direction, reason, node, lane, person, plate, plate_colour, time, day, "
        "movement, synthetic, evidence, received_at)"
    )
    false = "0" if link.dialect.name == "sqlite" else "false"
    what = (
        f"SELECT {base} + i + 1, 'school', 'cam-1', 'plate', 'in', 'seen', node, 'main', NULL, "
        f"'京A' || (10000 + i % 80000), 'blue', at, substr(at, 1, 10), 'arrival', {false}, '[]', at FROM t"
    )
    _execute(link, (int(count * (1 - PASSAGES)), count, count), columns, what)


def _alerts(link: Connection) -> None:
    false = "0" if link.dialect.name == "sqlite" else "false"
    columns = (
        "alerts (id, site, key, kind, severity, state, raised_at, updated_at, count, node, lane, camera, candidate, "
        "detail, evidence, opened_at, last_at)"
    )
    what = (
        "SELECT i + 1, 'school', 'old/' || i, 'door_forced', 'major', "
        "CASE WHEN i % 600 = 0 THEN 'raised' WHEN i % 3 = 0 THEN 'false_alarm' ELSE 'resolved' END, at, at, 1, node, "
        f"'main', NULL, {false}, '', '[]', at, at FROM t"
    )
    _execute(link, (0, ALERTS, ALERTS), columns, what)
    steps = 'transitions (alert_id, source, target, who, "when", note)'
    for source, target in (("raised", "acknowledged"), ("acknowledged", "resolved")):
        _execute(link, (0, ALERTS, ALERTS), steps, f"SELECT i + 1, '{source}', '{target}', 'rule', at, '' FROM t")


def _runs(link: Connection, count: int) -> None:
    each = count // NODES
    columns = "epochs (site, node, epoch, through, highest, first_at)"
    _execute(link, (0, NODES, NODES), columns, f"SELECT 'school', node, 'e0', {each}, {each}, at FROM t")


def _settle(parts: Services) -> None:
    """What the database would have done by itself over the years."""
    with parts.store.write() as link:
        link.execute(text("ANALYZE"))
