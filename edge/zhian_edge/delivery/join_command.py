"""`zhian-edge join`: the command around joining; `cli.py` registers it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

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
    join(url.rstrip("/"), read, papers, site=loaded.site.id, node=loaded.node.id)
    typer.echo(f"{papers.pair}: node {loaded.node.id} of site {loaded.site.id}, until {papers.times().ends:%Y-%m-%d}")
    for line in _to_set(loaded, url.rstrip("/")):
        typer.echo(f"set in [gateway] of {config}: {line}")


def _to_set(config: Config, url: str) -> list[str]:
    """What the configuration does not say yet."""
    lines = [] if config.gateway.url.rstrip("/") == url else [f'url = "{url}"']
    if not all(broker.startswith("mqtts:") for broker in config.gateway.brokers):
        lines.append(f'brokers = ["mqtts://{urlsplit(url).hostname}:8883"]')
    return lines
