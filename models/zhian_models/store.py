"""The store: the folder where pulled networks lie, and what state each is in."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Literal

from .errors import MissingNetwork
from .manifest import Manifest, Network, load_manifest

State = Literal["ok", "missing", "wrong"]


def default_home() -> Path:
    """`$ZHIAN_HOME`; else `.zhian` beside the virtual environment that runs this, where a clone has it; else
    `~/.local/share/zhian`."""
    configured = os.environ.get("ZHIAN_HOME")
    if configured:
        return Path(configured)
    of_clone = Path(sys.prefix).parent / ".zhian"
    return of_clone if of_clone.is_dir() else Path.home() / ".local" / "share" / "zhian"


class Store:
    """Networks under `<home>/models`, one file each, named by the manifest."""

    def __init__(self, home: Path | None = None, manifest: Manifest | None = None) -> None:
        self.home = home or default_home()
        self.folder = self.home / "models"
        self.manifest = manifest or load_manifest()

    def target(self, network: Network) -> Path:
        """Where `network` lies, or will lie."""
        return self.folder / network.file

    def path(self, name: str) -> Path:
        """The pulled file of `name`; raises UnknownNetwork or MissingNetwork (with the command that helps)."""
        target = self.target(self.manifest.get(name))
        if not target.is_file():
            raise MissingNetwork(f"{name} is not in {self.folder}: run `zhian-models pull {name}`")
        return target

    def has(self, name: str) -> bool:
        """Whether `name` was pulled; its bytes are not read."""
        return self.target(self.manifest.get(name)).is_file()

    def state(self, network: Network) -> State:
        """Read the whole file and compare its hash with the manifest's."""
        target = self.target(network)
        if not target.is_file():
            return "missing"
        return "ok" if sha256_of(target) == network.sha256 else "wrong"


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
