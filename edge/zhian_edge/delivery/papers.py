"""A node's own key and certificate, in files that nobody else may read. The key never leaves the node.

`node.pem` holds both, so that no crash leaves a key without its certificate; `site-ca.pem` is the authority that the
node trusts, and nothing else: while one root of it follows another, both. `next.key` is there only while a first
certificate is on its way.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from zhian_wire.joining import Issued
from zhian_wire.topics import client_of

from zhian_edge.errors import BadSecret, HomeRefused

from .files import replace_private

FOLDER: Final = "identity"
Key: TypeAlias = ec.EllipticCurvePrivateKey


class Times(NamedTuple):
    """From when until when a certificate holds."""

    begins: datetime
    ends: datetime

    def renew_at(self) -> datetime:
        """When two thirds of it are over."""
        return self.begins + (self.ends - self.begins) * 2 / 3


class Papers:
    """The files in a node's home. Whoever reads them does so anew each time."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self.pair = self._folder / "node.pem"
        self.authority = self._folder / "site-ca.pem"
        self._next = self._folder / "next.key"

    @property
    def joined(self) -> bool:
        """Whether this node has a certificate."""
        return self.pair.exists()

    def times(self) -> Times:
        """Of the certificate.

        Raises:
            BadSecret: it cannot be read, or others may.
        """
        certificate = self._certificate()
        return Times(certificate.not_valid_before_utc, certificate.not_valid_after_utc)

    def check(self, node: str, now: datetime) -> None:
        """Whether the certificate can be shown.

        Raises:
            BadSecret: it cannot be read, or it is over; the text says what to do.
        """
        ends = self.times().ends
        if ends <= now:
            raise BadSecret(
                f"{self.pair}: this node's certificate ended on {ends:%Y-%m-%d} (the clock says {now:%Y-%m-%d}); "
                f"`zhian-gateway node invite {node}` prints a code, and `zhian-edge join` takes it; nothing is lost"
            )

    def client(self) -> str:
        """What this node alone can call itself at the broker: it follows from its key, which nobody else has.

        Raises:
            BadSecret: the key cannot be read.
        """
        try:
            key = serialization.load_pem_private_key(self.pair.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            raise BadSecret(f"{self.pair}: holds no key: {error}; `zhian-edge join` makes a new one") from error
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return client_of(_pem(key))

    def pending_key(self) -> Key:
        """The key for a first certificate: the same one until that is there, so that asking twice is asking once.

        Raises:
            HomeRefused: it cannot be kept.
            BadSecret: it is damaged.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self._next.exists():
                replace_private(self._next, _pem(new_key()))
            key = serialization.load_pem_private_key(self._next.read_bytes(), None)
        except OSError as error:
            raise HomeRefused(f"{self._folder}: {error.strerror or error}") from error
        except (ValueError, TypeError) as error:
            raise BadSecret(f"{self._next}: is damaged: {error}; delete it, and ask for another code") from error
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def keep(self, key: Key, issued: Issued) -> None:
        """From now on this is the node's certificate, and its issuer whom it trusts.

        Raises:
            BadSecret: it is not for this key, or its issuer did not sign it.
            HomeRefused: it cannot be kept; what was there still is.
        """
        _check(key, issued)
        try:
            replace_private(self.authority, issued.authority.encode())
            replace_private(self.pair, _pem(key) + issued.certificate.encode())
            self._next.unlink(missing_ok=True)
        except OSError as error:
            raise HomeRefused(f"{self._folder}: {error.strerror or error}") from error

    def follow(self, roots: bytes) -> bool:
        """Trust what the authority trusts now, as it says over a link that is trusted; nothing where that is so.

        Args:
            roots: the certificates of its roots, in PEM; the first one signs nodes.

        Returns:
            whether this node needs a certificate of that one first; its own is of another.

        Raises:
            BadSecret: they are no certificates, or what lies here cannot be read.
            HomeRefused: they cannot be kept.
        """
        try:
            signing = x509.load_pem_x509_certificates(roots)[0]
        except ValueError as error:
            raise BadSecret(f"what the gateway says of its authority is no certificate: {error}") from error
        try:
            self._certificate().verify_directly_issued_by(signing)
        except (ValueError, TypeError, InvalidSignature):
            return True
        try:
            if self.authority.read_bytes().strip() != roots.strip():
                replace_private(self.authority, roots)
        except OSError as error:
            raise HomeRefused(f"{self._folder}: {error.strerror or error}") from error
        return False

    def _certificate(self) -> x509.Certificate:
        try:
            mode = self.pair.stat().st_mode
            if mode & 0o077:
                raise BadSecret(f"{self.pair}: others may read it (mode {mode & 0o777:o}); run: chmod 600 {self.pair}")
            return x509.load_pem_x509_certificate(self.pair.read_bytes())
        except (OSError, ValueError) as error:
            raise BadSecret(f"{self.pair}: holds no certificate: {error}; `zhian-edge join` makes a new one") from error


def new_key() -> Key:
    """A key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def request_for(key: Key, site: str, node: str) -> str:
    """A request (PEM) to certify `key`; the authority decides by itself for whom it is."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{site}/{node}"[:64])])
    made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def _check(key: Key, issued: Issued) -> None:
    try:
        certificate = x509.load_pem_x509_certificate(issued.certificate.encode())
        authority = x509.load_pem_x509_certificate(issued.authority.encode())
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise BadSecret(f"the gateway's answer holds no certificate of its authority: {error}") from error
    if certificate.public_key() != key.public_key():
        raise BadSecret("the gateway's answer is a certificate for another key")


def _pem(key: Key) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
