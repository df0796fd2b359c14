"""Pictures of evidence as files named by their sha256; `vision` drafts them, `gate` keeps those that an event shows."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from .files import private

#: A file's name and the time it bears, which only tells it from a later one of the same name.
_Draft = tuple[str, int]


class Spool:
    """A folder of pictures, with drafts in `tmp/`. A file below its final name is whole and on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts = folder / "tmp"
        self._seen: dict[_Draft, float] = {}
        for each in (folder, self._drafts):
            each.mkdir(parents=True, exist_ok=True, mode=0o700)
            each.chmod(0o700)  # also one that an earlier version made for everybody

    def draft(self, data: bytes) -> str:
        """Keep `data` for the event that may come of it; its sha256.

        Raises:
            OSError: no space, most likely.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.path(sha256).exists():
            part = self._drafts / f"{sha256}.part"
            with open(part, "wb", opener=private) as file:
                file.write(data)
            part.rename(self._drafts / sha256)
        return sha256

    def adopt(self, sha256: str) -> bool:
        """Make a draft last before the event that shows it is committed; False when there is no such picture."""
        if self.path(sha256).exists():
            return True
        draft = self._drafts / sha256
        try:
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.rename(self.path(sha256))
        except FileNotFoundError:
            return False
        self._sync_folder()
        return True

    def path(self, sha256: str) -> Path:
        """Where the picture is, if it is."""
        return self._folder / sha256

    def remove(self, pictures: Iterable[str]) -> None:
        """Delete pictures; those that are gone already are no error."""
        for sha256 in pictures:
            self.path(sha256).unlink(missing_ok=True)

    def held(self) -> Iterator[tuple[str, int]]:
        """Name and bytes of every picture that is kept."""
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if path.is_file():
                    yield path.name, path.stat().st_size

    def excess(self, budget: int, min_free: int) -> int:
        """Bytes that must go: above the budget, or wanting to the free space that must stay on the disk."""
        used = sum(size for _, size in self.held())
        return max(used - budget, min(used, min_free - shutil.disk_usage(self._folder).free), 0)

    def thin(self, oldest_first: Iterable[str], excess: int) -> list[str]:
        """Delete pictures in this order until `excess` bytes are gone; which ones."""
        gone = []
        for sha256 in oldest_first:
            if excess <= 0:
                break
            with suppress(FileNotFoundError):
                excess -= self.path(sha256).stat().st_size
                self.path(sha256).unlink()
            gone.append(sha256)
        return gone

    def sweep(self, older_than_s: float, now_s: float) -> int:
        """Delete drafts that no event took since a sweep saw them first, so long ago; how many.

        `now_s` is monotonic: the files' own times would make a draft of 1970 old as soon as the clock is set.
        """
        seen = {draft: self._seen.get(draft, now_s) for draft in self._held_drafts()}
        old = {draft for draft, since_s in seen.items() if now_s - since_s >= older_than_s}
        for name, _ in old:
            (self._drafts / name).unlink(missing_ok=True)
        self._seen = {draft: since_s for draft, since_s in seen.items() if draft not in old}
        return len(old)

    def clear(self) -> None:
        """Delete every picture and draft."""
        self.remove([name for name, _ in self.held()])
        for name, _ in self._held_drafts():
            (self._drafts / name).unlink(missing_ok=True)

    def _held_drafts(self) -> list[_Draft]:
        drafts = []
        for path in self._drafts.iterdir():
            with suppress(FileNotFoundError):
                drafts.append((path.name, path.stat().st_mtime_ns))
        return drafts

    def _sync_folder(self) -> None:
        """A rename lasts only when its folder is on the disk."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
