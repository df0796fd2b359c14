"""Loads the networks that the configured senses need, into one runtime."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from zhian_models.body import NETWORK as BODY
from zhian_models.body import BodyDetector
from zhian_models.face.detect import VIDEO_SIZE, open_detector
from zhian_models.face.embed import Embedder
from zhian_models.face.enrol import Enroller, open_enroller
from zhian_models.face.gallery import Gallery
from zhian_models.face.liveness import Liveness
from zhian_models.face.refine import open_mirror_refiner
from zhian_models.plate.close import SUSPECTED
from zhian_models.plate.detect import NETWORK as PLATES
from zhian_models.plate.detect import PlateDetector
from zhian_models.plate.read import FIRST, SECOND
from zhian_models.plate.reader import PlateReader
from zhian_models.runtime import Runtime, fastest, measure, open_runtime
from zhian_models.store import Store
from zhian_wire.state import NetworkUse

from zhian_edge.config import types as config_types
from zhian_edge.config.types import Recognition

from .bodies import BodySense
from .face_finder import FaceFinder
from .face_reader import FaceReader
from .faces import FaceSense, Naming
from .live import LiveCheck, networks_for
from .plate_finder import PlateFinder
from .plates import PlateSense
from .sense import Sense

FACE_DETECTOR: Final = "centerface"
FACE_EMBEDDER: Final = "fr_feature"
NAMES: Final[dict[config_types.Sense, tuple[str, ...]]] = {
    "face": (FACE_DETECTOR, FACE_EMBEDDER),
    "plate": (PLATES, FIRST, SECOND),
    "body": (BODY,),
}
#: Of a sha256, as many as tell two networks apart.
DIGITS: Final = 12
WIDTH: Final = VIDEO_SIZE[0]
"""Pixels of the picture that faces and plates are looked for in; they are read in the full one."""


@dataclass(frozen=True)
class Networks:
    """One runtime with what the senses need.

    Attributes:
        kind: the runtime's, for the summary and `doctor`.
        liveness: networks that score it; none: it is not asked for.
        living: cameras that name nobody who is not live.
        used: the networks by name, with the first digits of what the manifest pins.
    """

    runtime: Runtime
    store: Store
    kind: str
    recognition: Recognition
    loaded: frozenset[config_types.Sense]
    liveness: tuple[str, ...] = ()
    living: frozenset[str] = frozenset()
    used: tuple[NetworkUse, ...] = ()

    def embedder(self) -> Embedder:
        """What turns faces into templates here."""
        return Embedder(self.runtime, self.store.manifest.get(FACE_EMBEDDER), self.recognition.precision)

    def enroller(self) -> Enroller:
        """Enrols with the very networks that recognise."""
        return open_enroller(
            self.runtime,
            self.store.manifest,
            detector=FACE_DETECTOR,
            network=FACE_EMBEDDER,
            precision=self.recognition.precision,
        )

    def senses(self, gallery: Gallery) -> dict[config_types.Sense, Sense[Any]]:
        """The senses that were loaded; every camera takes of them what it is configured for."""
        built: dict[config_types.Sense, Sense[Any]] = {}
        if "face" in self.loaded:
            naming = Naming.by_fpir(self.recognition.fpir, self.recognition.name_threshold)
            reader = FaceReader(open_mirror_refiner(self.runtime, FACE_DETECTOR), self.embedder())
            live = LiveCheck(Liveness(self.runtime, self.liveness) if self.liveness else None, self.living)
            finder = FaceFinder(partial(open_detector, self.runtime, FACE_DETECTOR))
            built["face"] = FaceSense(finder, reader, gallery, naming, live=live)
        if "plate" in self.loaded:
            plates = PlateFinder(PlateDetector(self.runtime, threshold=SUSPECTED), WIDTH)
            built["plate"] = PlateSense(plates, PlateReader(self.runtime))
        if "body" in self.loaded:
            built["body"] = BodySense(BodyDetector(self.runtime))
        return built


def open_networks(
    recognition: Recognition,
    senses: Iterable[config_types.Sense],
    store: Store,
    living: frozenset[str] = frozenset(),
) -> Networks:
    """Load what `senses` need; the cameras of `living` name nobody who is not live.

    Raises:
        zhian_models.errors.ModelsError: a network was not pulled or is damaged, or the runtime does not exist here.
    """
    wanted = frozenset(senses)
    liveness = networks_for(recognition.liveness, store, living) if "face" in wanted else ()
    names = [*(name for sense in sorted(wanted) for name in NAMES[sense]), *liveness]
    kind: str = recognition.runtime
    if kind == "auto":
        kind = fastest(measure(store, names, precision=recognition.precision, threads=recognition.threads))
    runtime = open_runtime(store, names, kind=kind, precision=recognition.precision, threads=recognition.threads)
    used = tuple(NetworkUse(name=name, digest=store.manifest.get(name).sha256[:DIGITS]) for name in names)
    return Networks(runtime, store, kind, recognition, wanted, liveness, living, used)
