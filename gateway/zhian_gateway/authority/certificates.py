"""What the authority signs, as pure functions: keys and times in, certificates out.

A node is `{site}/{node}`: as common name, which mosquitto takes for the user's name, and as the URI
`zhian:{site}/{node}#{generation}`, which nats-server maps to its account and the gateway's HTTP reads. A node's
generation is another one whenever it joins anew, so that nats-server, which keeps no list of revoked certificates,
knows the certificate of a machine that was replaced from that of its successor; 0 is not written. The gateway itself
is `gateway`; no node can be called that, since a node's name has a slash in it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from zhian_wire.codec import check_name
from zhian_wire.errors import DecodeError

from ..errors import BadInput, NotLoggedIn
from ..nodes.identity import Shown

Key: TypeAlias = ec.EllipticCurvePrivateKey

GATEWAY: Final = "gateway"
SCHEME: Final = "zhian:"
NODE_LASTS: Final = timedelta(days=90)
#: As long as their authority: only nodes of this site ever see them, and the authority's key lies beside them.
AUTHORITY_LASTS: Final = timedelta(days=20 * 365)
#: A clock that is a little behind must not make a fresh certificate one of the future.
_BACKDATED: Final = timedelta(hours=1)
#: X.509's bound of a common name.
_LONGEST_NAME: Final = 64
_BROKER: Final = "broker"
_NODE: Final = re.compile(rf"{SCHEME}(?P<site>[^/#]+)/(?P<node>[^/#]+)(#(?P<generation>[1-9][0-9]{{0,15}}))?")


def new_key() -> Key:
    """A key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def new_authority(site: str, key: Key, now: datetime) -> x509.Certificate:
    """The certificate of a site's authority, by which it signs nodes and servers and nothing below them."""
    # The roots of one site differ by their number, so that nobody takes one for the other.
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    name = _name(f"zhian authority {site}"[:_LONGEST_NAME], own.digest.hex()[:16])
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = _builder(name, name, key.public_key(), now, now + AUTHORITY_LASTS)
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(own, critical=False)
        .sign(key, hashes.SHA256())
    )


def check_fits(site: str, node: str) -> None:
    """Whether site and node fit into a certificate.

    Raises:
        BadInput: a name that cannot stand in a topic, or both together are too long.
    """
    try:
        check_name(node, "node")
    except DecodeError as error:
        raise BadInput(str(error)) from error
    if len(f"{site}/{node}") > _LONGEST_NAME:
        raise BadInput(
            f"'{site}/{node}': a certificate holds {_LONGEST_NAME} characters at most; shorten the node's id"
        )


