"""The last live picture of each camera, kept in memory only, while somebody watches."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from zhian_wire.commands import Watch

from . import moments

MOST_CAMERAS: Final = 256
#: A tile older than this shows the past, and is not shown.
FRESH: Final = timedelta(seconds=10)
#: So long a node sends tiles after somebody last asked for one.
WATCH_LASTS: Final = timedelta(seconds=30)
#: A node that sends nothing is asked again after so long: it may have started meanwhile, and knows of no watching.
ASK_AGAIN: Final = timedelta(seconds=3)


class Tile(NamedTuple):
    """A JPEG or PNG and when it came."""

    data: bytes
    media_type: str
    at: datetime


class Tiles:
    """Latest tiles by node and camera; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tiles: OrderedDict[tuple[str, str], Tile] = OrderedDict()
        self._asked: dict[tuple[str, str], datetime] = {}

    def put(self, node: str, camera: str, tile: Tile) -> None:
        """A node sent a tile; the longest unchanged one goes when there are too many."""
        with self._lock:
            self._tiles[node, camera] = tile
            self._tiles.move_to_end((node, camera))
            while len(self._tiles) > MOST_CAMERAS:
                self._tiles.popitem(last=False)

    def get(self, node: str, camera: str, now: datetime) -> Tile | None:
        """The camera's tile, while it is fresh."""
        with self._lock:
            tile = self._tiles.get((node, camera))
        return tile if tile is not None and now - tile.at <= FRESH else None

    def ask(self, node: str, camera: str, now: datetime, who: str, ahead: timedelta = timedelta()) -> Watch | None:
        """The command that makes the node send tiles; None while one lasts well into the future.

        `ahead`: how far the node's clock is ahead, since the command ends by that clock.
        """
        with self._lock:
            asked, tile = self._asked.get((node, camera)), self._tiles.get((node, camera))
            silent = tile is None or now - tile.at > ASK_AGAIN
            if asked is not None and now - asked < (ASK_AGAIN if silent else WATCH_LASTS / 2):
                return None
            if len(self._asked) >= MOST_CAMERAS:
                self._asked.clear()
            self._asked[node, camera] = now
        return Watch(id=uuid.uuid4().hex, expires=moments.text(now + WATCH_LASTS + ahead), who=who, camera=camera)
