"""Other plate readers, each in an environment of its own, installed from PyPI when they are measured."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WORKER: Final = Path(__file__).with_name("peer_worker.py")

PLATE: Final = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{4,6}[A-Z0-9\u4e00-\u9fff]")
"""What a user of a plain reader of text would look for: a province, a letter, five or six more."""


@dataclass(frozen=True)
class Peer:
    """`installs`: what pip is asked for, one call each; `name` is what the worker calls it."""

    name: str
    environment: str
    installs: tuple[tuple[str, ...], ...]


OCR: Final = (("agentclpr==1.1.0", "rapidocr-onnxruntime==1.4.4"),)
PEERS: Final = (
    Peer("agentclpr", "ocr", OCR),
    Peer("rapidocr", "ocr", OCR),
    # Its networks are Caffe's, which OpenCV 5 does not load; it asks for any OpenCV, so it is given one.
    Peer("hyperlpr2", "hyperlpr2", (("opencv-python-headless>=4.8,<5", "numpy"), ("--no-deps", "hyperlpr2==2.0.0"))),
)


class PeerMissing(Exception):
    """A peer that cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Answer:
    """What a peer read in one picture: plates, dots and spaces taken out, and what that cost."""

    path: Path
    plates: tuple[str, ...]
    cpu_ms: float
    error: str


def python_of(peer: Peer, folder: Path) -> Path:
    """The interpreter of the peer's environment, made if need be.

    Raises:
        PeerMissing: it could not be installed.
    """
    home = folder / peer.environment
    python, done = home / "bin" / "python", home / "installed"
    if not done.is_file():
        _call([sys.executable, "-m", "venv", "--clear", str(home)], peer)
        for arguments in peer.installs:
            _call([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *arguments], peer)
        done.touch()
    return python


def _call(command: Sequence[str], peer: Peer) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word of it"])[-1]
        raise PeerMissing(f"{peer.name}: {last}")


def read(peer: Peer, python: Path, pictures: Sequence[Path]) -> list[Answer]:
    """What the peer reads in `pictures`.

    Raises:
        PeerMissing: it does not run here.
    """
    command = [str(python), str(WORKER), peer.name]
    asked = "\n".join(map(str, pictures))
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or len(lines) != len(pictures):
        last = (done.stderr.strip().splitlines() or ["no word of it"])[-1]
        raise PeerMissing(f"{peer.name} does not run here: {last}")
    return [_answer(json.loads(line)) for line in lines]


def _answer(row: dict[str, object]) -> Answer:
    texts = row["texts"]
    assert isinstance(texts, list)
    return Answer(Path(str(row["path"])), plates_in(texts), float(str(row["cpu_ms"])), str(row["error"]))


def plates_in(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts that are plates as a whole."""
    bare = (re.sub(r"[\s·.・•-]", "", text).upper() for text in texts)
    return tuple(dict.fromkeys(text for text in bare if PLATE.fullmatch(text)))
