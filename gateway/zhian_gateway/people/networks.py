"""Enrolment by the same networks and the same code as nodes and replays use. Heavy: imported when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from zhian_models.errors import ModelsError
from zhian_models.face import enrol
from zhian_models.face.errors import NoPictures
from zhian_models.runtime import open_runtime
from zhian_models.store import Store

from ..errors import PeopleError
from .enrolment import Complaint, Enrolled

NETWORKS: Final = ("centerface", "fr_feature")
PORTRAIT_SIDE: Final = 640


class NetworkEnroller:
    """The default networks, loaded once."""

    def __init__(self, store: Store | None = None) -> None:
        """Load the networks.

        Raises:
            PeopleError: one is missing or damaged; the text says what to do.
        """
        store = store or Store()
        try:
            runtime = open_runtime(store, NETWORKS)
            self._enroller = enrol.open_enroller(runtime, store.manifest)
        except ModelsError as error:
            raise PeopleError(str(error)) from error

    @property
    def key(self) -> str:
        """As the protocol says."""
        return self._enroller.key

    def enrol(self, person_id: str, folder: Path) -> Enrolled:
        """As the protocol says.

        Raises:
            PeopleError: the folder holds no picture.
        """
        try:
            found = self._enroller.enrol_folder(person_id, folder)
        except NoPictures as error:
            raise PeopleError(f"{error}; who comes by card or plate alone has face = false in person.toml") from error
        except ModelsError as error:
            raise PeopleError(str(error)) from error
        kept = tuple(_small(folder / name) for name in found.pictures)
        best = max(range(len(kept)), key=lambda index: found.qualities[index].score, default=None)
        return Enrolled(
            key=found.key,
            templates=tuple(np.ascontiguousarray(vector, "<f4").tobytes() for vector in found.templates),
            pictures=found.pictures,
            complaints=tuple(Complaint(warn.code, warn.text, warn.picture) for warn in found.warnings),
            kept=kept,
            portrait=None if best is None else kept[best],
        )


def _small(path: Path) -> bytes:
    """The picture, small enough for a page and without what else its file says (place, camera).

    Raises:
        PeopleError: it could be read a moment ago, and cannot any more.
    """
    picture = enrol.read_picture(path)
    if picture is None:
        raise PeopleError(f"{path}: cannot be read any more")
    scale = min(1.0, PORTRAIT_SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 88])[1])
