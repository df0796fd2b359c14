"""The labelled photographs as templates: one as enrolment makes it, one as a camera's single look gives it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from zhian_models.face.detect import open_detector
from zhian_models.face.embed import Embedder, Templates, unit
from zhian_models.face.enrol import find_faces, open_enroller, read_picture
from zhian_models.face.refine import REFINES, open_refiner
from zhian_models.face.types import Picture
from zhian_models.runtime import open_runtime
from zhian_models.store import Store

LOOKS = 5
"""Looks of an emulated track."""

ONE_PERSON = 0.605
"""Two strangers at least so much alike are, by eye, one person twice in all six pairs of the material."""


@dataclass(frozen=True, eq=False)
class Material:
    """Row i of every array is one photograph.

    `enrolled` and `looks` (n, d) are its templates; `tracks` (n, LOOKS, d) are those of an emulated track, only for
    strangers (others are zero). `person` and `group` label it. `doubles` are strangers left out because
    another stranger is the same person, `lost` photographs without a template.
    """

    files: tuple[str, ...]
    person: NDArray[np.str_]
    group: NDArray[np.str_]
    enrolled: Templates
    looks: Templates
    tracks: NDArray[np.float32]
    doubles: tuple[tuple[str, str, float], ...]
    lost: tuple[str, ...]
    key: str

    @property
    def known(self) -> tuple[str, ...]:
        """The groups whose people have several pictures."""
        return tuple(str(group) for group in np.unique(self.group) if group != "strangers")

    def of(self, group: str) -> NDArray[np.intp]:
        """Rows of one group."""
        return np.nonzero(self.group == group)[0]


@dataclass(frozen=True, eq=False)
class _Row:
    file: str
    person: str
    group: str
    enrolled: NDArray[np.float32]
    look: NDArray[np.float32]
    track: NDArray[np.float32]


def load(folder: Path, store: Store, detector: str, network: str, seed: int) -> Material:
    """Compute every template of the photographs that `folder`/truth.tsv lists."""
    runtime = open_runtime(store, [detector, network])
    enroller = open_enroller(runtime, store.manifest, detector=detector, network=network)
    embedder = Embedder(runtime, store.manifest.get(network))
    finder = open_detector(runtime, detector)
    refiner = open_refiner(runtime, detector) if detector in REFINES else None
    rng = np.random.default_rng(seed)
    rows: list[_Row] = []
    lost: list[str] = []
    for file, group, person in _truth(folder):
        picture = read_picture(folder / file)
        enrolment = enroller.enrol_pictures(person, [(file, picture)])
        if picture is None or not len(enrolment.templates):
            lost.append(file)
            continue
        face = max(find_faces(finder, picture), key=lambda one: one.box[2])
        crop = embedder.crop(picture, (refiner.refine(picture, face) if refiner else face).points)
        track = np.zeros((LOOKS, enrolment.templates.shape[1]), np.float32)
        if group == "strangers":
            track = embedder.embed([disturbed(crop, rng) for _ in range(LOOKS)])
        rows.append(_Row(file, person, group, enrolment.templates[0], embedder.embed([crop])[0], track))
    return _material(rows, lost, embedder.key)


def _truth(folder: Path) -> Iterator[tuple[str, str, str]]:
    with (folder / "truth.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield row["file"], row["group"], row["person"]


def _material(rows: list[_Row], lost: list[str], key: str) -> Material:
    doubles = tuple(_doubles([row for row in rows if row.group == "strangers"]))
    left_out = {file for _, file, _ in doubles}
    kept = [row for row in rows if row.file not in left_out]
    return Material(
        files=tuple(row.file for row in kept),
        person=np.array([row.person for row in kept]),
        group=np.array([row.group for row in kept]),
        enrolled=np.stack([row.enrolled for row in kept]),
        looks=np.stack([row.look for row in kept]),
        tracks=np.stack([row.track for row in kept]),
        doubles=doubles,
        lost=tuple(lost),
        key=key,
    )


def _doubles(strangers: list[_Row]) -> Iterator[tuple[str, str, float]]:
    templates = np.stack([row.enrolled for row in strangers])
    alike = templates @ templates.T
    for second in range(len(strangers)):
        first = int(np.argmax(alike[second, :second])) if second else 0
        if second and alike[second, first] >= ONE_PERSON:
            yield strangers[first].file, strangers[second].file, round(float(alike[second, first]), 3)


def disturbed(crop: Picture, rng: np.random.Generator) -> Picture:
    """The crop as another moment would give it: shifted, scaled, leaning, coarser, moved, lighter or darker."""
    turn = cv2.getRotationMatrix2D((56, 64), rng.uniform(-5, 5), rng.uniform(0.95, 1.05))
    turn[:, 2] += rng.uniform(-2.5, 2.5, 2)
    moved = cv2.warpAffine(crop, turn, (112, 112), borderMode=cv2.BORDER_REPLICATE)
    side = int(rng.uniform(45, 112))  # 112 pixels are 35 between the eyes, 45 are 14
    coarse = cv2.resize(cv2.resize(moved, (side, side), interpolation=cv2.INTER_AREA), (112, 112))
    soft = cv2.GaussianBlur(coarse, (0, 0), rng.uniform(0.1, 1.0))
    lit = soft.astype(np.float32) * rng.uniform(0.6, 1.3) + rng.normal(0, 3, soft.shape)
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def synthetic(real: Templates, count: int, rng: np.random.Generator) -> Templates:
    """Distractor templates that nobody owns: a stranger's, pulled towards two others', around the common mean.

    Their tail is a little lighter than real people's, which is why thresholds beyond the real ones are also
    extrapolated, and the higher value counts.
    """
    mean = real.mean(axis=0)
    first, second, third = (real[rng.integers(0, len(real), count)] - mean for _ in range(3))
    return unit(mean + 0.75 * first + 0.47 * second + 0.47 * third)
