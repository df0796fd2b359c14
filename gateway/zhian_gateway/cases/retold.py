"""One happening that several events of a node tell: its case, whatever window each of them falls into."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, select

from ..store.tables import alerts
from .signals import Raise


def case_of(link: Connection, site: str, wanted: Raise) -> RowMapping | None:
    """The case whose latest raise was of the same transaction, node, kind and subject."""
    if wanted.transaction is None:
        return None
    query = select(alerts).where(
        alerts.c.transaction == wanted.transaction,
        alerts.c.site == site,
        alerts.c.node == wanted.node,
        alerts.c.kind == wanted.kind,
        # Null where it is nobody's, which SQL calls equal to nothing.
        alerts.c.person.is_not_distinct_from(wanted.person),
    )
    return link.execute(query.order_by(alerts.c.id.desc()).limit(1)).mappings().first()
