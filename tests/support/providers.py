"""A provider of messages in another process, with a certificate of a small authority of the test's own."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PROGRAM = Path(__file__).with_name("provider_server.py")


def write_certificate(folder: Path, host: str = "localhost") -> Path:
    """A self-signed certificate for `host` and its key in `folder`; who trusts it, trusts the file returned."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    return folder / "cert.pem"


class Provider:
    """The provider's program, for as long as the block lasts."""

    def __init__(self, folder: Path, host: str = "localhost") -> None:
        self.folder = folder
        self.ca_file = write_certificate(folder, host)
        self.port = 0

    def __enter__(self) -> Provider:
        self.answers({"*": "ok"})
        self._process = subprocess.Popen([sys.executable, PROGRAM, self.folder], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"https://localhost:{self.port}"

    def answers(self, modes: dict[str, str]) -> None:
        """How it answers from now on, by path; `*` for the rest."""
        fresh = self.folder / "modes.new"
        fresh.write_text(json.dumps(modes))
        fresh.replace(self.folder / "modes.json")

    def release(self) -> None:
        """Who is slow answers now."""
        (self.folder / "released").touch()

    def forget(self) -> None:
        """As if it had just begun: it takes everything, and was asked nothing yet."""
        self.answers({"*": "ok"})
        for name in ("released", "requests.jsonl"):
            (self.folder / name).unlink(missing_ok=True)

    def requests(self, path: str = "") -> list[dict[str, Any]]:
        """Everything it was asked so far."""
        log = self.folder / "requests.jsonl"
        lines = log.read_text().splitlines() if log.exists() else []
        found = [json.loads(line) for line in lines]
        return [one for one in found if one["path"].partition("?")[0] == path or not path]

    def bodies(self, path: str = "") -> list[bytes]:
        """The bodies of it."""
        return [bytes.fromhex(one["body"]) for one in self.requests(path)]
