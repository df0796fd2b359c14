"""The authority itself: its key in a file outside the database, and what it signs with it.

`authority.pem` holds key and certificate together, so that no crash leaves one without the other; `site-ca.pem` is what
everybody trusts, to be shown to anybody. `authority.old.pem` is there only while one root follows another
(`rotation.py`): both are trusted, the new one signs nodes, and the old one the servers, since a node trusts nothing
else before it has a certificate of the new one.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from zhian_models.atomic import PRIVATE, PUBLIC, write_atomically
from zhian_wire import joining

from ..errors import AuthorityError
from . import certificates

OWN: Final = "authority.pem"
OLD: Final = "authority.old.pem"
SHOWN: Final = "site-ca.pem"
GATEWAY: Final = "gateway.pem"


class Pair(NamedTuple):
    """A key and its certificate."""

    key: certificates.Key
    certificate: x509.Certificate


class Roots(NamedTuple):
    """The root that signs nodes, and while it follows another one that one too."""

    signing: Pair
    leaving: Pair | None = None

    @property
    def serving(self) -> Pair:
        """The root that signs servers: the one that every node trusts already."""
        return self.leaving or self.signing

    def every(self) -> list[Pair]:
        """All that are trusted; the one that signs nodes first."""
        return [self.signing] + ([self.leaving] if self.leaving else [])

    def certificates(self) -> bytes:
        """Theirs, in PEM."""
        return b"".join(certificates.pem(pair.certificate) for pair in self.every())


class Authority:
    """Signs for one site. Any thread may ask; another process may bring in or take away a root (`refresh`)."""

    def __init__(self, folder: Path, site: str, roots: Roots) -> None:
        self._folder = folder
        self._site = site
        self._roots = roots

    @property
    def certificate(self) -> x509.Certificate:
        """Of the root that signs nodes."""
        return self._roots.signing.certificate

    @property
    def leaving(self) -> x509.Certificate | None:
        """Of the root that another one follows."""
        pair = self._roots.leaving
        return pair.certificate if pair else None

    @property
    def trusted(self) -> bytes:
        """By which everybody knows what was signed (PEM); the certificate of who signs nodes is the first."""
        return self._roots.certificates()

    @property
    def shown(self) -> Path:
        """The file with what is `trusted`."""
        return self._folder / SHOWN

    @property
    def fingerprint(self) -> str:
        """As it stands in codes: of the root that vouches for the gateway's door."""
        return joining.fingerprint(self._der())

    def code(self) -> joining.Code:
        """A fresh one-time code for nodes that are to trust this authority."""
        return joining.new_code(self._der())

    def sign_node(self, request: bytes, node: str, now: datetime, generation: int = 0) -> x509.Certificate:
        """A node's certificate, for the key of its request (PEM).

        Raises:
            BadInput: as `certificates.for_node`.
        """
        pair, site = self._roots.signing, self._site
        return certificates.for_node(
            pair.certificate, pair.key, request, site=site, node=node, now=now, generation=generation
        )

    def broker_pair(self, names: Collection[str], now: datetime) -> Pair:
        """A new key and certificate for the broker."""
        own = certificates.new_key()
        pair = self._roots.serving
        return Pair(own, certificates.for_broker(pair.certificate, pair.key, names, own=own, now=now))

    def vouches(self, path: Path) -> bool:
        """Whether the certificate of a server, in a file, is by the root that signs servers now."""
        try:
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
            certificate.verify_directly_issued_by(self._roots.serving.certificate)
        except (OSError, ValueError, TypeError, InvalidSignature):
            return False
        return True

    def revocations(self, serials: Mapping[str, datetime], now: datetime) -> bytes:
        """As `certificates.revocations`; of each root one, since a broker asks for that of who signed."""
        pairs = self._roots.every()
        return b"".join(certificates.revocations(pair.certificate, pair.key, serials, now) for pair in pairs)

    def gateway_file(self, names: Collection[str], now: datetime) -> Path:
        """The gateway's own key and certificate in one file, made anew when its names or its root have changed."""
        path = self._folder / GATEWAY
        if not self._still_holds(path, names):
            own, pair = certificates.new_key(), self._roots.serving
            made = certificates.for_gateway(pair.certificate, pair.key, names, own=own, now=now)
            write_atomically(path, text_of(Pair(own, made)), mode=PRIVATE)
        return path

    def trusting(self, names: Collection[str], now: datetime) -> ssl.SSLContext:
        """How the gateway speaks to the broker: it shows its certificate, and trusts this authority alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.trusted.decode())
        context.load_cert_chain(self.gateway_file(names, now))
        return context

    def refresh(self) -> bool:
        """Read the roots again; whether there are others than before.

        Raises:
            AuthorityError: they cannot be read; those of before stay in use.
        """
        found = read_roots(self._folder)
        if found.certificates() == self.trusted:
            return False
        self._roots = found
        self.show()
        return True

    def show(self) -> None:
        """Keep the file with what is trusted.

        Raises:
            AuthorityError: it cannot be written.
        """
        try:
            if not self.shown.exists() or self.shown.read_bytes() != self.trusted:
                write_atomically(self.shown, self.trusted, mode=PUBLIC)
        except OSError as error:
            raise AuthorityError(f"{self.shown}: {error.strerror or error}") from error

    def _still_holds(self, path: Path, names: Collection[str]) -> bool:
        """Whatever is wrong with what this authority can make again, it makes it again."""
        try:
            certificate = read_pair(path).certificate
            certificate.verify_directly_issued_by(self._roots.serving.certificate)
        except (OSError, AuthorityError, ValueError, TypeError, InvalidSignature):
            return False
        return certificates.names_of(certificate) == frozenset(names)

    def _der(self) -> bytes:
        return self._roots.serving.certificate.public_bytes(serialization.Encoding.DER)


def has_authority(folder: Path) -> bool:
    """Whether one was made in `folder`.

    Raises:
        AuthorityError: nobody may look into it.
    """
    try:
        return (folder / OWN).exists()
    except OSError as error:
        raise AuthorityError(f"{folder / OWN}: {error.strerror or error}") from error


def open_authority(folder: Path, site: str, now: datetime) -> Authority:
    """The site's authority in `folder`, made there at first need.

    Raises:
        AuthorityError: its key cannot be read, written or trusted.
    """
    own = folder / OWN
    try:
        if not has_authority(folder):
            _create(folder, site, now)
    except OSError as error:
        raise AuthorityError(f"{own}: {error.strerror or error}") from error
    authority = Authority(folder, site, read_roots(folder))
    authority.show()
    if authority.certificate.not_valid_after_utc <= now:
        ended = f"{authority.certificate.not_valid_after_utc:%Y-%m-%d}"
        raise AuthorityError(f"{own}: the authority ended on {ended}; move it away, and invite every node again")
    return authority


def read_roots(folder: Path) -> Roots:
    """The roots that lie in `folder`.

    Raises:
        AuthorityError: one cannot be read or trusted.
    """
    try:
        signing = read_pair(folder / OWN)
        leaving = read_pair(folder / OLD) if (folder / OLD).exists() else None
    except OSError as error:
        raise AuthorityError(f"{error.filename}: {error.strerror or error}") from error
    # A change that was broken off after its first step has changed nothing.
    return Roots(signing, None if leaving and leaving.certificate == signing.certificate else leaving)


def _create(folder: Path, site: str, now: datetime) -> None:
    """Make the authority; of two that do so at once, one wins for both."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{OWN}.", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text_of(new_root(site, now)))
            file.flush()
            os.fsync(file.fileno())
        (folder / OWN).hardlink_to(temporary)
    except FileExistsError:
        return
    finally:
        temporary.unlink(missing_ok=True)


def new_root(site: str, now: datetime) -> Pair:
    """A key, and the certificate of an authority by it."""
    key = certificates.new_key()
    return Pair(key, certificates.new_authority(site, key, now))


def text_of(pair: Pair) -> bytes:
    """Both, as one file holds them."""
    return certificates.pem_key(pair.key) + certificates.pem(pair.certificate)


def read_pair(path: Path) -> Pair:
    """Key and certificate out of one file.

    Raises:
        AuthorityError: others may read it, it is damaged, or the two do not belong together.
        OSError: it cannot be read at all.
    """
    mode = path.stat().st_mode
    if mode & 0o077:
        raise AuthorityError(f"{path}: others may read it (mode {mode & 0o777:o}); run: chmod 600 {path}")
    data = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(data, password=None)
        certificate = x509.load_pem_x509_certificate(data)
    except (ValueError, TypeError) as error:
        raise AuthorityError(f"{path}: holds no key and certificate: {error}; restore it from a backup") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise AuthorityError(f"{path}: key and certificate do not belong together; restore it from a backup")
    return Pair(key, certificate)
