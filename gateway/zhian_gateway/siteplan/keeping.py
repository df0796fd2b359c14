"""The versions of the plan, and the files that they show: the only writer of both. Every change is audited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import msgspec
from sqlalchemy import Connection, delete, select

from .. import moments
from ..errors import BadInput, NotFound
from ..pictures import media_type
from ..services import Services
from ..store import audit
from ..store.tables import plan_files, site_plans
from . import glb, rules
from .plan import Plan

Kind = Literal["picture", "model"]
#: So many versions are kept, so that what was spoilt is brought back.
KEPT: Final = 50
#: A file that no version shows is somebody's who is still drawing; for so long.
DRAWING: Final = timedelta(days=1)


@dataclass(frozen=True)
class Saved:
    """A version of the plan: by whom, and when."""

    version: int
    saved_by: str
    saved_at: str


def latest(link: Connection) -> tuple[Saved, Plan] | None:
    """The plan as it is now; None: nobody has drawn any."""
    row = link.execute(select(site_plans).order_by(site_plans.c.version.desc()).limit(1)).one_or_none()
    return None if row is None else (Saved(row.version, row.saved_by, row.saved_at), _read(row.body))


def one(link: Connection, version: int) -> tuple[Saved, Plan]:
    """An earlier version; NotFound."""
    row = link.execute(select(site_plans).where(site_plans.c.version == version)).one_or_none()
    if row is None:
        raise NotFound(f"there is no version {version} of the plan")
    return Saved(row.version, row.saved_by, row.saved_at), _read(row.body)


def versions(link: Connection) -> list[Saved]:
    """Every version that is kept, the newest first."""
    columns = (site_plans.c.version, site_plans.c.saved_by, site_plans.c.saved_at)
    return [Saved(*row) for row in link.execute(select(*columns).order_by(site_plans.c.version.desc()))]


def save(link: Connection, plan: Plan, parts: Services, *, who: str) -> Saved:
    """Keep the plan as the next version.

    Raises:
        BadInput: it cannot be kept (`rules.check`), or shows a file that nobody brought.
    """
    rules.check(plan)
    _check_files(link, plan)
    before = latest(link)
    saved = Saved(1 if before is None else before[0].version + 1, who, parts.now())
    link.execute(site_plans.insert().values(site=parts.site, body=msgspec.json.encode(plan).decode(), **vars(saved)))
    _tidy(link, saved.version - KEPT, moments.text(parts.clock() - DRAWING))
    told = {"site": parts.site, "at": saved.saved_at, "who": who}
    audit.record(link, action="plan.save", subject=str(saved.version), detail=_counts(plan), **told)
    return saved


def bring(parts: Services, kind: Kind, data: bytes, *, who: str) -> str:
    """Keep a plan's picture or a model; its sha256. The same one again is fine.

    Raises:
        TooBig, BadPicture, BadModel: it cannot be shown.
    """
    media = _checked(parts, kind, data)
    sha256, now = parts.pictures.keep_portrait(data), parts.now()
    with parts.store.write() as link:
        link.execute(delete(plan_files).where(plan_files.c.sha256 == sha256))
        values = {"kind": kind, "media_type": media, "size": len(data), "brought_by": who, "brought_at": now}
        link.execute(plan_files.insert().values(sha256=sha256, site=parts.site, **values))
        told = {"site": parts.site, "at": now, "who": who}
        audit.record(link, action=f"plan.{kind}", subject=sha256, detail=f"{len(data)} bytes", **told)
    return sha256


def media_of(link: Connection, sha256: str) -> str:
    """The media type of a plan's file; NotFound."""
    found: str | None = link.execute(select(plan_files.c.media_type).where(plan_files.c.sha256 == sha256)).scalar()
    if found is None:
        raise NotFound("no such file")
    return found


def _checked(parts: Services, kind: Kind, data: bytes) -> str:
    """The media type of what was brought."""
    if kind == "model":
        glb.check(data)
        return glb.MEDIA_TYPE
    parts.pictures.check(hashlib.sha256(data).hexdigest(), data)
    return media_type(data)


def _read(body: str) -> Plan:
    return msgspec.json.decode(body, type=Plan)


def _files(plan: Plan) -> dict[str, Kind]:
    """What a plan shows."""
    shown: dict[str, Kind] = {plan.sheet.picture: "picture"} if plan.sheet.picture else {}
    return shown | ({plan.model.sha256: "model"} if plan.model else {})


def _check_files(link: Connection, plan: Plan) -> None:
    for sha256, kind in _files(plan).items():
        held = link.execute(select(plan_files.c.kind).where(plan_files.c.sha256 == sha256)).scalar()
        if held != kind:
            raise BadInput(f"{kind} {sha256[:12]}…: nobody brought it")


def _tidy(link: Connection, through: int, before: str) -> None:
    """Forget what is older than the versions that are kept, and files that none of these shows.

    The files themselves are deleted as nobody's, by the night's job.
    """
    link.execute(delete(site_plans).where(site_plans.c.version <= through))
    shown = {sha256 for body in link.execute(select(site_plans.c.body)).scalars() for sha256 in _files(_read(body))}
    for sha256 in link.execute(select(plan_files.c.sha256).where(plan_files.c.brought_at < before)).scalars().all():
        if sha256 not in shown:
            link.execute(delete(plan_files).where(plan_files.c.sha256 == sha256))


def _counts(plan: Plan) -> str:
    lists = {"buildings": plan.buildings, "zones": plan.zones, "gates": plan.gates, "cameras": plan.cameras}
    return ", ".join(f"{len(some)} {kind}" for kind, some in lists.items())
