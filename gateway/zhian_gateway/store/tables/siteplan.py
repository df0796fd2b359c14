"""The site as it was drawn."""

from __future__ import annotations

from sqlalchemy import Column

from ..migrations import NUMBER
from .columns import DIGEST, names, table, texts, times

# Every version that is kept; the body is JSON (`siteplan.plan.Plan`).
site_plans = table(
    "site_plans",
    Column("version", NUMBER, primary_key=True, autoincrement=False),
    *names("site", "saved_by"),
    *times("saved_at"),
    *texts("body"),
)
# Pictures of plans and models, which lie with the pictures of people; `kind`: picture or model.
plan_files = table(
    "plan_files",
    Column("sha256", DIGEST, primary_key=True),
    *names("site", "kind", "media_type"),
    Column("size", NUMBER, nullable=False),
    *names("brought_by"),
    *times("brought_at"),
)
