"""Makes templates anew of the pictures that are kept, once another network has taken over; nobody is asked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from .. import moments
from ..errors import NotFound, PeopleError
from ..pictures import PictureStore
from ..store import Store
from ..store.tables import enrolment_pictures, people, templates
from . import consents
from .enrolment import Enrolled, Enroller
from .importing import Report
from .registry import Registry


class Renewer:
    """Renews whoever has no template of the network, and may be looked at; each person is one transaction."""

    def __init__(
        self, store: Store, registry: Registry, pictures: PictureStore, enroller: Enroller, clock: moments.Clock
    ) -> None:
        self._store = store
        self._registry = registry
        self._pictures = pictures
        self._enroller = enroller
        self._clock = clock

    def run(self, *, who: str) -> Iterator[Report]:
        """A report per person, as they are done; who cannot be seen by the network keeps the old templates."""
        for person_id, names in self._due().items():
            try:
                found = self._enrol(person_id, names)
                self._replace(person_id, found, who)
            except (PeopleError, NotFound) as error:
                yield Report(person_id, 0, failed=str(error))
            else:
                yield Report(person_id, len(found.templates), found.complaints)

    def _due(self) -> dict[str, dict[str, str]]:
        """Per person the sha256 of the kept pictures, by name."""
        done = select(templates.c.person_id).where(templates.c.key == self._enroller.key)
        query = (
            select(enrolment_pictures)
            .join(people, people.c.id == enrolment_pictures.c.person_id)
            .where(people.c.withdrawn_at.is_(None), people.c.face, people.c.id.not_in(done))
            .where(enrolment_pictures.c.sha256.is_not(None))
            .order_by(people.c.id, enrolment_pictures.c.name)
        )
        found: dict[str, dict[str, str]] = defaultdict(dict)
        with self._store.read() as link:
            agreed = consents.face_until(link, moments.text(self._clock()))
            for row in link.execute(query):
                if row.person_id not in agreed:
                    continue
                found[row.person_id][row.name] = row.sha256
        return found

    def _enrol(self, person_id: str, names: dict[str, str]) -> Enrolled:
        with TemporaryDirectory(prefix="zhian-") as folder:
            for name, sha256 in names.items():
                (Path(folder) / name).write_bytes(self._pictures.read_portrait(sha256))
            found = self._enroller.enrol(person_id, Path(folder))
        if not found.templates:
            raise PeopleError("none of the kept pictures could be used; the old templates stay")
        return found

    def _replace(self, person_id: str, found: Enrolled, who: str) -> None:
        with self._store.write() as link:
            self._registry.renew(link, person_id, found, who=who, now=moments.text(self._clock()))
