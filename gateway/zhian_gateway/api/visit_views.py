"""Visits as pages get them: numbers masked, nothing that opens anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec
from sqlalchemy import Connection, Row, RowMapping

from ..config_types import Config
from ..services import Services
from ..visitors import agreeing, citizen, hosts, passes, screening
from ..visitors.registering import shown
from ..visitors.rows import Visit, agreed_words
from ..visitors.whereabouts import Place, places
from . import visit_shapes as shapes
from .passage_shapes import Step

_STEP = ("time", "node", "camera", "lane", "kind", "direction", "movement", "zone", "reason", "synthetic")


def visit(row: Visit, at: Mapping[int, Place]) -> shapes.Visit:
    """One visit; `at` says where its visitor is."""
    place, about, said = at.get(row.id), shown(row), screening.from_text(row.screening_detail)
    return shapes.Visit(
        id=str(row.id),
        state=row.state,
        name=about.name,
        phone=about.phone,
        citizen=about.citizen,
        plate=about.plate,
        purpose=about.purpose,
        host=row.host_name,
        area=row.area,
        begins=row.begins,
        ends=row.ends,
        created_by=row.created_by,
        agreed=agreed_words(row),  # type: ignore[arg-type]
        text_version=row.text_version,
        picture=f"/api/visits/{row.id}/picture?v={row.photo[:12]}" if row.photo else None,
        photo_ground=row.photo_ground,
        screening=row.screening,
        screening_detail="; ".join(map(str, said)),
        answers=[shapes.ScreeningAnswer(source=each.source, word=each.word, why=each.why) for each in said],
        decided_by=row.decided_by,
        decision=row.decided_why,
        card=row.card,
        person_id=row.person_id,
        admitted_at=row.admitted_at,
        left_at=row.left_at,
        overdue=row.overdue_at is not None,
        on_site=place is not None and place.on_site,
        zone=place.zone if place is not None else None,
    )


def one(link: Connection, row: Visit) -> shapes.Visit:
    """Likewise, looking up where its visitor is."""
    return visit(row, places(link, [row]))


def host_view(row: shapes.Visit) -> shapes.Visit:
    """As a host sees it: what the desk found out is the desk's affair."""
    hidden: dict[str, Any] = {
        "screening_detail": "",
        "answers": [],
        "decision": "",
        "decided_by": None,
        "photo_ground": "",
        "card": None,
    }
    return row.model_copy(update=hidden | {"picture": None, "citizen": ""})


def steps(found: list[RowMapping]) -> list[Step]:
    """The way of a visitor."""
    return [Step(passage_id=str(each["id"]), **{name: each[name] for name in _STEP}) for each in found]


def desk(link: Connection, parts: Services) -> shapes.Desk:
    """What the forms offer."""
    settings = parts.config.visitors
    return shapes.Desk(
        areas=[shapes.Area(id=each.id, name=each.name) for each in settings.areas],
        hosts=[shapes.Host(kind=each.kind, id=each.id, name=each.name) for each in hosts.everyone(link)],
        usual_minutes=settings.usual_minutes,
        longest_minutes=settings.longest_minutes,
        services=[each.name for each in settings.screening],
        text_version=agreeing.version(parts.config.visitors.services),
        words=words(parts.config),
    )


def words(config: Config) -> dict[str, dict[agreeing.Purpose, str]]:
    """What visitors agree to, in both languages."""
    about = (config.site.name or config.site.id, config.retention.visits_days, config.visitors.services)
    return {"zh-CN": agreeing.words("zh-CN", *about), "en": agreeing.words("en", *about)}


def code_of(parts: Services, row: Visit) -> str:
    """The code of a visit's pass."""
    return passes.code(parts.store.key, row.id, row.serial)


def picture(text: str) -> str:
    """A QR code as a `data:` address."""
    return "data:image/svg+xml," + quote(passes.svg(text), safe=" ='/:")


def guest(parts: Services, row: Visit) -> shapes.GuestView:
    """What the invited person sees."""
    answered = bool(row.agreed)
    code = code_of(parts, row) if answered else None
    return shapes.GuestView(
        site=parts.config.site.name or parts.site,
        timezone=parts.config.site.timezone,
        host=row.host_name,
        begins=row.begins,
        ends=row.ends,
        state=row.state,
        name=row.name,
        answered=answered,
        text_version=agreeing.version(parts.config.visitors.services),
        words=words(parts.config),
        code=code,
        picture=picture(code) if code is not None else None,
    )


def entry(row: Row[Any]) -> shapes.Entry:
    """An entry of the site's own list."""
    return shapes.Entry(
        id=str(row.id),
        name=row.name,
        citizen=citizen.masked(row.citizen),
        plate=row.plate,
        ground=row.ground,
        until=row.until,
        who=row.who,
    )


def record(row: Row[Any]) -> shapes.Record:
    """What stays of a visit."""
    return shapes.Record(
        visit=str(row.visit),
        day=row.day,
        state=row.state,
        held=msgspec.json.decode(row.held, type=list[str]),
        deleted_at=row.deleted_at,
        who=row.who,
        why=row.why,
    )
