"""What can go wrong with faces; a branch of the package's tree (`zhian_models.errors`).

ModelsError
└── FaceError
    ├── UnknownFaceNetwork   a network without an adapter here
    ├── ForeignTemplate      templates of another network, pre-processing or precision class
    ├── BadTemplate          a template that is no unit vector of the gallery's length
    └── NoPictures           an enrolment folder without a picture
"""

from __future__ import annotations

from collections.abc import Iterable

from zhian_models.errors import ModelsError


class FaceError(ModelsError):
    """Anything the face package refuses."""


class UnknownFaceNetwork(FaceError):
    """A network that has no adapter here."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"no face adapter for network {name!r}; there are adapters for {', '.join(sorted(known))}")


class ForeignTemplate(FaceError):
    """Templates of another network, pre-processing or precision class than the gallery's."""

    def __init__(self, expected: str, given: str) -> None:
        super().__init__(
            f"templates of key {given[:12]} cannot be compared with a gallery of key {expected[:12]}: "
            "enrol the pictures again with this network"
        )


class BadTemplate(FaceError):
    """A template that is no unit vector of the gallery's length."""


class NoPictures(FaceError):
    """An enrolment folder that holds no picture."""
