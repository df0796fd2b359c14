"""The manifest: which networks exist, where they come from, what they expect, and how good they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Literal

import msgspec

from .errors import ManifestError, UnknownNetwork

Precision = Literal["f32", "bf16"]


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Common base: immutable, and a misspelt key is an error."""


class Source(_Entry, frozen=True):
    """Where files come from: one archive of a registry, one address, or a folder that somebody brings.

    `sha256` pins the whole archive where the registry's file is known to be the same everywhere.
    """

    name: str
    kind: Literal["pypi", "sdist", "npm", "https", "folder"]
    package: str = ""
    version: str = ""
    url: str = ""
    sha256: str = ""
    size: int = 0


class Member(_Entry, frozen=True):
    """One file inside a source: its path there, and the bytes it must have."""

    path: str
    sha256: str
    size: int = 0


class Embedding(_Entry, frozen=True):
    """What makes two templates comparable.

    `preprocessing` is the contract in one canonical line: any change of it is another key.
    """

    dimensions: int
    preprocessing: str


class Quality(_Entry, frozen=True):
    """A measured number, and the command or publication that it comes from."""

    measure: str
    value: str
    by: str


class Network(_Entry, frozen=True):
    """One file of the store: a network, or a file that belongs to one (an alphabet, a picture).

    `shape` is what the input may really be (a name is a free dimension), where the file declares less.
    `precisions` are those in which a test showed the same answers; a runtime of another one runs it in f32.
    `example` names every input with a usual size, `range` says between what its values lie: for measuring.
    """

    name: str
    task: str
    file: str
    source: str
    members: tuple[Member, ...]
    sha256: str
    licence: str
    inputs: str
    outputs: str
    shape: tuple[int | str, ...] = ()
    example: dict[str, tuple[int, ...]] = {}
    precisions: tuple[Precision, ...] = ("f32",)
    range: tuple[float, float] = (0.0, 255.0)
    size: int = 0
    group: Literal["default", "optional"] = "optional"
    kind: Literal["network", "data"] = "network"
    convert: str = ""
    training: str = "not stated"
    commercial: bool = True
    verified: Literal["fetched", "hash only"] = "fetched"
    note: str = ""
    embedding: Embedding | None = None
    quality: tuple[Quality, ...] = ()

    def effective(self, precision: Precision) -> Precision:
        """The precision in which a runtime of `precision` runs this network: f32 where it is the only safe one."""
        return precision if precision in self.precisions else "f32"

    def template_key(self, precision: Precision = "f32") -> str:
        """The key of this network's templates, computed by a runtime that was opened in `precision`.

        It is the sha256 (hex) over the *original* network's sha256, the pre-processing contract and the
        precision class. Conditioning does not change it. All listed `precisions` are one class, named by the
        first: a test shows that their templates agree (cosine of at least .999).
        """
        if self.embedding is None:
            raise ManifestError(f"{self.name} computes no embedding, so it has no template key")
        own = self.effective(precision)
        precision_class = self.precisions[0] if own in self.precisions else own
        return hashlib.sha256(
            "\n".join((self.sha256, self.embedding.preprocessing, precision_class)).encode()
        ).hexdigest()


class Manifest(_Entry, frozen=True):
    """All sources and networks, checked against each other."""

    source: tuple[Source, ...]
    network: tuple[Network, ...]

    def __iter__(self) -> Iterator[Network]:
        return iter(self.network)

    def get(self, name: str) -> Network:
        """The entry called `name`; raises UnknownNetwork with what there is."""
        for entry in self.network:
            if entry.name == name:
                return entry
        raise UnknownNetwork(f"no network is called {name!r}; there are: {', '.join(n.name for n in self.network)}")

    def source_of(self, network: Network) -> Source:
        """Where `network` comes from."""
        return next(s for s in self.source if s.name == network.source)

    def select(self, names: Iterable[str] = (), *, group: str = "default") -> list[Network]:
        """The named entries, or without names those of `group` (`all`: every entry)."""
        wanted = list(names)
        if wanted:
            return [self.get(name) for name in wanted]
        return [n for n in self.network if group in ("all", n.group)]


def load_manifest() -> Manifest:
    """The manifest that this package carries."""
    return parse_manifest(resources.files(__package__).joinpath("manifest.toml").read_bytes())


def parse_manifest(text: bytes) -> Manifest:
    """Read a manifest; raises ManifestError naming the key, the entry or the pair that contradicts."""
    try:
        manifest = msgspec.toml.decode(text, type=Manifest)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as error:
        raise ManifestError(f"manifest.toml: {error}") from error
    for problem in _problems(manifest):
        raise ManifestError(f"manifest.toml: {problem}")
    return manifest


def _problems(manifest: Manifest) -> Iterator[str]:
    yield from _doubles("source", [s.name for s in manifest.source])
    yield from _doubles("network", [n.name for n in manifest.network])
    yield from _doubles("file", [n.file for n in manifest.network])
    sources = {s.name for s in manifest.source}
    for network in manifest.network:
        if network.source not in sources:
            yield f"network {network.name}: no source is called {network.source!r}"
        for digest in (network.sha256, *(m.sha256 for m in network.members)):
            if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
                yield f"network {network.name}: {digest!r} is no sha256"
        if not network.convert and [m.sha256 for m in network.members] != [network.sha256]:
            yield f"network {network.name}: what is not converted has one member, of the same sha256"


def _doubles(what: str, names: list[str]) -> Iterator[str]:
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield f"two entries with the {what} {name!r}"
