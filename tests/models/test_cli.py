"""The commands say what is so, in words and in their exit code."""

from __future__ import annotations

import importlib.metadata
import io
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner
from zhian_models import cli
from zhian_models.manifest import Source
from zhian_models.progress_bars import ProgressBars, progress_on
from zhian_models.store import Store

from .body.drawn import street
from .conftest import entry, manifest_of

DATA = b"bytes of a network"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The commands see one default and one optional network."""
    manifest = manifest_of(
        Source(name="origin", kind="folder"), entry("usual", DATA), entry("extra", DATA + b"!", group="optional")
    )
    store = Store(tmp_path / "home", manifest)
    monkeypatch.setattr(cli, "Store", lambda: store)
    return store


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "usual.onnx").write_bytes(DATA)
    return tmp_path / "usb"


def call(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, [str(a) for a in arguments])
    return result.exit_code, result.output


def test_a_pull_from_a_folder_then_verify(store: Store, usb: Path) -> None:
    assert call("verify")[0] == 1
    code, text = call("pull", "--from", usb)
    assert code == 0 and "pulled usual" in text and "1 of 1" in text
    assert call("verify")[0] == 0
    assert call("pull")[0] == 0, "a second pull needs no folder"


def test_a_pull_that_failed_says_which_and_exits_with_one(store: Store, usb: Path) -> None:
    code, text = call("pull", "--all", "--from", usb)
    assert code == 1
    assert "extra:" in text and "does not hold extra.onnx" in text and "1 of 2" in text


def test_verify_says_which_is_wrong(store: Store, usb: Path) -> None:
    call("pull", "--from", usb)
    store.path("usual").write_bytes(b"changed")
    code, text = call("verify", "--json")
    assert code == 1
    assert [(r["name"], r["state"]) for r in json.loads(text)] == [("usual", "wrong")]


def test_verify_asks_for_optional_networks_only_by_name(store: Store, usb: Path) -> None:
    call("pull", "--from", usb)
    assert call("verify")[0] == 0
    code, text = call("verify", "extra")
    assert code == 1 and "missing" in text


def test_list_shows_all_with_licence_and_presence(store: Store, usb: Path) -> None:
    call("pull", "--from", usb)
    code, text = call("list", "--json")
    assert code == 0
    assert [(r["name"], r["state"], r["licence"]) for r in json.loads(text)] == [
        ("usual", "here", "MIT"),
        ("extra", "-", "MIT"),
    ]
    assert "usual" in call("list")[1]


def test_an_unknown_name_is_one_line_on_stderr(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "zhian_models", "pull", "nonsense"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"ZHIAN_HOME": str(tmp_path)})
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("zhian-models: no network is called 'nonsense'")


def test_trying_without_the_network_says_how_to_pull_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "zhian_models", "try", "body", "a.jpg"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"ZHIAN_HOME": str(tmp_path)})
    assert done.returncode == 1
    assert "run `zhian-models pull nanodet`" in done.stderr


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    good, bad = tmp_path / "街.png", tmp_path / "bad.png"
    good.write_bytes(cv2.imencode(".png", street())[1].tobytes())
    bad.write_bytes(b"")
    return [good, bad]


@pytest.fixture
def real_store(models_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "Store", lambda: Store(models_home))


def test_bodies_as_json_lines(real_store: None, pictures: list[Path]) -> None:
    code, text = call("try", "body", "--json", *pictures)
    good, bad = map(json.loads, text.splitlines())
    assert code == 0, "one picture could be read"
    assert (good["path"], good["width"], good["height"]) == (str(pictures[0]), 1280, 720)
    assert good["bodies"][0].keys() == {"kind", "score", "box"}
    assert good["bodies"][0]["kind"] == "car"
    assert bad == {"path": str(pictures[1]), "width": None, "height": None, "error": "the file is empty"}


def test_no_readable_picture_at_all_exits_with_one(real_store: None, pictures: list[Path]) -> None:
    assert call("try", "body", "--json", pictures[1])[0] == 1


def test_a_table_and_a_drawing(real_store: None, pictures: list[Path], tmp_path: Path) -> None:
    code, text = call("try", "body", pictures[0], "--draw", tmp_path / "out")
    assert code == 0 and "1280x720, 1 bodies" in text and "car 0." in text
    drawn = cv2.imdecode(np.fromfile(tmp_path / "out" / "街.jpg", np.uint8), cv2.IMREAD_COLOR)
    assert drawn is not None
    assert drawn.shape == (720, 1280, 3)


def test_a_drawing_that_cannot_be_written_is_one_line(pictures: list[Path], models_home: Path) -> None:
    command = [sys.executable, "-m", "zhian_models", "try", "body", str(pictures[0]), "--draw", "/proc/x"]
    env = {"ZHIAN_HOME": str(models_home)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 1
    assert done.stderr.startswith("zhian-models: /proc/x/街.jpg: cannot be written")
    assert len(done.stderr.splitlines()) == 1


def test_faces_as_json_lines(real_store: None, shared: Path) -> None:
    path = sorted((shared / "faces" / "lfw").glob("*/*.jpg"))[0]
    code, text = call("try", "face", "--json", path)
    (face,) = json.loads(text)["faces"]
    assert code == 0
    assert face.keys() == {"box", "points", "score", "quality", "live"}
    assert face["quality"].keys() == {"size", "sharpness", "pose", "exposure"}
    x, y, w, h = face["box"]
    assert all(x < px < x + w and y < py < y + h for px, py in face["points"])
    assert face["points"][0][0] < face["points"][1][0], "the picture's left eye first"


def test_an_embedding_only_on_request_and_with_its_key(real_store: None, shared: Path) -> None:
    path = sorted((shared / "faces" / "lfw").glob("*/*.jpg"))[0]
    (face,) = json.loads(call("try", "face", "--json", "--embedding", path)[1])["faces"]
    assert np.linalg.norm(face["embedding"]) == pytest.approx(1, abs=1e-3)
    assert len(face["key"]) == 64


def test_plates_as_json_lines(real_store: None, shared: Path) -> None:
    path = sorted((shared / "plates" / "scenes").glob("*.jpg"))[0]
    (plate,) = json.loads(call("try", "plate", "--json", path)[1])["plates"]
    assert plate.keys() == {"text", "colour", "kind", "rows", "confidence", "characters", "corners"}
    assert "".join(c for c, _ in plate["characters"]) == plate["text"]
    assert len(plate["corners"]) == 4


def test_a_name_that_pull_needs_is_never_cut(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "a_network_with_quite_a_long_name"
    manifest = manifest_of(Source(name="origin", kind="folder"), entry(name, DATA))
    monkeypatch.setattr(cli, "Store", lambda: Store(tmp_path, manifest))
    monkeypatch.setenv("COLUMNS", "60")
    assert name in call("list")[1]


def test_a_missing_file_is_named_once(store: Store, usb: Path) -> None:
    assert "does not hold extra.onnx\n" in call("pull", "extra", "--from", usb)[1]


def test_the_list_of_commands_has_whole_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = call("--help")[1]
    for sentence in ("compare it with its hash. ", "see in pictures. ", "are here. ", "or those named. "):
        assert sentence in text


def test_the_version_is_that_of_the_package() -> None:
    assert call("--version") == (0, f"zhian {importlib.metadata.version('zhian')}\n")


def test_a_pipe_gets_one_line_a_download_and_a_terminal_bars() -> None:
    out = io.StringIO()
    with progress_on(Console(file=out)) as shown:
        shown.begin("downloading a", 7_300_000)
        shown.advance(1000)
        shown.advance(1000)
        shown.begin("downloading b", None)
    assert out.getvalue() == "downloading a, 7.3 MB\ndownloading b\n"
    assert isinstance(progress_on(Console(file=out, force_terminal=True)), ProgressBars)
