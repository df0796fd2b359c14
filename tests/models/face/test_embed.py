"""Embedding: the network gets what its contract says, and a template is a unit vector of one key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_models.face.align import align
from zhian_models.face.embed import Embedder
from zhian_models.face.errors import UnknownFaceNetwork
from zhian_models.manifest import Manifest
from zhian_models.runtime import Runtime

from .stand_ins import Scripted, drawn_face

POINTS = np.array([[141, 107], [177, 107], [160, 131], [143, 152], [176, 152]], np.float32)
CROP = np.arange(112 * 112 * 3, dtype=np.uint64).astype(np.uint8).reshape(112, 112, 3)


def first_pixels(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """A network that answers its upper left pixel's three channels and a one."""
    (tensor,) = arrays.values()
    return {"output": np.append(tensor[0, :, 0, 0], 1.0)[None].astype(np.float32)}


@pytest.mark.parametrize(
    ("network", "order", "scale"), [("fr_feature", [0, 1, 2], 128.0), ("w600k_mbf", [2, 1, 0], 127.5)]
)
def test_each_network_gets_its_colours_and_scale(
    manifest: Manifest, network: str, order: list[int], scale: float
) -> None:
    runtime = Scripted(**{network: first_pixels})
    Embedder(runtime, manifest.get(network)).embed([CROP])
    (_, first), (_, mirrored) = runtime.asked
    (tensor,) = first.values()
    assert tensor.shape == (1, 3, 112, 112)
    assert np.allclose(tensor[0], (CROP[:, :, order].transpose(2, 0, 1) - 127.5) / scale, atol=1e-5)
    assert np.allclose(next(iter(mirrored.values())), tensor[..., ::-1], atol=1e-6)


def test_a_template_is_the_mean_of_the_crop_and_its_mirror_image_of_length_one(manifest: Manifest) -> None:
    (template,) = Embedder(Scripted(fr_feature=first_pixels), manifest.get("fr_feature")).embed([CROP])
    both = (CROP[0, 0].astype(float) + CROP[0, -1] - 255) / 128
    expected = np.append(both, 2.0)
    assert np.allclose(template, expected / np.linalg.norm(expected), atol=1e-5)


def test_nothing_to_embed_is_nothing(manifest: Manifest) -> None:
    assert len(Embedder(Scripted(), manifest.get("fr_feature")).embed([])) == 0


def test_a_crop_of_another_size_is_refused(manifest: Manifest) -> None:
    with pytest.raises(ValueError, match="112x112x3, not 96x112x3"):
        Embedder(Scripted(), manifest.get("fr_feature")).embed([CROP[:96]])


def test_a_network_that_is_no_embedding_is_refused(manifest: Manifest) -> None:
    with pytest.raises(UnknownFaceNetwork, match="centerface"):
        Embedder(Scripted(), manifest.get("centerface"))


def test_the_key_is_the_manifest_s_and_differs_between_networks(manifest: Manifest) -> None:
    keys = {name: Embedder(Scripted(), manifest.get(name)).key for name in ("fr_feature", "w600k_mbf", "w600k_r50")}
    assert keys["fr_feature"] == manifest.get("fr_feature").template_key("f32")
    assert len(set(keys.values())) == 3


def test_fr_feature_gives_the_template_it_gave_before(networks: Runtime, manifest: Manifest) -> None:
    (template,) = Embedder(networks, manifest.get("fr_feature")).embed([align(drawn_face(), POINTS)])
    assert template.shape == (512,)
    golden = [-0.045825, 0.007557, -0.006604, 0.020014, 0.072893, 0.020414]
    assert template[:6] == pytest.approx(golden, abs=2e-3)
