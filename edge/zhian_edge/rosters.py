"""From the roster that the gateway sent to the gallery that faces are looked up in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import structlog
from numpy.typing import NDArray
from zhian_models.face.errors import FaceError
from zhian_models.face.gallery import Gallery
from zhian_models.face.thresholds import WATCH
from zhian_wire.roster import Person

log = structlog.get_logger(__name__)


class GalleryBuilder:
    """The gallery of everybody with templates of `key`; a foreign or damaged template is refused, and said so."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._gallery = Gallery(key)
        self._foreign: set[str] = set()

    def add(self, persons: Iterable[Person]) -> None:
        """A part of the roster."""
        for person in persons:
            self._foreign |= {template.key for template in person.templates if template.key != self._key}
            held = [template.vector for template in person.templates if template.key == self._key and person.face]
            if held:
                self._enrol(person, held)

    def done(self) -> Gallery:
        """The gallery; another one is begun."""
        if self._foreign:
            log.warning("templates of other networks are not used", here=self._key, there=sorted(self._foreign))
        done, self._gallery, self._foreign = self._gallery, Gallery(self._key), set()
        return done

    def _enrol(self, person: Person, held: Sequence[bytes]) -> None:
        try:
            group = WATCH if person.watch else person.group
            self._gallery.add(person.id, np.stack([_vector(each) for each in held]), group, key=self._key)
        except (FaceError, ValueError) as error:
            log.warning("templates refused", person=person.id, error=str(error))


def _vector(data: bytes) -> NDArray[np.float32]:
    return np.frombuffer(data, dtype="<f4").astype(np.float32)
