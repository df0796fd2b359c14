"""`zhian-gateway authority|broker` and `node invite`: certificates for nodes, and a broker that knows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from ..authority import broker_files, broker_lists, invitations
from ..authority.office import Authority, open_authority
from ..config_types import Authority as Settings
from ..errors import ConfigError
from ..nodes import identity
from ..services import Services
from .common import DEFAULT, ConfigOption, opened, operator

#: Of MQTT over TLS.
PORT: Final = 8883

authority = typer.Typer(no_args_is_help=True, help="The site's own certificate authority.")
broker = typer.Typer(no_args_is_help=True, help="The MQTT broker's configuration.")


@authority.command("init")
def init(config: ConfigOption = DEFAULT) -> None:
    """Make the authority, unless there is one, and say where its key lies."""
    with _office(config) as (_, office, settings):
        print(f"authority of this site: {office.shown}")
        print(f"its key, which nobody else may have: {Path(settings.home) / 'authority.pem'}")
        print(f"fingerprint: {office.fingerprint}; holds until {office.certificate.not_valid_after_utc:%Y-%m-%d}")


@authority.command("show")
def show(config: ConfigOption = DEFAULT) -> None:
    """The authority, and when each node's certificate ends."""
    with _office(config) as (parts, office, _):
        print(f"fingerprint: {office.fingerprint}; holds until {office.certificate.not_valid_after_utc:%Y-%m-%d}")
        with parts.store.read() as link:
            named, ends = identity.every(link, parts.site), identity.ends(link, parts.site)
        for node in named:
            print(f"{node}  {f'until {ends[node][:10]}' if node in ends else 'by token'}")


@broker.command("config")
def broker_config(
    server: Annotated[Literal["mosquitto", "nats"], typer.Argument(help="Which broker.")],
    out: Annotated[Path, typer.Option(help="Folder for its files; the broker's group must be able to read it.")],
    host: Annotated[str, typer.Option(help="Address on which the broker is to listen.")] = "0.0.0.0",  # noqa: S104
    port: Annotated[
        int | None, typer.Option(help="And its port; by default that of [broker] url, where it is mqtts://, else 8883.")
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


def _named(settings: Settings) -> str:
    name = settings.names[0]
    return f"[{name}]:{settings.port}" if ":" in name else f"{name}:{settings.port}"


@contextmanager
def _office(path: Path) -> Iterator[tuple[Services, Authority, Settings]]:
    """The gateway's parts, and its authority, made at first need."""
    with opened(path) as parts:
        settings = parts.config.authority
        if settings is None:
            raise ConfigError(f"{path}: has no [authority]; give it one, with the names of this machine")
        yield parts, open_authority(Path(settings.home), parts.site, parts.clock()), settings
