"""`zhian-gateway authority|broker` and `node invite`: certificates for nodes, and a broker that knows them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection
from zhian_wire import joining

from ..authority import broker_files, broker_lists, certificates, invitations, rotation
from ..authority.office import OWN, Authority, has_authority, open_authority
from ..config_types import Authority as Settings
from ..errors import ConfigError, Conflict
from ..nodes import identity
from ..services import Services
from ..store import audit
from .common import DEFAULT, ConfigOption, opened, operator

#: Of MQTT over TLS.
PORT: Final = 8883

authority = typer.Typer(no_args_is_help=True, help="The site's own certificate authority.")
broker = typer.Typer(no_args_is_help=True, help="The MQTT broker's configuration.")


@authority.command("init")
def init(config: ConfigOption = DEFAULT) -> None:
    """Make the authority, unless there is one, and say where its key lies."""
    with _office(config, say_made=False) as (_, office, settings):
        _introduce(office, settings)


@authority.command("show")
def show(config: ConfigOption = DEFAULT) -> None:
    """The authority, and when each node's certificate ends."""
    with _office(config) as (parts, office, _):
        print(f"fingerprint: {office.fingerprint}; holds until {office.certificate.not_valid_after_utc:%Y-%m-%d}")
        with parts.store.read() as link:
            named, ends = identity.every(link, parts.site), identity.ends(link, parts.site)
            late = _behind(link, parts, office) if office.leaving else []
        if office.leaving:
            print(f"another root follows: {_told(late)}")
        for node in named:
            said = f"until {ends[node][:10]}" if node in ends else "by token"
            print(f"{node}  {said}{', of the old root' if node in late else ''}")


@authority.command("rotate")
def rotate(config: ConfigOption = DEFAULT) -> None:
    """Bring in a new root while everything runs: both are trusted, and each node fetches a certificate of the new one.

    The gateway follows within seconds, and a node that is on within some minutes. `authority retire` ends it.
    """
    with _office(config) as (parts, office, settings):
        home = Path(settings.home)
        fresh = rotation.begin(home, parts.site, parts.clock())
        named = joining.fingerprint(fresh.certificate.public_bytes(Encoding.DER))
        with parts.store.write() as link:
            _record(link, parts, "authority.rotate", named)
        office.refresh()
        with parts.store.read() as link:
            late = _behind(link, parts, office)
        print(f"a new root: {named}; back up {home} again, it holds two keys now")
        print(f"{_told(late)}; `zhian-gateway authority show` says who follows")
        print("a broker on another machine: `zhian-gateway broker config` for it, and have it read its files again")
        print("then `zhian-gateway authority retire`")


@authority.command("retire")
def retire(
    config: ConfigOption = DEFAULT,
    force: Annotated[bool, typer.Option("--force", help="Also while nodes hold a certificate of it.")] = False,
) -> None:
    """Trust the old root no more; refused while a node still holds a certificate of it."""
    with _office(config) as (parts, office, settings):
        with parts.store.read() as link:
            late = _behind(link, parts, office)
        if office.leaving and late and not force:
            raise Conflict(f"{_told(late)}; with --force each of them has to be invited again")
        rotation.finish(Path(settings.home))
        with parts.store.write() as link:
            _record(link, parts, "authority.retire", " ".join(late))
        office.refresh()
        print(f"one root: {office.fingerprint}; {Path(settings.home)}: back it up again")
        for node in late:
            print(f"{node} holds nothing that is trusted: `zhian-gateway node invite {node}`, then `zhian-edge join`")
        print("restart the broker: mosquitto forgets a root only so. For a broker on another machine write its files")
        print("again before (`zhian-gateway broker config`).")


def _behind(link: Connection, parts: Services, office: Authority) -> list[str]:
    return identity.behind(link, parts.site, certificates.id_of(office.certificate), parts.clock())


def _told(late: list[str]) -> str:
    if not late:
        return "every node has a certificate of the new root"
    return f"without a certificate of the new root that arrived: {', '.join(late)}"


def _record(link: Connection, parts: Services, action: str, subject: str) -> None:
    audit.record(link, site=parts.site, at=parts.now(), who=operator(), action=action, subject=subject)


@broker.command("config")
def broker_config(
    server: Annotated[Literal["mosquitto", "nats"], typer.Argument(help="Which broker.")],
    out: Annotated[Path, typer.Option(help="Folder for its files; the broker's group must be able to read it.")],
    host: Annotated[str, typer.Option(help="Address on which the broker is to listen.")] = "0.0.0.0",  # noqa: S104
    port: Annotated[
        int | None,
        typer.Option(help="And its port; by default that of the url in broker, where it is mqtts://, else 8883."),
    ] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Write a broker's whole configuration: TLS, certificates, and each node's own rights."""
    with _office(config) as (parts, office, settings):
        folder, named = out.resolve(), parts.config.broker
        port = port or (named.address[1] if named.secure else PORT)
        broker_lists.write_all(parts, office, server, (folder, host, port))
        print(f"{folder / broker_files.MAIN[server]}: start the broker with this")
        if (Path(settings.broker_files), settings.broker) != (folder, server):
            print(f'then set broker = "{server}" and broker_files = "{folder}" in [authority] of {config}')
        if not named.secure or named.address[1] != port:
            print(f'and url = "mqtts://{settings.names[0]}:{port}" in its [broker], which says {named.url} now')


def invite(name: Annotated[str, typer.Argument(help="The node's id.")], config: ConfigOption = DEFAULT) -> None:
    """Print a one-time code, good for an hour, with which a machine may join as this node.

    What the node had before, token or certificates, holds until somebody joins with the code.
    """
    with _office(config) as (parts, office, settings):
        code = office.code()
        with parts.store.write() as link:
            invitations.invite(link, site=parts.site, node=name, secret=code.secret, now=parts.clock(), who=operator())
        words = f"zhian-edge join https://{_named(settings)} {code} --config /etc/zhian/node.toml"
        print(f"on the node: sudo -u zhian {words}")
        if not settings.broker_pid_file:
            print("then have the broker read its lists again, unless zhian-broker.path does", file=sys.stderr)


def _named(settings: Settings) -> str:
    name = settings.names[0]
    return f"[{name}]:{settings.port}" if ":" in name else f"{name}:{settings.port}"


def _introduce(office: Authority, settings: Settings) -> None:
    print(f"authority of this site: {office.shown}")
    print(f"its key, which nobody else may have: {Path(settings.home) / OWN}; back it up, apart from the database")
    print(f"fingerprint: {office.fingerprint}; holds until {office.certificate.not_valid_after_utc:%Y-%m-%d}")


@contextmanager
def _office(path: Path, *, say_made: bool = True) -> Iterator[tuple[Services, Authority, Settings]]:
    """The gateway's parts, and its authority, made at first need; then whoever typed is told of it, as by `init`."""
    with opened(path) as parts:
        settings = parts.config.authority
        if settings is None:
            raise ConfigError(f"{path}: has no [authority]; give it one, with the names of this machine")
        is_new = not has_authority(Path(settings.home))
        office = open_authority(Path(settings.home), parts.site, parts.clock())
        if is_new and say_made:
            _introduce(office, settings)
        yield parts, office, settings
