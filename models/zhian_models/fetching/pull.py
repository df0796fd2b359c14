"""Pulling: what is wanted and not there is fetched, verified, converted where need be, and put in place."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..atomic import PUBLIC, write_atomically
from ..convert import convert
from ..errors import ModelsError, PullError, WrongHash
from ..manifest import Network, Source
from ..store import Store
from .archives import read_members
from .folder import Folder
from .http import download
from .npm import download_tarball
from .progress import Progress, Silent
from .pypi import download_source_archive, download_wheel, installed_members
from .space import disk_errors, require_space

SCRATCH = ".pull-"
"""Downloads lie in folders of this prefix inside the store, so that they count against the right disk."""

Downloader = Callable[[Source, Path, Progress], Path]

ARCHIVES: Mapping[str, Downloader] = {
    "pypi": download_wheel,
    "sdist": download_source_archive,
    "npm": download_tarball,
}


@dataclass(frozen=True, slots=True)
class Pulled:
    """A network that is new in the store."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Failed:
    """A network that could not be fetched; the store still is as it was."""

    name: str
    error: ModelsError


@dataclass(frozen=True, slots=True)
class Report:
    """What a pull did: `kept` were there already."""

    pulled: tuple[Pulled, ...] = ()
    kept: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()


def pull(
    store: Store, networks: Sequence[Network], *, folder: Path | None = None, progress: Progress | None = None
) -> Report:
    """Bring `networks` into `store`, from `folder` alone if it is given.

    One source that fails does not stop the others: it is in the report. Two pulls at once take turns. What is
    there with the right hash is not fetched again and needs no network.
    """
    progress = progress or Silent()
    kept, wanted = _divide(store, networks)
    if not wanted:
        return Report(kept=tuple(kept))
    with _turn(store, progress):
        kept, wanted = _divide(store, networks)  # somebody else may have brought it meanwhile
        _sweep(store)
        task = _Task(store, Folder(folder) if folder else None, progress)
        results = [r for source, group in _by_source(store, wanted) for r in task.fetch(source, group)]
    return Report(
        tuple(r for r in results if isinstance(r, Pulled)),
        tuple(kept),
        tuple(r for r in results if isinstance(r, Failed)),
    )


@dataclass(frozen=True, slots=True)
class _Task:
    store: Store
    folder: Folder | None
    progress: Progress

    def fetch(self, source: Source, networks: Sequence[Network]) -> list[Pulled | Failed]:
        """All networks of one source; its archive is downloaded once."""
        try:
            with disk_errors(self.store.folder), self._scratch() as scratch:
                read = self._reader(source, networks, scratch)
                return [self._install(network, read) for network in networks]
        except ModelsError as error:
            return [Failed(network.name, error) for network in networks]

    def _install(self, network: Network, read: Callable[[Network], dict[str, bytes]]) -> Pulled | Failed:
        try:
            target = self.store.target(network)
            data = self._ready_made(network) or _assemble(network, read(network))
            with disk_errors(target.parent):
                require_space(self.store.folder, len(data))
                write_atomically(target, data, PUBLIC)
        except ModelsError as error:
            return Failed(network.name, error)
        return Pulled(network.name, target)

    def _ready_made(self, network: Network) -> bytes | None:
        """A folder may hold the very file of another machine's store, converted or not."""
        found = self.folder and self.folder.file([network.file], network.sha256, network.size)
        return found.read_bytes() if found else None

    def _reader(
        self, source: Source, networks: Sequence[Network], scratch: Path
    ) -> Callable[[Network], dict[str, bytes]]:
        if self.folder:
            folder = self.folder
            return lambda network: folder.members(source, network)
        if source.kind == "folder":
            name = networks[0].name
            raise PullError(f"no registry carries it: bring it in a folder, `zhian-models pull {name} --from DIR`")
        members = self._members(source, networks, scratch)
        return lambda network: {m.path: members[m.path] for m in network.members}

    def _members(self, source: Source, networks: Sequence[Network], scratch: Path) -> dict[str, bytes]:
        """The bytes of every member that these networks need."""
        paths = [m.path for n in networks for m in n.members]
        found = installed_members(source, paths) if source.kind == "pypi" else {}
        if all(m.path in found and _digest(found[m.path]) == m.sha256 for n in networks for m in n.members):
            return found
        require_space(self.store.folder, source.size + sum(n.size for n in networks))
        if source.kind == "https":
            target = scratch / "file"
            download(source.url, target, self.progress, sha256=source.sha256)
            return dict.fromkeys(paths, target.read_bytes())
        archive = ARCHIVES[source.kind](source, scratch, self.progress)
        return read_members(archive, paths)

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=self.store.folder) as name:
            yield Path(name)


def _assemble(network: Network, members: Mapping[str, bytes]) -> bytes:
    """The network's bytes out of its members', each compared with its hash, and the result too."""
    for member in network.members:
        _require_hash(f"{network.name}: {member.path}", members[member.path], member.sha256)
    if not network.convert:
        return members[network.members[0].path]
    data = convert(network.convert, {PurePosixPath(path).name: content for path, content in members.items()})
    _require_hash(f"{network.name}, converted,", data, network.sha256)
    return data


def _require_hash(what: str, data: bytes, sha256: str) -> None:
    digest = _digest(data)
    if digest != sha256:
        raise WrongHash(f"{what} has the sha256 {digest}, the manifest pins {sha256}")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _divide(store: Store, networks: Sequence[Network]) -> tuple[list[str], list[Network]]:
    """What is there with the right bytes, and what is not."""
    wanted = [n for n in networks if store.state(n) != "ok"]
    return [n.name for n in networks if n not in wanted], wanted


def _by_source(store: Store, networks: Sequence[Network]) -> Iterator[tuple[Source, list[Network]]]:
    sources = {n.source: store.manifest.source_of(n) for n in networks}
    for name, source in sources.items():
        yield source, [n for n in networks if n.source == name]


@contextlib.contextmanager
def _turn(store: Store, progress: Progress) -> Iterator[None]:
    """One pull at a time in one store; the lock goes with the process that holds it."""
    with disk_errors(store.folder):
        store.folder.mkdir(parents=True, exist_ok=True)
        lock = (store.folder / ".lock").open("w")
    with lock as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.begin("waiting for another pull", None)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sweep(store: Store) -> None:
    """Remove what a killed pull left behind; the lock is ours, so nobody uses it."""
    for path in store.folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(path, ignore_errors=True)
    for network in store.manifest:
        target = store.target(network)
        for path in target.parent.glob(f".{target.name}.*"):
            path.unlink(missing_ok=True)
