"""The gateway's store: SQLAlchemy Core tables behind one way of reading and one of writing."""

from __future__ import annotations

from .engine import Store, claim_site, open_store

__all__ = ["Store", "claim_site", "open_store"]
