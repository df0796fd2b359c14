"""The pages of a roster, until the last one is here.

None is in use before that: who is in a page yet to come would be a stranger. They stay while the line is down, and the
next one is asked for where it broke.
"""

from __future__ import annotations

import msgspec
from zhian_wire.roster import Roster, mark_of

from zhian_edge.errors import LinkLost

from .roster_file import Stored


def merge(held: Roster, news: Roster) -> Roster | None:
    """`held` brought up to date by a whole roster or a delta; None when the delta starts elsewhere."""
    if news.since == 0:
        return msgspec.structs.replace(news, removed=())
    if news.since != held.version:
        return None
    persons = {person.id: person for person in held.persons}
    for gone in news.removed:
        persons.pop(gone, None)
    persons |= {person.id: person for person in news.persons}
    return msgspec.structs.replace(news, since=0, persons=tuple(persons.values()), removed=())


class Gathering:
    """What the gateway tells a node that holds `held`.

    Attributes:
        base: what the next answer is about: `held`, or what came in pages and is not in use yet.
    """

    def __init__(self, held: Stored) -> None:
        self.held = held
        self.base = held
        self._pages: list[Roster] = []
        self._etag = ""
        self._whole = False

    def question(self) -> tuple[dict[str, int | str], dict[str, str]]:
        """Parameters and headers of the next request."""
        asked: dict[str, int | str] = {"after": self._pages[-1].next if self._pages else ""}
        if self._pages:
            asked["run"] = mark_of(self._etag)
        if not self.base.etag or self._whole:
            return asked, {}
        return asked | {"since": self.base.roster.version}, {"If-None-Match": self.base.etag}

    def take(self, etag: str, page: Roster) -> Stored | None:
        """What is to be used from now on; None: there is more to ask for at once.

        Raises:
            LinkLost: it does not follow the page before; they are forgotten, to be asked for anew.
        """
        if self._pages and not self._follows(etag, page):
            self.drop()
            raise LinkLost("another roster began among the pages of one")
        self._etag = etag
        self._pages.append(page)
        return None if page.next else self._finish()

    def drop(self) -> None:
        """Forget the pages: they cannot be gone on with."""
        self._pages = []

    def _follows(self, etag: str, page: Roster) -> bool:
        first = self._pages[0]
        return (etag, page.version, page.since) == (self._etag, first.version, first.since)

    def _finish(self) -> Stored | None:
        """Of more than one page, what changed while they came is asked for before they are used: who is in no page for
        that is no stranger.
        """
        pages, self._pages = self._pages, []
        roster = merge(self.base.roster, _joined(pages))
        self._whole = roster is None
        if roster is None:
            return None
        self.base = Stored(self._etag, roster)
        return self.base if len(pages) == 1 else None


def _joined(pages: list[Roster]) -> Roster:
    return msgspec.structs.replace(
        pages[0],
        persons=tuple(person for page in pages for person in page.persons),
        removed=tuple(gone for page in pages for gone in page.removed),
        next="",
    )
