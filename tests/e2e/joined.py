"""A node with a certificate, which the tests of certificates run against a real gateway and real brokers."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from zhian_edge.deciding import Announcement
from zhian_edge.delivery.joining import join
from zhian_edge.delivery.papers import Key, Papers, new_key, request_for
from zhian_edge.gate import Gate
from zhian_gateway.authority import certificates
from zhian_gateway.authority.office import Authority, Roots, open_authority, read_roots
from zhian_gateway.nodes import identity
from zhian_gateway.store.tables import events, pictures
from zhian_wire.joining import Issued, parse_code

from ..edge.delivery.peers import passage
from ..support.gates import running
from ..support.people import JPEG, ground, person_file, some_face
from ..support.secure import SecureSite
from ..support.waiting import eventually

_numbers = itertools.count(1)


class Node:
    """A node without cameras, with a name that no other test uses; `site` is the real rest."""

    def __init__(self, site: SecureSite) -> None:
        self.site = site
        # A dot in the name is a sign like any other.
        self.name = f"gate.{next(_numbers)}"
        self.folder = site.folder / self.name
        self.folder.mkdir()
        self.config = self.configure()
        self.papers = Papers(self.folder / "node")

    def configure(self, *, url: str = "", broker: str = "", more: str = "") -> Path:
        """Write its configuration; by default towards its site."""
        path = self.folder / "node.toml"
        path.write_text(f"""[site]
id = "school"
[node]
id = "{self.name}"
[gateway]
brokers = ["{broker or self.site.broker.url}"]
url = "{url or self.site.url}"
resend_s = 1.0
{more}""")
        return path

    def join(self) -> Node:
        code = parse_code(self.site.invite(self.name))
        join(self.site.url, code, self.papers, site="school", node=self.name)
        return self

    def reissue(self, *, age: timedelta) -> None:
        """Give it a certificate of the right authority that was issued so long ago, and that no database knows."""
        self.papers.keep(*self._issued(self.site.folder / "gateway" / "authority", datetime.now(UTC) - age))

    def forge(self) -> None:
        """Give it a certificate of its name by another authority; it still trusts its own."""
        mine = self.papers.authority.read_bytes()
        self.papers.keep(*self._issued(self.folder / "other", datetime.now(UTC)))
        self.papers.authority.write_bytes(mine)

    def _issued(self, authority: Path, now: datetime) -> tuple[Key, Issued]:
        open_authority(authority, "school", now)
        return self.signed_by(read_roots(authority), now)

    def signed_by(self, roots: Roots, now: datetime) -> tuple[Key, Issued]:
        """What a gateway with these roots would give it."""
        key, office = new_key(), Authority(self.folder, "school", roots)
        made = office.sign_node(request_for(key, "school", self.name).encode(), self.name, now, self._generation())
        texts = [certificates.pem(each).decode() for each in (made, office.certificate)]
        return key, Issued(site="school", node=self.name, certificate=texts[0], authority=texts[1])

    def _generation(self) -> int:
        with self.site.gateway.services() as parts, parts.store.read() as link:
            return identity.generation(link, "school", self.name)

    def stored(self, source: str) -> bool:
        mine = select(events.c.body).where(events.c.node == self.name)
        with self.site.gateway.services() as parts, parts.store.read() as link:
            return any(source.encode() in body for body in link.execute(mine).scalars())

    def refusals(self, *parts: str) -> list[str]:
        """What it says is wrong with each part when it runs; what it decides then waits."""
        with running(self.config) as gate:
            decide(gate, "kept")
            said = [str(eventually(lambda: service(gate, part)["error"], f"{part}'s error", 20)) for part in parts]  # noqa: B023
            eventually(lambda: gate.state().pictures or gate.state().outbox, "what waits")
        return said

    @contextmanager
    def delivering(self) -> Iterator[Gate]:
        """It runs, has joined, and its first event and picture have arrived."""
        self.join()
        with running(self.config) as gate:
            first = decide(gate, "first")
            eventually(lambda: has_picture(self.site, first), "the first picture")
            yield gate


def edge(*words: str | Path, code: int = 0) -> str:
    """What `zhian-edge` says, on both its outputs."""
    command = [sys.executable, "-m", "zhian_edge.cli", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def service(gate: Gate, name: str) -> dict[str, Any]:
    return next(each for each in gate._status()["services"] if each["name"] == name)


def decide(gate: Gate, source: str) -> str:
    """A passage with a picture; the picture's sha256."""
    name = gate.state().node
    sha256 = gate._spool.draft(JPEG + f"{name} {source}".encode())
    gate._deciding.put(Announcement([passage(source, sha256)]))
    return sha256


def has_picture(site: SecureSite, sha256: str) -> bool:
    with site.gateway.services() as parts, parts.store.read() as link:
        return link.execute(select(pictures.c.sha256).where(pictures.c.sha256 == sha256)).first() is not None


def enrol(site: SecureSite, person: str) -> None:
    with site.gateway.services() as parts, parts.store.write() as link:
        about = person_file(name="王小明")
        parts.registry.enrol(link, person, about, ground(), some_face(), who="t", now=parts.now())
