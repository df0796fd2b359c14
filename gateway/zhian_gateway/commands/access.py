"""`zhian-gateway node|user|ticket|secret|police`: who may speak, look and listen."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.prompt import Prompt
from zhian_models.atomic import PRIVATE, write_atomically

from ..auth import scope
from ..auth.sessions import ROLES
from ..nodes import identity
from ..police import subscribers
from ..services import Services
from .authority import invite
from .common import DEFAULT, ConfigFile, ConfigOption, opened, operator

node = typer.Typer(no_args_is_help=True, help="The site's nodes: by certificate, or by token on this machine.")
user = typer.Typer(no_args_is_help=True, help="People who may log in.")
police = typer.Typer(no_args_is_help=True, help="Subscribers of the police feed.")


@node.command("add")
def add_node(name: Annotated[str, typer.Argument(help="The node's id.")], config: ConfigOption = DEFAULT) -> None:
    """Print a new token for a node, once; only its hash is kept. What the node had before holds no more."""
    with opened(config) as parts, parts.store.write() as link:
        token = identity.add(link, site=parts.site, node=name, now=parts.now(), who=operator())
    print(token)


node.command("invite")(invite)


@node.command("list")
def list_nodes(config: ConfigOption = DEFAULT) -> None:
    """All nodes that were not revoked."""
    with opened(config) as parts, parts.store.read() as link:
        for name in identity.every(link, parts.site):
            print(name)


@node.command("revoke")
def revoke_node(name: str, config: ConfigOption = DEFAULT) -> None:
    """Take a node's token and certificates away, and have it delete roster and pictures.

    HTTP is closed to it at once; the running gateway closes the broker some seconds later, after its last answer.
    """
    with opened(config) as parts, parts.store.write() as link:
        identity.revoke(link, site=parts.site, node=name, now=parts.now(), who=operator())


@user.command("add")
def add_user(
    name: str,
    role: Annotated[str, typer.Option(help=f"{', '.join(ROLES)}.")],
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password; else they log in by ticket.")
    ] = False,
    group: Annotated[list[str] | None, typer.Option(help="A teacher's class; may be said several times.")] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Add a user. There is no default password: without one, `zhian-gateway ticket` lets them in."""
    word = _ask() if password else None
    with opened(config) as parts:
        parts.accounts.add(name, role, word, who=operator())
        if group:
            _set_groups(parts, name, group)
    print(f"{name}: added as {role}" + ("" if word else f"; `zhian-gateway ticket {name}` lets them in"))


def _set_groups(parts: Services, name: str, groups: list[str]) -> None:
    with parts.store.write() as link:
        scope.set_groups(link, name, groups, site=parts.site, who=operator(), now=parts.now())


