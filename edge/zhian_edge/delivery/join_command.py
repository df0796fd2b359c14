"""`zhian-edge join`: the command around joining; `cli.py` registers it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

import typer
from zhian_wire.errors import DecodeError
from zhian_wire.joining import parse_code

from zhian_edge.command_line import ConfigArgument, ConfigOption, chosen
from zhian_edge.config.reading import load
from zhian_edge.config.types import Config
from zhian_edge.errors import ConfigError

from .joining import join
from .papers import Papers


def join_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="the nodes' door of the gateway, https://host:8443")],
    code: Annotated[str, typer.Argument(metavar="CODE", help="as `zhian-gateway node invite` printed it")],
    argument: ConfigArgument = None,
    option: ConfigOption = None,
) -> None:
    """Make this node one of its site: it makes its own key, and gets a certificate for it."""
    config = chosen(argument, option)
    loaded = load(config)
    if not url.startswith("https://"):
        raise ConfigError(f"{url}: a node joins at https://host:port")
    try:
        read = parse_code(code)
    except DecodeError as error:
        raise ConfigError(f"{error}; `zhian-gateway node invite {loaded.node.id}` prints one") from error
    papers = Papers(Path(loaded.node.home))
    names = join(url.rstrip("/"), read, papers, site=loaded.site.id, node=loaded.node.id)
    typer.echo(f"{papers.pair}: node {loaded.node.id} of site {loaded.site.id}, until {papers.times().ends:%Y-%m-%d}")
    for line in to_write(loaded, url.rstrip("/"), names):
        typer.echo(f"still to do: write into [gateway] of {config} {line}")


def to_write(config: Config, url: str, names: Collection[str]) -> list[str]:
    """What the configuration does not say yet; `names` are those of the gateway at `url`, in lower case."""
    lines = [] if _same_door(config.gateway.url, url, names) else [f'url = "{url}"']
    if not all(broker.startswith("mqtts:") for broker in config.gateway.brokers):
        lines.append(f'brokers = ["mqtts://{urlsplit(url).hostname}:8883"]')
    return lines


def _same_door(configured: str, url: str, names: Collection[str]) -> bool:
    """Whether the node will reach by `configured` what it has joined at `url`."""
    if configured.rstrip("/") == url:
        return True
    had, joined = urlsplit(configured), urlsplit(url)
    return had.scheme == "https" and _port(had) == _port(joined) and (had.hostname or "") in names


def _port(address: SplitResult) -> int:
    return address.port or 443
