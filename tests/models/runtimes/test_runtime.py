"""Every runtime keeps the same promises: answers by name, errors that say what, counts."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import numpy as np
import onnx
import pytest
from zhian_models.errors import BadInput, MissingNetwork, RuntimeUnavailable, UnknownNetwork
from zhian_models.manifest import Source
from zhian_models.runtime import Runtime, Timing, example_input, fastest, measure, open_runtime
from zhian_models.runtimes import RUNTIMES, open_vino
from zhian_models.runtimes.open_vino import SHAPES_KEPT, WORTH_COMPILING
from zhian_models.store import Store

from ..conftest import entry, manifest_of


@pytest.fixture(params=RUNTIMES)
def runtime(request: pytest.FixtureRequest, tiny_store: Store) -> Runtime:
    if request.param == "openvino":
        pytest.importorskip("openvino", reason="OpenVINO is an optional extra")
    return open_runtime(tiny_store, ["tiny"], kind=request.param)


def test_outputs_come_by_name_and_belong_to_the_caller(runtime: Runtime) -> None:
    first = runtime.run("tiny", {"x": np.array([[1, 1, -1]])})
    kept = first["y"].copy()
    runtime.run("tiny", {"x": np.zeros((1, 3))})
    assert list(first) == ["y"]
    assert first["y"].tolist() == kept.tolist() == [[2.0, 0.0, 3.0]]


def test_shapes_may_change_from_run_to_run(runtime: Runtime) -> None:
    for rows in range(1, SHAPES_KEPT + 4):
        assert runtime.run("tiny", {"x": np.ones((rows, 3), np.float32)})["y"].shape == (rows, 3)


def test_a_shape_that_comes_often_is_answered_as_the_first_time(runtime: Runtime) -> None:
    x = np.random.default_rng(3).normal(size=(5, 3)).astype(np.float32)
    answers = [runtime.run("tiny", {"x": x})["y"] for _ in range(WORTH_COMPILING + 2)]
    assert all(np.array_equal(answers[0], answer) for answer in answers)


def test_only_shapes_that_come_often_are_compiled_for(tiny_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openvino", reason="OpenVINO is an optional extra")
    compiled: list[open_vino.Shapes] = []
    original = open_vino.OpenVinoSession._compile

    def counted(session: open_vino.OpenVinoSession, shapes: open_vino.Shapes) -> object:
        compiled.append(shapes)
        return original(session, shapes)

    monkeypatch.setattr(open_vino.OpenVinoSession, "_compile", counted)
    runtime = open_runtime(tiny_store, ["tiny"], kind="openvino")
    for rows in range(1, 30):
        runtime.run("tiny", {"x": np.ones((rows, 3), np.float32)})
    assert compiled == []
    for _ in range(2 * WORTH_COMPILING):
        runtime.run("tiny", {"x": np.ones((2, 3), np.float32)})
    assert compiled == [((2, 3),)]
    for _ in range(2):
        runtime.prepare("tiny", {"x": (7, 3)})
    assert compiled == [((2, 3),), ((7, 3),)]


def test_what_is_prepared_for_answers_the_same_and_what_cannot_come_is_not_prepared_for(runtime: Runtime) -> None:
    x = np.ones((9, 3), np.float32)
    before = runtime.run("tiny", {"x": x})["y"]
    runtime.prepare("tiny", {"x": (9, 3)})
    runtime.prepare("tiny", {"x": (9, 4)})
    assert np.array_equal(runtime.run("tiny", {"x": x})["y"], before)


def test_input_of_any_layout_and_type_is_taken(runtime: Runtime) -> None:
    x = np.asfortranarray(np.array([[1, 2, 3], [4, 5, 6]], np.float64))
    assert runtime.run("tiny", {"x": x})["y"] == pytest.approx(np.array([[2, 0, -11.25], [8, 0, -22.5]]))


def test_a_wrong_name_and_a_wrong_shape_say_what_is_asked_for(runtime: Runtime) -> None:
    with pytest.raises(BadInput, match=r"tiny: inputs are \['x'\], not \['z'\]"):
        runtime.run("tiny", {"z": np.ones((1, 3))})
    with pytest.raises(BadInput, match=r"'x' has the shape \?x3, not \(1, 4\)"):
        runtime.run("tiny", {"x": np.ones((1, 4))})
    with pytest.raises(UnknownNetwork, match="'other' is not loaded; loaded: tiny"):
        runtime.run("other", {})


def test_metadata_is_what_the_file_says(runtime: Runtime) -> None:
    assert runtime.metadata("tiny")["alphabet"] == "天地"


def test_runs_are_counted_by_network(runtime: Runtime) -> None:
    assert runtime.stats()["tiny"].runs == 0
    for _ in range(3):
        runtime.run("tiny", {"x": np.ones((1, 3))})
    assert runtime.stats()["tiny"].runs == 3
    assert runtime.stats()["tiny"].total_ms > 0


def test_what_is_not_there_is_named(tiny_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeUnavailable, match="no runtime is called 'tensorrt'; there are: onnxruntime, openvino"):
        open_runtime(tiny_store, ["tiny"], kind="tensorrt")
    with pytest.raises(RuntimeUnavailable, match="choose openvino"):
        open_runtime(tiny_store, ["tiny"], precision="bf16")
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(RuntimeUnavailable, match="pip install"):
        open_runtime(tiny_store, ["tiny"], kind="openvino")
    tiny_store.path("tiny").unlink()
    with pytest.raises(MissingNetwork, match="zhian-models pull tiny"):
        open_runtime(tiny_store, ["tiny"])


def test_a_processor_without_bf16_says_so(tiny_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        def get_property(self, device: str, name: str) -> list[str]:
            return ["FP32", "INT8"]

    monkeypatch.setattr(open_vino, "_core", Plain)
    with pytest.raises(RuntimeUnavailable, match="does not compute in bf16"):
        open_runtime(tiny_store, ["tiny"], kind="openvino", precision="bf16")


@pytest.mark.parametrize("kind", RUNTIMES)
def test_a_network_that_a_runtime_cannot_load_is_named(kind: str, tmp_path: Path, tiny: bytes) -> None:
    if kind == "openvino":
        pytest.importorskip("openvino", reason="OpenVINO is an optional extra")
    model = onnx.load_model_from_string(tiny)
    model.graph.node[2].op_type = "Unheard"
    data = model.SerializeToString()
    store = Store(tmp_path, manifest_of(Source(name="origin", kind="folder"), entry("odd", data)))
    store.folder.mkdir()
    store.target(store.manifest.get("odd")).write_bytes(data)
    with pytest.raises((RuntimeUnavailable, BadInput), match=r"odd|Unheard"):
        open_runtime(store, ["odd"], kind=kind).run("odd", {"x": np.ones((1, 3))})


def test_measuring_times_every_runtime_and_tells_what_is_missing(
    tiny_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    ours, theirs = measure(tiny_store, ["tiny"], rounds=1)
    assert ours.kind == "onnxruntime" and ours.ms is not None
    assert theirs.kind == "openvino" and theirs.ms is None and "not installed" in theirs.error
    assert fastest([ours, theirs]) == "onnxruntime"


def test_a_network_without_an_example_is_not_measured(tiny_store: Store) -> None:
    network = msgspec.structs.replace(tiny_store.manifest.get("tiny"), example={})
    store = Store(tiny_store.home, manifest_of(tiny_store.manifest.source[0], network))
    assert [t for t in measure(store, ["tiny"]) if t.ms is not None] == []


def test_the_fastest_must_have_run_everything() -> None:
    rows = [Timing("a", "f32", "n", 2.0), Timing("a", "f32", "m", 3.0)]
    rows += [Timing("b", "f32", "n", 1.0), Timing("b", "f32", "m", None, "no such operation")]
    assert fastest(rows) == "a"
    with pytest.raises(RuntimeUnavailable, match="no such operation"):
        fastest(rows[2:])


def test_both_runtimes_agree_on_the_default_embedding(models_home: Path) -> None:
    pytest.importorskip("openvino", reason="OpenVINO is an optional extra")
    store = Store(models_home)
    arrays = example_input(store.manifest.get("fr_feature"))
    a, b = (open_runtime(store, ["fr_feature"], kind=k).run("fr_feature", arrays)["output"][0] for k in RUNTIMES)
    assert float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) >= 0.999


def test_a_network_that_is_only_safe_in_f32_runs_so_in_a_bf16_runtime(models_home: Path) -> None:
    """Its templates are then equal to those of an f32 runtime, as their common key says."""
    store = Store(models_home)
    arrays = example_input(store.manifest.get("fr_feature"))
    try:
        runtime = open_runtime(store, ["fr_feature"], kind="openvino", precision="bf16")
    except RuntimeUnavailable as error:
        pytest.skip(f"needs OpenVINO and a processor with bf16: {error}")
    reference = open_runtime(store, ["fr_feature"], kind="openvino")
    a, b = (r.run("fr_feature", arrays)["output"] for r in (runtime, reference))
    np.testing.assert_array_equal(a, b)