@user.command("groups")
def user_groups(
    name: str,
    groups: Annotated[list[str] | None, typer.Argument(help="Their classes from now on; none: say which.")] = None,
    none: Annotated[bool, typer.Option("--none", help="No class any more.")] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Which classes are a teacher's: they see and correct the days of these alone."""
    with opened(config) as parts:
        if groups or none:
            _set_groups(parts, name, groups or [])
        with parts.store.read() as link:
            print("  ".join([name, *sorted(scope.groups_of(link, name))]))


def _ask() -> str:
    """From the terminal, or the first line of what is piped in."""
    return Prompt.ask("Password", password=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


@user.command("list")
def list_users(config: ConfigOption = DEFAULT) -> None:
    """All users and their roles, also those who are disabled."""
    with opened(config) as parts:
        for name, role in parts.accounts.every():
            print(f"{name}  {role}")
        for name, role in parts.accounts.disabled():
            print(f"{name}  {role}  disabled")


@user.command("disable")
def disable_user(name: str, config: ConfigOption = DEFAULT) -> None:
    """Let a user in no more; what they have open ends."""
    with opened(config) as parts:
        parts.accounts.disable(name, who=operator())
    print(f"{name}: disabled; what was open has ended")


@user.command("enable")
def enable_user(name: str, config: ConfigOption = DEFAULT) -> None:
    """Let a disabled user in again."""
    with opened(config) as parts:
        parts.accounts.enable(name, who=operator())
    print(f"{name}: may log in again")


@user.command("password")
def set_password(name: str, config: ConfigOption = DEFAULT) -> None:
    """Ask for another password for a user; what they have open ends."""
    word = _ask()
    with opened(config) as parts:
        parts.accounts.credentials.set_password(name, word, who=operator())
    print(f"{name}: has another password; what was open has ended")


@user.command("reset-second-factor")
def reset_second_factor(name: str, config: ConfigOption = DEFAULT) -> None:
    """Forget a user's authenticator and recovery codes, which are lost; what they have open ends."""
    with opened(config) as parts:
        parts.accounts.credentials.reset_second(name, who=operator())


@user.command("sessions")
def list_sessions(name: str, config: ConfigOption = DEFAULT) -> None:
    """Where a user is signed in: number, since when, last used, address, browser."""
    with opened(config) as parts:
        for one in parts.accounts.sessions_of(name):
            print(f"{one.id}  {one.created_at}  {one.seen_at}  {one.address or '-'}  {one.agent}".rstrip())


@user.command("sign-out")
def sign_out(name: str, config: ConfigOption = DEFAULT) -> None:
    """End everything that a user has open."""
    with opened(config) as parts:
        print(f"{parts.accounts.end_sessions(name, who=operator())} sessions ended")


def ticket(
    name: Annotated[str, typer.Argument(metavar="USER")],
    url: Annotated[str, typer.Option(help="Address of the page, behind a proxy the proxy's; by default our own.")] = "",
    config: ConfigOption = DEFAULT,
) -> None:
    """Print a link that logs USER in, once, within ten minutes."""
    with opened(config) as parts:
        listen = parts.config.listen
        base = url.rstrip("/") or f"http://{listen.host}:{listen.port}"
        print(f"{base}/#/login?ticket={parts.accounts.ticket(name, who=operator())}")
        if listen.secure and not url:
            print("on this machine alone: elsewhere it is the proxy's address, --url https://…", file=sys.stderr)


def secret(config: ConfigFile = None, option: ConfigOption = DEFAULT) -> None:
    """Print a new first-run secret, while there is no administrator; the one before holds no more."""
    with opened(config or option) as parts:
        made = parts.accounts.new_first_secret()
        write_atomically(parts.config.store.first_secret, f"{made}\n".encode(), mode=PRIVATE)
    print(made)


@police.command("add")
def add_subscriber(
    name: str,
    ground: Annotated[str, typer.Option(help="On what ground this subscriber is told; it is recorded.")],
    webhook: Annotated[str, typer.Option(help="Where to post to as well; empty: the stream only.")] = "",
    config: ConfigOption = DEFAULT,
) -> None:
    """Print a subscriber's token (for the stream) and secret (for the webhook's signature), once."""
    with opened(config) as parts, parts.store.write() as link:
        keys = subscribers.add(
            link, site=parts.site, name=name, ground=ground, webhook=webhook, who=operator(), now=parts.now()
        )
    print(f"token: {keys.token}\nsecret: {keys.secret}")


@police.command("list")
def list_subscribers(config: ConfigOption = DEFAULT) -> None:
    """All subscribers, with their ground and webhook."""
    with opened(config) as parts, parts.store.read() as link:
        for name, ground, webhook in subscribers.every(link):
            print(f"{name}  {ground}  {webhook}".rstrip())


@police.command("retry")
def retry_deliveries(name: str, config: ConfigOption = DEFAULT) -> None:
    """Send a subscriber's webhook again what was given up, once it can be reached."""
    with opened(config) as parts, parts.store.write() as link:
        again = subscribers.retry(link, site=parts.site, name=name, who=operator(), now=parts.now())
    print(f"{again} to be sent again")


@police.command("disable")
def disable_subscriber(name: str, config: ConfigOption = DEFAULT) -> None:
    """Tell a subscriber nothing any more: token and webhook hold no more."""
    with opened(config) as parts, parts.store.write() as link:
        subscribers.disable(link, site=parts.site, name=name, who=operator(), now=parts.now())
