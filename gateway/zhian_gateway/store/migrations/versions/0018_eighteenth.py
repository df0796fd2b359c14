"""Where nodes' numbers are looked up; on PostgreSQL, events and passages by the month (`partitions.py` says why)."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

#: Rows with smaller numbers are those that were there before there were months: January 2026, as `partitions.base`.
FIRST = 202601 * 10**10
_DIVIDED = ("events", "passages")
_REFERENCE = "ALTER TABLE passages ADD CONSTRAINT fk_passages_id FOREIGN KEY (id) REFERENCES events (id)"
_NUMBERED = "ALTER TABLE events ADD CONSTRAINT uq_events_site_node_epoch_seq UNIQUE (site, node, epoch, seq)"

_KEYS = (
    "CREATE TABLE runs (id SERIAL CONSTRAINT pk_runs PRIMARY KEY, site VARCHAR NOT NULL, node VARCHAR NOT NULL, "
    "epoch VARCHAR NOT NULL, CONSTRAINT uq_runs_site_node_epoch UNIQUE (site, node, epoch))",
    "CREATE TABLE event_keys (run INTEGER NOT NULL, seq INTEGER NOT NULL, id BIGINT NOT NULL, "
    "CONSTRAINT pk_event_keys PRIMARY KEY (run, seq))",
    "INSERT INTO runs (site, node, epoch) SELECT DISTINCT site, node, epoch FROM events",
    "INSERT INTO event_keys SELECT runs.id, seq, events.id FROM events JOIN runs USING (site, node, epoch)",
    # Once per statement, over all that it added: one batch of ingest is one COPY.
    """CREATE FUNCTION note_event_keys() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO runs (site, node, epoch)
            SELECT DISTINCT site, node, epoch FROM added
            WHERE NOT EXISTS (SELECT 1 FROM runs WHERE (runs.site, runs.node, runs.epoch)
                = (added.site, added.node, added.epoch));
        INSERT INTO event_keys
            SELECT runs.id, added.seq, added.id FROM added JOIN runs USING (site, node, epoch);
        RETURN NULL;
    END $$""",
    "CREATE FUNCTION forget_event_keys() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "DELETE FROM event_keys USING removed, runs WHERE (runs.site, runs.node, runs.epoch) "
    "= (removed.site, removed.node, removed.epoch) AND event_keys.run = runs.id AND event_keys.seq = removed.seq; "
    "RETURN NULL; END $$",
    "CREATE TRIGGER note_event_keys AFTER INSERT ON events REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION note_event_keys()",
    "CREATE TRIGGER forget_event_keys AFTER DELETE ON events REFERENCING OLD TABLE AS removed "
    "FOR EACH STATEMENT EXECUTE FUNCTION forget_event_keys()",
    "CREATE VIEW event_numbers AS SELECT site, node, epoch, seq, event_keys.id "
    "FROM event_keys JOIN runs ON runs.id = event_keys.run",
)


def upgrade() -> None:
    """Every row stays what and where it is."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIEW event_numbers AS SELECT site, node, epoch, seq, id FROM events")
        return
    _run(["ALTER TABLE passages DROP CONSTRAINT fk_passages_id"])
    _run(["ALTER TABLE events DROP CONSTRAINT uq_events_site_node_epoch_seq"])
    for table in _DIVIDED:
        _divide(table)
    _run(["ALTER SEQUENCE events_id_seq OWNED BY events.id", _REFERENCE, *_KEYS])


def _indexes(table: str) -> dict[str, str]:
    """How each index of a table is made that no constraint makes."""
    query = sa.text("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table AND indexname LIKE 'ix%'")
    found = op.get_bind().execute(query, {"table": table})
    # A divided table's own says that it is for itself alone.
    return {row.indexname: row.indexdef.replace(" ON ONLY ", " ON ") for row in found}


def _divide(table: str) -> None:
    """Make the table the first part of one by its name."""
    indexes = _indexes(table)
    _run(
        [
            f"ALTER TABLE {table} RENAME TO {table}_before",
            f"ALTER INDEX pk_{table} RENAME TO pk_{table}_before",
            *(f"ALTER INDEX {index} RENAME TO {index}_before" for index in indexes),
            f"CREATE TABLE {table} (LIKE {table}_before INCLUDING DEFAULTS) PARTITION BY RANGE (id)",
            f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY (id)",
            f"ALTER TABLE {table} ATTACH PARTITION {table}_before FOR VALUES FROM (MINVALUE) TO ({FIRST})",
            # The first part's own index is found to be the same, and becomes part of it.
            *indexes.values(),
        ]
    )


def downgrade() -> None:
    """The months become one table again; what has a number keeps it."""
    op.execute("DROP VIEW event_numbers")
    if op.get_bind().dialect.name == "sqlite":
        return
    _run(["ALTER TABLE passages DROP CONSTRAINT fk_passages_id", "DROP TABLE event_keys", "DROP TABLE runs"])
    _run(["ALTER SEQUENCE events_id_seq OWNED BY NONE"])
    for table in _DIVIDED:
        _join(table)
    _run(["ALTER SEQUENCE events_id_seq OWNED BY events.id", _NUMBERED, _REFERENCE])
    _run(["DROP FUNCTION note_event_keys()", "DROP FUNCTION forget_event_keys()"])


def _join(table: str) -> None:
    indexes = _indexes(table)
    _run(
        [
            f"CREATE TABLE {table}_whole (LIKE {table} INCLUDING DEFAULTS)",
            f"INSERT INTO {table}_whole SELECT * FROM {table}",  # noqa: S608
            f"DROP TABLE {table}",
            f"ALTER TABLE {table}_whole RENAME TO {table}",
            f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY (id)",
            *indexes.values(),
        ]
    )


def _run(statements: Sequence[str]) -> None:
    for statement in statements:
        op.execute(sa.text(statement))
