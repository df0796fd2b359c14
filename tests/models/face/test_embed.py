"""Embedding: the network gets what its contract says, and a template is a unit vector of one key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from zhian_models.face.align import align, align_smoothly
from zhian_models.face.embed import CONTRACTS, Embedder
from zhian_models.face.errors import ForeignTemplate, UnknownFaceNetwork
from zhian_models.face.gallery import Gallery
from zhian_models.manifest import Manifest, load_manifest
from zhian_models.runtime import Runtime, open_runtime
from zhian_models.store import Store

from .stand_ins import Scripted, drawn_face

POINTS = np.array([[141, 107], [177, 107], [160, 131], [143, 152], [176, 152]], np.float32)
BGR, RGB = [0, 1, 2], [2, 1, 0]
CROP = np.arange(112 * 112 * 3, dtype=np.uint64).astype(np.uint8).reshape(112, 112, 3)


def first_pixels(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """A network that answers its upper left pixel's three channels and a one."""
    (tensor,) = arrays.values()
    return {"output": np.append(tensor[0, :, 0, 0], 1.0)[None].astype(np.float32)}


@pytest.mark.parametrize(
    ("network", "order", "mean", "scale"),
    [
        ("fr_feature", BGR, 127.5, 128.0),
        ("w600k_mbf", RGB, 127.5, 127.5),
        ("w600k_r50", RGB, 127.5, 127.5),
        ("sface", RGB, 0.0, 1.0),
        ("edgeface_s", RGB, 127.5, 127.5),
        ("adaface_ir18", BGR, 127.5, 127.5),
    ],
)
def test_each_network_gets_its_colours_and_scale(
    manifest: Manifest, network: str, order: list[int], mean: float, scale: float
) -> None:
    runtime = Scripted(**{network: first_pixels})
    Embedder(runtime, manifest.get(network)).embed([CROP])
    (_, first), (_, mirrored) = runtime.asked
    (tensor,) = first.values()
    assert tensor.shape == (1, 3, 112, 112)
    assert np.allclose(tensor[0], (CROP[:, :, order].transpose(2, 0, 1) - mean) / scale, atol=1e-5)
    assert np.allclose(next(iter(mirrored.values())), tensor[..., ::-1], atol=1e-6)


def test_a_template_is_the_mean_of_the_crop_and_its_mirror_image_of_length_one(manifest: Manifest) -> None:
    (template,) = Embedder(Scripted(fr_feature=first_pixels), manifest.get("fr_feature")).embed([CROP])
    both = (CROP[0, 0].astype(float) + CROP[0, -1] - 255) / 128
    expected = np.append(both, 2.0)
    assert np.allclose(template, expected / np.linalg.norm(expected), atol=1e-5)


def test_a_glance_leaves_the_mirror_image_out(manifest: Manifest) -> None:
    template = Embedder(Scripted(fr_feature=first_pixels), manifest.get("fr_feature")).glance(CROP)
    expected = np.append((CROP[0, 0].astype(float) - 127.5) / 128, 1.0)
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
    keys = {name: Embedder(Scripted(), manifest.get(name)).key for name in CONTRACTS}
    assert keys["fr_feature"] == manifest.get("fr_feature").template_key("f32")
    assert len(set(keys.values())) == len(CONTRACTS)


def tiny(path: Path, input_name: str, dimensions: int) -> None:
    """A network of 112x112 pictures: the mean of each channel, times one fixed row a dimension."""
    rows = np.random.default_rng(dimensions).normal(size=(3, dimensions)).astype(np.float32)
    graph = onnx.helper.make_graph(
        [
            onnx.helper.make_node("GlobalAveragePool", [input_name], ["mean"]),
            onnx.helper.make_node("Flatten", ["mean"], ["flat"]),
            onnx.helper.make_node("MatMul", ["flat", "rows"], ["fc1"]),
        ],
        "tiny",
        [onnx.helper.make_tensor_value_info(input_name, onnx.TensorProto.FLOAT, [1, 3, 112, 112])],
        [onnx.helper.make_tensor_value_info("fc1", onnx.TensorProto.FLOAT, [1, dimensions])],
        [onnx.numpy_helper.from_array(rows, "rows")],
    )
    opset = [onnx.helper.make_opsetid("", 18)]
    path.write_bytes(onnx.helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())


@pytest.mark.parametrize(("name", "numbers"), [("sface", 128), ("edgeface_s", 512), ("adaface_ir18", 512)])
def test_a_brought_network_gives_templates_of_its_own_length_and_key(tmp_path: Path, name: str, numbers: int) -> None:
    """The seam in one piece: a pinned file of the network's contract, the runtime, the adapter, a gallery."""
    file = tmp_path / "net.onnx"
    tiny(file, CONTRACTS[name].input_name, numbers)
    raw = file.read_bytes()
    known = load_manifest().get(name)
    assert known.embedding is not None
    assert known.embedding.dimensions == numbers
    entry = replace(known, sha256=hashlib.sha256(raw).hexdigest(), size=len(raw))
    store = Store(tmp_path / "home", Manifest(source=(), network=(entry,)))
    store.target(entry).parent.mkdir(parents=True)
    store.target(entry).write_bytes(raw)
    embedder = Embedder(open_runtime(store, [name]), entry)
    first, second = embedder.embed([np.full((112, 112, 3), colour, np.uint8) for colour in ((0, 0, 255), (255, 0, 0))])
    assert first.shape == (numbers,)
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    assert float(first @ second) < 0.9
    gallery = Gallery(embedder.key)
    gallery.add("p", first[None], key=embedder.key)
    assert gallery.search(first).cosine == pytest.approx(1, abs=1e-5)
    with pytest.raises(ForeignTemplate):
        gallery.add("q", first[None], key=load_manifest().get("fr_feature").template_key())


def test_each_network_s_crops_are_cut_as_it_wants_them(manifest: Manifest) -> None:
    """fr_feature a little smaller and smooth, the others as their publishers do."""
    picture = drawn_face()
    plain = align(picture, POINTS)
    assert np.array_equal(Embedder(Scripted(), manifest.get("sface")).crop(picture, POINTS), plain)
    ours = Embedder(Scripted(), manifest.get("fr_feature")).crop(picture, POINTS)
    assert np.array_equal(ours, align_smoothly(picture, POINTS, 0.96))
    assert not np.array_equal(ours, plain)


def test_fr_feature_gives_the_template_it_gave_before(networks: Runtime, manifest: Manifest) -> None:
    (template,) = Embedder(networks, manifest.get("fr_feature")).embed([align(drawn_face(), POINTS)])
    assert template.shape == (512,)
    golden = [-0.045825, 0.007557, -0.006604, 0.020014, 0.072893, 0.020414]
    assert template[:6] == pytest.approx(golden, abs=2e-3)
