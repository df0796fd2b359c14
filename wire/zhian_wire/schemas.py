"""JSON Schemas of everything on the wire, for those who integrate; `python -m zhian_wire.schemas` writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from .codec import _Envelope
from .commands import Answer, Command, Presented, RosterNotice
from .events import TYPES
from .receipts import Receipt
from .roster import Roster
from .state import NodeState
from .whereabouts import SitePresence

FOLDER = Path(__file__).parent / "schemas"
MESSAGES: dict[str, Any] = {
    "receipt": Receipt,
    "command": Command,
    "answer": Answer,
    "presented": Presented,
    "state": NodeState,
    "roster-notice": RosterNotice,
    "roster": Roster,
    "presence": SitePresence,
}


def generate() -> dict[str, str]:
    """Schema text by file name: one per event type, whole with its envelope, and one per other message."""
    events = {f"{name}.json": _event_schema(name, cls) for name, cls in TYPES.items()}
    others = {f"{name}.json": _schema(name, kind) for name, kind in MESSAGES.items()}
    return {name: json.dumps(body, indent=2, ensure_ascii=False) + "\n" for name, body in {**events, **others}.items()}


def write(folder: Path = FOLDER) -> None:
    """Write every schema into `folder`."""
    folder.mkdir(exist_ok=True)
    for name, text in generate().items():
        (folder / name).write_text(text, encoding="utf-8")


def _schema(name: str, kind: Any) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **msgspec.json.schema(kind)}


def _event_schema(name: str, cls: type[msgspec.Struct]) -> dict[str, Any]:
    (_, data), parts = msgspec.json.schema_components((_Envelope, cls), ref_template="#/$defs/{name}")
    body = parts.pop(_Envelope.__name__)
    body["properties"]["type"] = {"const": name}
    body["properties"]["data"] = data
    body["title"] = name
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body, "$defs": parts}


if __name__ == "__main__":
    write()
