"""A conditioned network computes the same, and is made anew when its original changes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper
from zhian_models.conditioning import cache, condition, conditioned
from zhian_models.conditioning.cache import cached_path
from zhian_models.conditioning.prelu import Form
from zhian_models.errors import ConversionError, DamagedNetwork
from zhian_models.manifest import Network
from zhian_models.runtime import example_input
from zhian_models.store import Store

from ..conftest import digest, entry, manifest_of


def run(data: bytes, arrays: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return list(onnxruntime.InferenceSession(data, options).run(None, arrays))


@pytest.fixture
def model(tiny: bytes) -> onnx.ModelProto:
    return onnx.load_model_from_string(condition(tiny, entry("tiny", tiny, shape=("n", 3))))


def test_weights_are_no_inputs_and_unused_ones_are_gone(model: onnx.ModelProto) -> None:
    assert [i.name for i in model.graph.input] == ["x"]
    assert "unused" not in {t.name for t in model.graph.initializer}


def test_what_follows_from_constants_is_computed_once(model: onnx.ModelProto) -> None:
    assert "Constant" not in {n.op_type for n in model.graph.node}
    folded = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    assert folded["steeper"] == pytest.approx([1.25])


def test_what_the_reference_cannot_compute_is_left_to_the_runtime(tiny: bytes) -> None:
    odd = onnx.load_model_from_string(tiny)
    odd.graph.node[1].op_type = "Unheard"
    after = onnx.load_model_from_string(condition(odd.SerializeToString(), entry("odd", tiny)))
    assert "Unheard" in {n.op_type for n in after.graph.node}


def test_denormals_are_zero_and_others_are_not_touched(model: onnx.ModelProto) -> None:
    (w,) = (numpy_helper.to_array(t) for t in model.graph.initializer if t.name == "w")
    assert w.tolist() == [2.0, 0.0, -3.0]


def test_prelu_becomes_operations_with_the_same_result(model: onnx.ModelProto, tiny: bytes) -> None:
    assert "PRelu" not in {n.op_type for n in model.graph.node}
    x = np.array([[-4.0, 5.0, 6.0]], np.float32)
    (after,) = run(model.SerializeToString(), {"x": x})
    assert after.tolist() == [[-10.0, 0.0, -22.5]]
    assert after == pytest.approx(run(tiny, {"x": x})[0], abs=1e-6)


def test_a_declared_shape_is_made_free(model: onnx.ModelProto) -> None:
    (y,) = run(model.SerializeToString(), {"x": np.ones((4, 3), np.float32)})
    assert y.shape == (4, 3)


def test_metadata_survives(model: onnx.ModelProto) -> None:
    assert {p.key: p.value for p in model.metadata_props} == {"alphabet": "天地"}


def test_conditioning_is_deterministic_and_refuses_what_is_no_network(tiny: bytes) -> None:
    network = entry("tiny", tiny)
    assert condition(tiny, network) == condition(tiny, network)
    with pytest.raises(ConversionError, match="tiny: not an ONNX file"):
        condition(b"<html>not found</html>", network)


def test_the_cache_is_used(tiny_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = conditioned(tiny_store, tiny_store.manifest.get("tiny"))
    monkeypatch.setattr(cache, "condition", lambda *_: pytest.fail("made twice"))
    assert conditioned(tiny_store, tiny_store.manifest.get("tiny")) == first


def test_another_original_or_another_version_makes_another_file(
    tiny_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tiny_store.manifest.get("tiny")
    conditioned(tiny_store, old)
    changed = onnx.load_model_from_string(tiny_store.path("tiny").read_bytes())
    changed.producer_name = "another"
    data = changed.SerializeToString()
    new = msgspec.structs.replace(old, sha256=digest(data))
    store = Store(tiny_store.home, manifest_of(tiny_store.manifest.source[0], new))
    store.target(new).write_bytes(data)
    conditioned(store, new)
    assert cached_path(store, new).is_file()
    assert not cached_path(store, old).exists(), "the stale one is gone"
    before = cached_path(store, new)
    monkeypatch.setattr(cache, "VERSION", cache.VERSION + 1)
    assert cached_path(store, new) != before


def test_a_changed_original_is_never_run(tiny_store: Store) -> None:
    conditioned(tiny_store, tiny_store.manifest.get("tiny"))
    path = tiny_store.path("tiny")
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(DamagedNetwork, match="run `zhian-models pull`"):
        conditioned(tiny_store, tiny_store.manifest.get("tiny"))


def test_a_store_that_cannot_be_written_is_no_obstacle(tiny_store: Store) -> None:
    (tiny_store.folder / "conditioned").write_text("in the way")
    assert conditioned(tiny_store, tiny_store.manifest.get("tiny"))


def planes(slope: NDArray[np.float32]) -> bytes:
    """y = PRelu(x) over pictures of as many planes as there are slopes."""
    shape = ["n", slope.shape[0], "h", "w"]
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("PRelu", ["x", "slope"], ["y"])],
        "planes",
        [value("x", onnx.TensorProto.FLOAT, shape)],
        [value("y", onnx.TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(slope, "slope")],
    )
    model = onnx.helper.make_model(graph, ir_version=8, opset_imports=[onnx.helper.make_opsetid("", 13)])
    return bytes(model.SerializeToString())


@pytest.mark.parametrize("form", ["convolutions", "elements"])
def test_each_form_of_prelu_gives_the_same_for_every_plane(form: Form) -> None:
    slope = np.array([0.25, -0.5, 0.0, 1.0], np.float32).reshape(4, 1, 1)
    data = planes(slope)
    x = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype(np.float32)
    after = condition(data, entry("planes", data), form)
    assert "PRelu" not in {n.op_type for n in onnx.load_model_from_string(after).graph.node}
    np.testing.assert_allclose(run(after, {"x": x})[0], np.where(x > 0, x, x * slope), atol=1e-6)


def test_forms_for_different_runtimes_lie_side_by_side(tiny_store: Store) -> None:
    network = tiny_store.manifest.get("tiny")
    conditioned(tiny_store, network, "elements")
    conditioned(tiny_store, network, "convolutions")
    assert cached_path(tiny_store, network, "elements").is_file()
    assert cached_path(tiny_store, network, "convolutions").is_file()


DEFAULTS = ("centerface", "fr_feature", "fr_liveness", "clp_det", "clp_rec", "ppocr_rec", "nanodet")


@pytest.mark.parametrize("form", ["convolutions", "elements"])
@pytest.mark.parametrize("name", DEFAULTS)
def test_real_networks_give_the_same_outputs_conditioned(name: str, form: Form, models_home: Path) -> None:
    store = Store(models_home)
    network = store.manifest.get(name)
    arrays = example_input(network)
    before = run(_as_shipped(store, network), arrays)
    after = run(conditioned(store, network, form), arrays)
    for a, b in zip(before, after, strict=True):
        np.testing.assert_allclose(a, b, atol=2e-4, rtol=1e-3)
    if network.embedding:
        a, b = before[0][0], after[0][0]
        assert float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) >= 0.999


def _as_shipped(store: Store, network: Network) -> bytes:
    """The original; only a declared shape that refuses the usual input is corrected."""
    from zhian_models.conditioning.passes import declare_shape  # noqa: PLC0415

    model = onnx.load_model(store.path(network.name))
    if network.shape:
        declare_shape(model, network.shape)
    return bytes(model.SerializeToString())
