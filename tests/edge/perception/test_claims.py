"""A card's claim is answered by the face, 1:1: the same, plainly another, or not to be told."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_edge.perception.claims import Claims
from zhian_models.face.gallery import Gallery

Vector = NDArray[np.float32]


def axis(n: int) -> Vector:
    return np.eye(16, dtype=np.float32)[n]


def towards(share: float) -> Vector:
    """A template whose cosine with the first axis is `share`."""
    return np.asarray(share * axis(0) + (1 - share**2) ** 0.5 * axis(9), np.float32)


@pytest.fixture
def gallery() -> Gallery:
    made = Gallery("key")
    made.add("ann", axis(0))
    made.add("bob", axis(1))
    return made


@pytest.mark.parametrize(
    ("share", "looks", "live", "verdict"),
    [
        (0.9, 4, True, "same"),
        (0.9, 1, True, "same"),
        (0.9, 4, False, "unsure"),  # a live face is demanded, and this one is not shown to be
        (0.3, 4, True, "unsure"),
        (0.0, 4, True, "other"),
        (0.0, 2, True, "unsure"),  # too few looks to deny anybody
    ],
)
def test_a_face_is_the_same_another_or_neither(
    gallery: Gallery, share: float, looks: int, live: bool, verdict: str
) -> None:
    claims = Claims()
    claims.use({"gate": ("ann",)})
    (check,) = claims.check("gate", towards(share), gallery, looks=looks, live=live)
    assert (check.person_id, check.verdict) == ("ann", verdict)


def test_only_those_are_compared_who_are_claimed_at_this_camera_and_enrolled(gallery: Gallery) -> None:
    claims = Claims()
    claims.use({"gate": ("ann", "nobody", "bob"), "yard": ()})
    found = claims.check("gate", axis(1), gallery, looks=5, live=True)
    assert [(check.person_id, check.verdict) for check in found] == [("ann", "other"), ("bob", "same")]
    assert claims.check("yard", axis(1), gallery, looks=5, live=True) == ()
    assert claims.check("elsewhere", axis(1), gallery, looks=5, live=True) == ()
    claims.use({"gate": ()})
    assert claims.check("gate", axis(1), gallery, looks=5, live=True) == ()
