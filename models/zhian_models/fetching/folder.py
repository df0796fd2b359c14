"""A folder that somebody brings to a site without internet: loose files under any name, or whole archives."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import MissingMember, PullError, WrongHash
from ..manifest import Member, Network, Source
from ..store import sha256_of
from .archives import read_members

ARCHIVES = (".whl", ".tgz", ".tar.gz", ".zip")


class Folder:
    """Finds files by name and by hash; a hash is computed once."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise PullError(f"{root} is no folder")
        self._root = root
        self._files = sorted(p for p in root.rglob("*") if p.is_file())
        self._hashes: dict[Path, str] = {}

    def file(self, names: Iterable[str], sha256: str, size: int) -> Path | None:
        """The file with these bytes: one of these names first, else any of this size."""
        named = [p for p in self._files if p.name in set(names)]
        sized = [p for p in self._files if (p.stat().st_size == size if size else p.suffix == ".onnx")]
        return next((p for p in [*named, *sized] if self._hash(p) == sha256), None)

    def members(self, source: Source, network: Network) -> dict[str, bytes]:
        """All members of `network`; raises WrongHash or MissingMember naming what was looked for."""
        return {m.path: self._member(source, network, m) for m in network.members}

    def _member(self, source: Source, network: Network, member: Member) -> bytes:
        name = Path(member.path).name
        names = [name] if network.convert else list(dict.fromkeys((name, network.file)))
        loose = self.file(names, member.sha256, member.size)
        if loose:
            return loose.read_bytes()
        for archive in self._archives(source):
            return read_members(archive, [member.path])[member.path]
        for path in self._files:
            if path.name in names:
                raise WrongHash(f"{path} has the sha256 {self._hash(path)}, the manifest pins {member.sha256}")
        archive_hint = f", nor an archive of {source.package} {source.version}" if source.package else ""
        raise MissingMember(f"{self._root} does not hold {' or '.join(names)}{archive_hint}")

    def _archives(self, source: Source) -> list[Path]:
        """Archives named as registries name them: package and version, `/` and `-` as they come."""
        if not source.package:
            return []
        stem = _plain(f"{source.package.rpartition('/')[2]}-{source.version}")
        return [p for p in self._files if p.name.endswith(ARCHIVES) and _plain(p.name).startswith(stem)]

    def _hash(self, path: Path) -> str:
        if path not in self._hashes:
            self._hashes[path] = sha256_of(path)
        return self._hashes[path]


def _plain(name: str) -> str:
    return name.replace("_", "-").lower()
