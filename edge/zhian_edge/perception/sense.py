"""The contract of a sense: it finds, looks closely, tells subjects apart and judges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from zhian_edge.capture.frame import Frame
from zhian_edge.config import types as config_types

from .attention import Where
from .dossier import Dossier, Judgement, View
from .types import Detection

V = TypeVar("V", bound=View)


class Sense(Protocol[V]):
    """Faces, plates or bodies; serves all cameras and keeps nothing of any subject itself."""

    kind: config_types.Sense
    hold_ms: int
    """How long a subject that was lost in mid-picture may be found again as the same."""
    search: float
    """How many intervals lie between looks while nothing of this kind is followed."""
    selective: bool
    """Whether it gains by being told where to look."""

    def find(self, frame: Frame, where: Where | None = None) -> Sequence[Detection]:
        """Everything of this kind in the frame, or only what is there where a selective sense is told to look."""
        ...

    def look(self, dossier: Dossier[V], frame: Frame, detection: Detection) -> bool:
        """Look closely if it is worth while; whether the dossier learnt something."""
        ...

    def denies(self, dossier: Dossier[V], frame: Frame, detection: Detection) -> bool:
        """Whether the detection plainly shows somebody else than the dossier's subject."""
        ...

    def same(self, lost: Dossier[V], found: Dossier[V]) -> bool:
        """Whether `found` is the subject that was lost before."""
        ...

    def judge(self, dossier: Dossier[V]) -> Judgement[V] | None:
        """What it is; None when it was not seen well enough to say that anybody was there."""
        ...

    def dismissal(self, dossier: Dossier[V]) -> str:
        """Why `judge` has nothing to say, as a counter's name."""
        ...

    def settled(self, dossier: Dossier[V]) -> bool:
        """Whether further looks would hardly teach anything."""
        ...