def for_node(
    authority: x509.Certificate, key: Key, request: bytes, *, site: str, node: str, now: datetime, generation: int = 0
) -> x509.Certificate:
    """A node's certificate for the public key of its request (PEM); whatever else the request asks is not heeded.

    Raises:
        BadInput: it is no request, its signature does not hold, or its key is not on P-256.
    """
    ends = min(now + NODE_LASTS, authority.not_valid_after_utc)
    public = _public_key(request)
    builder = _leaf(_builder(_name(f"{site}/{node}"), authority.subject, public, now, ends), authority)
    name = x509.UniformResourceIdentifier(uri(site, node, generation))
    return (
        builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def for_gateway(
    authority: x509.Certificate, key: Key, names: Collection[str], *, own: Key, now: datetime
) -> x509.Certificate:
    """The gateway's: a server towards nodes, a client towards the broker.

    Raises:
        BadInput: a name that is neither a host's name nor an address.
    """
    both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    more = [x509.UniformResourceIdentifier(f"{SCHEME}{GATEWAY}")]
    return _server(authority, key, GATEWAY, names, own=own, now=now, usage=both, more=more)


def for_broker(
    authority: x509.Certificate, key: Key, names: Collection[str], *, own: Key, now: datetime
) -> x509.Certificate:
    """The broker's; as `for_gateway`."""
    usage = [ExtendedKeyUsageOID.SERVER_AUTH]
    return _server(authority, key, _BROKER, names, own=own, now=now, usage=usage, more=[])


def revocations(authority: x509.Certificate, key: Key, serials: Mapping[str, datetime], now: datetime) -> bytes:
    """The list of certificates that hold no more, by serial and since when, in PEM.

    It never goes stale: it is written anew whenever it changes, and a broker that holds an expired one refuses all.
    """
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.subject)
    builder = builder.last_update(now - _BACKDATED).next_update(authority.not_valid_after_utc)
    builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    builder = builder.add_extension(_signer(authority), critical=False)
    for serial, since in sorted(serials.items()):
        one = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(since)
        builder = builder.add_revoked_certificate(one.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def shown_by(der: bytes) -> Shown:
    """Whose certificate this is; that the authority signed it was checked when the connection was made.

    Raises:
        NotLoggedIn: it is nobody's who is a node.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        (text,) = names.get_values_for_type(x509.UniformResourceIdentifier)
    except (ValueError, x509.ExtensionNotFound) as error:
        raise NotLoggedIn("the certificate names no node") from error
    found = _NODE.fullmatch(text)
    if not found:
        raise NotLoggedIn("the certificate names no node")
    return Shown(
        found["site"],
        found["node"],
        serial_of(certificate),
        certificate.not_valid_after_utc,
        issuer_of(certificate),
        int(found["generation"] or 0),
    )


def uri(site: str, node: str, generation: int = 0) -> str:
    """A node as it stands in its certificate."""
    return f"{SCHEME}{site}/{node}" + (f"#{generation}" if generation else "")


def id_of(root: x509.Certificate) -> str:
    """What stands for a root in what it signed."""
    return root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest.hex()


def issuer_of(certificate: x509.Certificate) -> str:
    """`id_of` the root that signed this; empty where it does not say so."""
    try:
        named = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    except x509.ExtensionNotFound:
        return ""
    return (named or b"").hex()


def key_digest(request: bytes) -> str:
    """What stands for the public key of a request (PEM).

    Raises:
        BadInput: as `for_node`.
    """
    kept = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(_public_key(request).public_bytes(*kept)).hexdigest()


def serial_of(certificate: x509.Certificate) -> str:
    """Its number, as it is kept: hexadecimal."""
    return f"{certificate.serial_number:x}"


def names_of(certificate: x509.Certificate) -> frozenset[str]:
    """The names and addresses that a server's certificate holds for."""
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = found.get_values_for_type(x509.IPAddress)
    return frozenset(found.get_values_for_type(x509.DNSName)) | frozenset(map(str, addresses))


def pem(certificate: x509.Certificate) -> bytes:
    """As text."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def pem_key(key: Key) -> bytes:
    """A private key as text; whoever writes it sees to it that nobody else may read it."""
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _server(
    authority: x509.Certificate,
    key: Key,
    common: str,
    names: Collection[str],
    *,
    own: Key,
    now: datetime,
    usage: list[x509.ObjectIdentifier],
    more: list[x509.UniformResourceIdentifier],
) -> x509.Certificate:
    ends = authority.not_valid_after_utc
    builder = _leaf(_builder(_name(common), authority.subject, own.public_key(), now, ends), authority)
    return (
        builder.add_extension(x509.SubjectAlternativeName([*map(_general, sorted(names)), *more]), critical=False)
        .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
        .sign(key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - _BACKDATED).not_valid_after(ends)


def _leaf(builder: x509.CertificateBuilder, authority: x509.Certificate) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(_signer(authority), critical=False)
    )


def _signer(authority: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _name(common: str, number: str = "") -> x509.Name:
    numbered = [x509.NameAttribute(NameOID.SERIAL_NUMBER, number)] if number else []
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common), *numbered])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name)
    except ValueError as error:
        raise BadInput(f"{name!r} is neither the name of a host nor an address") from error


def _public_key(request: bytes) -> ec.EllipticCurvePublicKey:
    try:
        asked = x509.load_pem_x509_csr(request)
        holds = asked.is_signature_valid
        public = asked.public_key()
    except (ValueError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise BadInput(f"not a request for a certificate: {error}") from error
    if not holds:
        raise BadInput("the request for a certificate is not signed by its own key")
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise BadInput("the request for a certificate must be for a key on P-256")
    return public
