"""What the gateway's parts share: one object, made once, handed to routes and threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from zhian_wire import kernel_clock, topics

from . import moments
from .attendance.looking import Looks
from .auth.accounts import Accounts
from .auth.limits import MOST_OF_ADDRESS, TryLimit
from .auth.refusals import Refusals
from .bell import Bell
from .cases.book import Book
from .config_types import Config, Storage
from .desks import DeskReaders
from .emergency.board import SirenBoard
from .emergency.calls import WiredButtons
from .ingest.rows import Rows
from .lanes.board import Lanes, recalled
from .lanes.ordering import OrderDesk
from .lately import Lately
from .nodes import words
from .nodes.presence import Presence
from .nodes.siblings import Siblings
from .notices.alerting import Herald
from .notices.queueing import Desk
from .operations.vitals import Vitals
from .people.editing import Editor
from .people.enrolment import Enroller, WhenNeeded
from .people.imports import Imports
from .people.particulars import Particulars
from .people.registry import Registry
from .pictures import PictureStore
from .police.feed import Feed
from .shelves import Folder, Shelf
from .shelves.s3 import Bucket
from .store import Store, claim_site, open_store
from .tiles import Tiles

#: Publishes to a node: node, kind, bytes. What is of kind `roster` is kept by the broker.
Publish = Callable[[str, topics.Down, bytes], None]


@dataclass(frozen=True)
class Services:
    """Everything that routes and workers need."""

    config: Config
    store: Store
    clock: moments.Clock
    zone: ZoneInfo
    book: Book
    desk: Desk
    rows: Rows
    registry: Registry
    editor: Editor
    accounts: Accounts
    pictures: PictureStore
    presence: Presence
    lanes: Lanes
    tries: TryLimit
    sprays: TryLimit
    guests: TryLimit
    publish: Publish
    enroller: Enroller
    bell: Bell = field(default_factory=Bell)
    orders: OrderDesk = field(default_factory=OrderDesk)
    refusals: Refusals = field(default_factory=Refusals)
    tiles: Tiles = field(default_factory=Tiles)
    desks: DeskReaders = field(default_factory=DeskReaders)
    imports: Imports[Any] = field(default_factory=Imports)
    sirens: SirenBoard = field(default_factory=SirenBoard)
    siblings: Siblings = field(default_factory=Siblings)
    vitals: Vitals = field(default_factory=Vitals)
    looks: Looks = field(default_factory=Looks)
    lately: Lately = field(default_factory=Lately)
    #: By node and epoch, the number from which the node's count fell: receipts tell it, so that it begins another one.
    falls: dict[tuple[str, str], int] = field(default_factory=dict)
    synchronised: Callable[[], bool] = kernel_clock.is_synchronised

    @property
    def particulars(self) -> Particulars:
        """What an office types of somebody."""
        return Particulars(self.editor, self.site, self.config.notices)

    @property
    def site(self) -> str:
        """The site's id."""
        return self.config.site.id

    def now(self) -> str:
        """The time, as the store writes it."""
        return moments.text(self.clock())

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """A change, which the pages hear of once it is stored."""
        with self.store.write() as link:
            yield link
        self.bell.ring()


def shelf_of(settings: Storage) -> Shelf:
    """Where the configuration wants the pictures.

    Raises:
        ConfigError: it cannot be used.
    """
    if not settings.pictures:
        return Folder(settings.picture_folder)
    credentials = Path(settings.pictures_credentials) if settings.pictures_credentials else None
    return Bucket(settings.pictures, settings.pictures_endpoint, credentials)


def open_services(
    config: Config, *, publish: Publish, clock: moments.Clock = moments.wall_clock, enroller: Enroller | None = None
) -> Services:
    """Open the store and everything on it; `enroller`: without one the default networks, once they are needed.

    Raises:
        ConfigError: the site's own texts of notices cannot be used.
        StoreError: the database is another site's, or a newer version's.
    """
    desk = Desk(config)
    store = open_store(config.store.location, config.store.keys)
    try:
        claim_site(store, site=config.site.id, name=config.site.name, timezone=config.site.timezone)
    except BaseException:
        store.close()
        raise
    site, zone = config.site.id, ZoneInfo(config.site.timezone)
    return Services(
        config=config,
        store=store,
        clock=clock,
        zone=zone,
        book=Book(site, [WiredButtons(site, config.emergency), Feed(config.police.kinds), Herald(config, desk)]),
        desk=desk,
        rows=Rows(site, zone),
        registry=Registry(site, zone),
        editor=Editor(site, zone),
        accounts=Accounts(store, site, clock, config.sign_in),
        pictures=PictureStore(shelf_of(config.store), config.store.picture_max_kb * 1024, store.vault),
        presence=Presence(config.rules.silent_s),
        lanes=recalled(store),
        falls=_falls(store, site),
        tries=TryLimit(),
        sprays=TryLimit(MOST_OF_ADDRESS),
        guests=TryLimit(MOST_OF_ADDRESS),
        publish=publish,
        enroller=enroller or WhenNeeded(),
        # A clock that was handed in is nobody's battery.
        synchronised=kernel_clock.is_synchronised if clock is moments.wall_clock else lambda: True,
    )


def _falls(store: Store, site: str) -> dict[tuple[str, str], int]:
    with store.read() as link:
        return words.fallen(link, site)
