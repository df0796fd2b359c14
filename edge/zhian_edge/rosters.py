"""From the roster that the gateway sent to the gallery that faces are looked up in."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import structlog
from numpy.typing import NDArray
from zhian_models.face.errors import FaceError
from zhian_models.face.gallery import Gallery
from zhian_models.face.thresholds import WATCH
from zhian_wire.roster import Person

log = structlog.get_logger(__name__)


def gallery_of(persons: Iterable[Person], key: str) -> Gallery:
    """The gallery of everybody with templates of `key`; a foreign or damaged template is refused, and said so."""
    gallery = Gallery(key)
    foreign: set[str] = set()
    for person in persons:
        foreign |= {template.key for template in person.templates if template.key != key}
        held = [template.vector for template in person.templates if template.key == key and person.face]
        if not held:
            continue
        try:
            group = WATCH if person.watch else person.group
            gallery.add(person.id, np.stack([_vector(each) for each in held]), group, key=key)
        except (FaceError, ValueError) as error:
            log.warning("templates refused", person=person.id, error=str(error))
    if foreign:
        log.warning("templates of other networks are not used", here=key, there=sorted(foreign))
    return gallery


def _vector(data: bytes) -> NDArray[np.float32]:
    return np.frombuffer(data, dtype="<f4").astype(np.float32)
