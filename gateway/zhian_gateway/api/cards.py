"""Cards at a desk: which readers there are, what was shown to one while somebody asks, and whose a card is."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from zhian_wire import cards as spelled
from zhian_wire import codec
from zhian_wire.commands import Presented
from zhian_wire.errors import DecodeError, WireError
from zhian_wire.state import DeviceState

from .. import moments
from ..errors import BadInput, NodeOffline, NotFound
from ..lanes.ordering import clock_of
from ..nodes import identity
from ..people import cards
from ..people.masking import tail
from ..services import Services
from ..store import audit
from . import card_shapes as shapes
from .access import Caller, NodeName, Parts, nodes, users
from .bodies import read_body
from .guarded import GuardedRouter
from .nodes import Name
from .shapes import Done

router = GuardedRouter()
#: A card's number and a few signs around it.
MOST: Final = 1024
BODY: Final = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


@router.get("/api/desk/readers")
@users("admin", "guard")
def list_readers(parts: Parts) -> shapes.DeskReaders:
    """The readers by which an office issues cards, as their nodes last told of them."""
    with parts.store.read() as link:
        admitted = sorted(identity.every(link, parts.site))
    busy = parts.desks.holders(parts.clock())
    return shapes.DeskReaders(
        items=[
            _reader(parts, node, device, busy.get((node, device.id)))
            for node in admitted
            for device in sorted(_desks(parts, node), key=lambda each: each.id)
        ]
    )


@router.post("/api/desk/readers/{node}/{reader}/listen")
@users("admin", "guard")
def listen(parts: Parts, caller: Caller, node: Name, reader: Name, wanted: shapes.ListenRequest) -> shapes.Listening:
    """Hear what is shown to a reader, from now on and for some seconds; asked again while somebody waits for a card."""
    now = parts.clock()
    with parts.store.read() as link:
        admitted = node in identity.every(link, parts.site)
    if not admitted or all(each.id != reader for each in _desks(parts, node)):
        raise NotFound(f"there is no desk's reader {reader!r} at {node!r}")
    if parts.presence.state(node, now) == "offline":
        raise NodeOffline(f"{node} says nothing: its reader cannot be heard")
    ahead = clock_of(parts.presence.last(node))
    asked = parts.desks.ask((node, reader), caller.user, now, after=wanted.after, ahead=ahead)
    if asked.began:
        _note(parts, caller.user, "desk.listen", f"{node}/{reader}")
    if asked.command is not None:
        parts.publish(node, "command", codec.encode_message(asked.command))
    shown = asked.shown
    card = None if shown is None else shapes.ShownCard(card=shown.card, at=moments.text(shown.at))
    return shapes.Listening(after=asked.number, card=card)


@router.put("/desk/{reader}", openapi_extra=BODY)
@nodes
async def put_card(parts: Parts, node: NodeName, reader: Name, request: Request) -> Done:
    """A card was shown to a desk's reader; forgotten at once where nobody waits for it."""
    try:
        said: Presented = codec.decode_message(await read_body(request, MOST), Presented)
        card = spelled.canonical(said.card).card
    except (DecodeError, WireError) as error:
        raise BadInput(f"no card: {error}") from error
    parts.desks.put(node, reader, Presented(read=said.read, card=card, age_ms=said.age_ms), parts.clock())
    return Done()


@router.post("/api/cards/whose")
@users("admin", "guard")
def whose(parts: Parts, caller: Caller, wanted: shapes.CardQuestion) -> shapes.WhoseCard:
    """Whose a card is, as a gate would decide; every look is audited."""
    try:
        card = spelled.canonical(wanted.card, wanted.spelling).card
    except WireError as error:
        raise BadInput(str(error)) from error
    with parts.store.read() as link:
        found = cards.whose(link, card)
    owner = None if found.owner is None else shapes.CardOwner(**found.owner._asdict())
    said = "nobody's" if owner is None else f"{owner.id} ({found.how})"
    _note(parts, caller.user, "card.whose", tail(card), said)
    return shapes.WhoseCard(card=card, how=found.how, owner=owner)


def _desks(parts: Services, node: str) -> list[DeviceState]:
    heard = parts.presence.last(node)
    return [] if heard is None else [each for each in heard.state.devices if each.use == "desk"]


def _reader(parts: Services, node: str, device: DeviceState, busy: str | None) -> shapes.DeskReader:
    offline = parts.presence.state(node, parts.clock()) == "offline"
    return shapes.DeskReader(
        node=node,
        reader=device.id,
        driver=device.driver,
        state="offline" if offline else "ready" if device.status == "ok" else device.status,
        detail=device.detail,
        busy=busy,
    )


def _note(parts: Services, who: str, action: str, subject: str, detail: str = "") -> None:
    with parts.store.write() as link:
        audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, subject=subject, detail=detail)
