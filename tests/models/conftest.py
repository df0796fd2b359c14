"""Small networks, manifests and a web server, so that nothing here needs weights or the internet."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from zhian_models.manifest import Manifest, Member, Network, Source
from zhian_models.store import Store


def digest(data: bytes) -> str:
    """sha256, hex."""
    return hashlib.sha256(data).hexdigest()


def entry(name: str, data: bytes, *, source: str = "origin", path: str = "", **more: object) -> Network:
    """A manifest entry whose one member is `data`."""
    sha256 = digest(data)
    fields: dict[str, object] = {
        "name": name,
        "task": "test",
        "file": f"{name}.onnx",
        "source": source,
        "members": (Member(path=path or f"pack/{name}.onnx", sha256=sha256, size=len(data)),),
        "sha256": sha256,
        "size": len(data),
        "licence": "MIT",
        "inputs": "x",
        "outputs": "y",
        "group": "default",
    }
    return Network(**{**fields, **more})  # type: ignore[arg-type]


def manifest_of(source: Source, *networks: Network) -> Manifest:
    """A manifest with one source."""
    return Manifest(source=(source,), network=networks)


def prelu_network() -> bytes:
    """A network with everything that conditioning looks for: y = PRelu(x * w), weights listed as inputs, a
    constant that follows from constants, a denormal weight and an unused one."""
    weights = {
        "w": np.array([2.0, 1e-30, -3.0], np.float32),
        "slope": np.array([0.25], np.float32),
        "unused": np.zeros(4, np.float32),
    }
    nodes = [
        helper.make_node("Constant", [], ["one"], value=numpy_helper.from_array(np.array([1.0], np.float32))),
        helper.make_node("Add", ["slope", "one"], ["steeper"]),
        helper.make_node("Mul", ["x", "w"], ["scaled"]),
        helper.make_node("PRelu", ["scaled", "steeper"], ["y"]),
    ]
    shapes: dict[str, list[int]] = {"x": [1, 3], "w": [3], "slope": [1], "unused": [4]}
    graph = helper.make_graph(
        nodes,
        "prelu",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    onnx.helper.set_model_props(model, {"alphabet": "天地"})
    return bytes(model.SerializeToString())


@pytest.fixture
def tiny() -> bytes:
    """The bytes of a small network."""
    return prelu_network()


@pytest.fixture
def tiny_store(tmp_path: Path, tiny: bytes) -> Store:
    """A store that holds the small network as `tiny`, free in its number of rows."""
    network = entry("tiny", tiny, shape=("n", 3), example={"x": (1, 3)}, range=(-1.0, 1.0))
    store = Store(tmp_path, manifest_of(Source(name="origin", kind="folder"), network))
    store.folder.mkdir()
    store.target(network).write_bytes(tiny)
    return store


class WebServer:
    """A real HTTP server on loopback: `files` maps a path to its bytes or to a function that makes the answer."""

    def __init__(self) -> None:
        self.files: dict[str, bytes | Callable[[], tuple[int, bytes, int]]] = {}
        self.requests: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.requests.append(unquote(self.path))
                found = server.files.get(unquote(self.path))
                status, body, stated = (
                    (404, b"", 0) if found is None else (200, found, -1) if isinstance(found, bytes) else found()
                )
                self.send_response(status)
                self.send_header("Content-Type", "text/html" if self.path.endswith("/") else "application/octet-stream")
                self.send_header("Content-Length", str(len(body) if stated < 0 else stated))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server of this test's own."""
    server = WebServer()
    yield server
    server.close()
