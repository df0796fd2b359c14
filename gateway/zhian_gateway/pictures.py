"""Pictures by their sha256: evidence that nodes send, and portraits of enrolled people, on a shelf.

They lie sealed; the name is the sha256 of the picture itself, so what is opened can be held against it at any time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from zhian_models.picture_size import MOST_PIXELS, pixels

from .errors import BadPicture, NotFound, TooBig, Unsealable
from .shelves import Shelf
from .store.vault import HEAD_BYTES, Vault

Kind = Literal["evidence", "portraits"]
#: Files lie in so many folders.
PARTS: Final = 256

_SHA256: Final = re.compile(r"^[0-9a-f]{64}$")
_MAGIC: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class Renewed(NamedTuple):
    """How many pictures were sealed anew, and which cannot be."""

    done: int
    damaged: tuple[str, ...]


class PictureStore:
    """Pictures on a shelf. Names are hashes, so no name from outside becomes a path.

    Every method raises `PicturesAway` when the shelf cannot be reached just now.
    """

    def __init__(self, shelf: Shelf, max_bytes: int, vault: Vault) -> None:
        self._shelf = shelf
        self._vault = vault
        self.max_bytes = max_bytes

    def keep(self, sha256: str, data: bytes) -> str:
        """Keep evidence and return its media type; the same picture again changes nothing, but mends a damaged one.

        Raises:
            TooBig: more than `max_bytes`.
            BadPicture: not JPEG or PNG, or not the bytes that `sha256` announced.
        """
        kind = self.check(sha256, data)
        if not self._is_whole("evidence", sha256):
            self._write("evidence", sha256, data)
        return kind

    def check(self, sha256: str, data: bytes) -> str:
        """The media type of a picture that somebody sent; raises as `keep`."""
        if len(data) > self.max_bytes:
            raise TooBig(f"picture of {len(data)} bytes; at most {self.max_bytes} are allowed")
        if not _SHA256.match(sha256) or hashlib.sha256(data).hexdigest() != sha256:
            raise BadPicture("the bytes do not have the sha256 that the address names")
        return media_type(data)

    def read(self, sha256: str) -> bytes:
        """Evidence by its hash; NotFound."""
        return self._read("evidence", sha256)

    def keep_portrait(self, data: bytes) -> str:
        """Keep a portrait; its sha256."""
        sha256 = hashlib.sha256(data).hexdigest()
        self._write("portraits", sha256, data)
        return sha256

    def read_portrait(self, sha256: str) -> bytes:
        """A portrait by its hash; NotFound."""
        return self._read("portraits", sha256)

    def forget(self, evidence: Iterable[str]) -> None:
        """Delete pictures of evidence; one that is gone already is fine."""
        self._delete(_place("evidence", sha256) for sha256 in evidence)

    def older(self, kind: Kind, part: int, before: float) -> list[str]:
        """The names of files in one of `PARTS` parts of the store that nobody touched since `before` (seconds).

        Also of what a crash left half-written: such a name is no sha256.
        """
        return self._shelf.names(_part(kind, part), before)

    def discard(self, kind: Kind, part: int, names: Iterable[str]) -> None:
        """Delete files that `older` named."""
        self._delete(f"{_part(kind, part)}/{name}" for name in names)

    def _delete(self, places: Iterable[str]) -> None:
        with self._vault.steady():
            self._shelf.delete(places)

    def renew(self, kind: Kind, part: int) -> Renewed:
        """Seal the pictures of one part with the present key, as far as they are not yet."""
        done, damaged = 0, []
        for name in self._shelf.names(_part(kind, part)):
            if _SHA256.match(name) and self._shelf.head(_place(kind, name), HEAD_BYTES) != self._vault.head:
                try:
                    done += self._renew_one(kind, name)
                except Unsealable:
                    damaged.append(name)
        return Renewed(done, tuple(damaged))

    def _renew_one(self, kind: Kind, sha256: str) -> bool:
        """Alone, so that what is deleted meanwhile does not come back."""
        with self._vault.alone():
            try:
                plain = self._opened(kind, sha256)
            except FileNotFoundError:
                return False
            self._shelf.put(_place(kind, sha256), self._vault.seal(plain, f"{kind}/{sha256}"))
        return True

    def _write(self, kind: Kind, sha256: str, data: bytes) -> None:
        with self._vault.steady():
            self._shelf.put(_place(kind, sha256), self._vault.seal(data, f"{kind}/{sha256}"))

    def _read(self, kind: Kind, sha256: str) -> bytes:
        if not _SHA256.match(sha256):
            raise NotFound("no such picture")
        try:
            return self._opened(kind, sha256)
        except FileNotFoundError as error:
            raise NotFound("no such picture") from error

    def sealed(self, kind: Kind, sha256: str) -> bytes:
        """A picture as it lies, after it was opened and held against its name.

        Raises:
            FileNotFoundError: there is none.
            Unsealable: it is damaged.
        """
        data = self._shelf.get(_place(kind, sha256))
        self._plain(kind, sha256, data)
        return data

    def _is_whole(self, kind: Kind, sha256: str) -> bool:
        """Whether the picture is there and can be opened; whoever brings it then lets go of it."""
        try:
            return self._shelf.has(_place(kind, sha256)) and bool(self._opened(kind, sha256))
        except (FileNotFoundError, Unsealable):
            return False

    def _opened(self, kind: Kind, sha256: str) -> bytes:
        return self._plain(kind, sha256, self._shelf.get(_place(kind, sha256)))

    def _plain(self, kind: Kind, sha256: str, data: bytes) -> bytes:
        """The picture in bytes as they lie, held against its name."""
        plain = self._vault.open(data, f"{kind}/{sha256}")
        if hashlib.sha256(plain).hexdigest() != sha256:
            raise Unsealable(f"{kind}/{sha256}: these are not the bytes that the name says")
        return plain

    def delete(self, all_: Iterable[str]) -> None:
        """Delete pictures of somebody, enrolled or evidence; one that is gone already is fine."""
        kinds: tuple[Kind, ...] = ("portraits", "evidence")
        self._delete([_place(kind, sha256) for sha256 in all_ for kind in kinds])


def media_type(data: bytes) -> str:
    """`image/jpeg` or `image/png`, by the first bytes; what the sender calls it does not matter.

    Raises:
        BadPicture: neither, or one that unfolds to more than anybody can show.
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            # The gateway does not decode it, but a guard's browser would.
            if (pixels(data) or 0) > MOST_PIXELS:
                raise BadPicture(f"a picture of more than {MOST_PIXELS} pixels")
            return kind
    raise BadPicture("neither JPEG nor PNG")


def _part(kind: Kind, part: int) -> str:
    return f"{kind}/{part:02x}"


def _place(kind: Kind, sha256: str) -> str:
    return f"{kind}/{sha256[:2]}/{sha256}"
