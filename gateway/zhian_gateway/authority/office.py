"""The authority itself: its key in a file outside the database, and what it signs with it.

`authority.pem` holds key and certificate together, so that no crash leaves one without the other; `site-ca.pem` is the
certificate alone, to be shown to anybody.
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
SHOWN: Final = "site-ca.pem"
GATEWAY: Final = "gateway.pem"


class Pair(NamedTuple):
    """A key and its certificate."""

    key: certificates.Key
    certificate: x509.Certificate


class Authority:
    """Signs for one site. Any thread may ask."""

    def __init__(self, folder: Path, site: str, pair: Pair) -> None:
        self._folder = folder
        self._site = site
        self._pair = pair

    @property
    def certificate(self) -> x509.Certificate:
        """By which everybody knows what it signed."""
        return self._pair.certificate

    @property
    def shown(self) -> Path:
        """The file with the certificate alone."""
        return self._folder / SHOWN

    @property
    def fingerprint(self) -> str:
        """As it stands in codes."""
        return joining.fingerprint(self._der())

    def code(self) -> joining.Code:
        """A fresh one-time code for nodes that are to trust this authority."""
        return joining.new_code(self._der())

    def sign_node(self, request: bytes, node: str, now: datetime) -> x509.Certificate:
        """A node's certificate, for the key of its request (PEM).

        Raises:
            BadInput: as `certificates.for_node`.
        """
        pair = self._pair
        return certificates.for_node(pair.certificate, pair.key, request, site=self._site, node=node, now=now)

    def broker_pair(self, names: Collection[str], now: datetime) -> Pair:
        """A new key and certificate for the broker."""
        own = certificates.new_key()
        pair = self._pair
        return Pair(own, certificates.for_broker(pair.certificate, pair.key, names, own=own, now=now))

    def revocations(self, serials: Mapping[str, datetime], now: datetime) -> bytes:
        """As `certificates.revocations`."""
        return certificates.revocations(self._pair.certificate, self._pair.key, serials, now)

    def gateway_file(self, names: Collection[str], now: datetime) -> Path:
        """The gateway's own key and certificate in one file, made anew when its names have changed."""
        path = self._folder / GATEWAY
        if not self._still_holds(path, names):
            own, pair = certificates.new_key(), self._pair
            made = certificates.for_gateway(pair.certificate, pair.key, names, own=own, now=now)
            write_atomically(path, _text(Pair(own, made)), mode=PRIVATE)
        return path

    def trusting(self, names: Collection[str], now: datetime) -> ssl.SSLContext:
        """How the gateway speaks to the broker: it shows its certificate, and trusts this authority alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=certificates.pem(self.certificate).decode())
        context.load_cert_chain(self.gateway_file(names, now))
        return context

    def _still_holds(self, path: Path, names: Collection[str]) -> bool:
        """Whatever is wrong with what this authority can make again, it makes it again."""
        try:
            certificate = _read_pair(path).certificate
            certificate.verify_directly_issued_by(self.certificate)
        except (OSError, AuthorityError, ValueError, TypeError, InvalidSignature):
            return False
        return certificates.names_of(certificate) == frozenset(names)

    def _der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def open_authority(folder: Path, site: str, now: datetime) -> Authority:
    """The site's authority in `folder`, made there at first need.

    Raises:
        AuthorityError: its key cannot be read, written or trusted.
    """
    own = folder / OWN
    try:
        if not own.exists():
            _create(folder, site, now)
        pair = _read_pair(own)
        authority = Authority(folder, site, pair)
        shown = certificates.pem(pair.certificate)
        if not authority.shown.exists() or authority.shown.read_bytes() != shown:
            write_atomically(authority.shown, shown, mode=PUBLIC)
    except OSError as error:
        raise AuthorityError(f"{own}: {error.strerror or error}") from error
    if pair.certificate.not_valid_after_utc <= now:
        ended = f"{pair.certificate.not_valid_after_utc:%Y-%m-%d}"
        raise AuthorityError(f"{own}: the authority ended on {ended}; move it away, and invite every node again")
    return authority


def _create(folder: Path, site: str, now: datetime) -> None:
    """Make the authority; of two that do so at once, one wins for both."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = certificates.new_key()
    handle, name = tempfile.mkstemp(prefix=f".{OWN}.", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_text(Pair(key, certificates.new_authority(site, key, now))))
            file.flush()
            os.fsync(file.fileno())
        (folder / OWN).hardlink_to(temporary)
    except FileExistsError:
        return
    finally:
        temporary.unlink(missing_ok=True)


def _text(pair: Pair) -> bytes:
    return certificates.pem_key(pair.key) + certificates.pem(pair.certificate)


def _read_pair(path: Path) -> Pair:
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
