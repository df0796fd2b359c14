"""The JSON of signing in, of one's own account, and of users as administrators see them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..auth.sessions import Role
from .shapes import Secret, Shape

#: Six digits of an authenticator, or a recovery code.
Code = Annotated[str, Field(max_length=64)]


class SessionEntry(Shape):
    """One place where somebody is signed in; `current`: the one that asks."""

    id: str
    created_at: str
    seen_at: str
    address: str
    agent: str
    current: bool


class SessionList(Shape):
    """Latest used first."""

    items: list[SessionEntry]


class Ended(Shape):
    """How many sessions ended."""

    sessions: int


class PasswordChange(Shape):
    """`password` is the one that holds; who has none (signs in by ticket) leaves it empty."""

    password: Annotated[str, Field(max_length=256)]
    new: Secret


class PasswordProof(Shape):
    """The password that holds; who has none leaves it empty."""

    password: Annotated[str, Field(max_length=256)]


class SecondFactor(Shape):
    """Whether codes of an authenticator are asked for, whether the role needs them, and the recovery codes left."""

    on: bool
    needed: bool
    recovery_left: int


class SecondSecret(Shape):
    """What to set an authenticator up with, shown once: `picture` is an SVG of the QR code of `address`."""

    secret: str
    address: str
    picture: str


class CodeProof(Shape):
    """A code that the authenticator shows now."""

    code: Annotated[str, Field(min_length=1, max_length=64)]


class RecoveryCodes(Shape):
    """Each lets in once when the authenticator is lost; shown once."""

    codes: list[str]


class SecondRemoval(Shape):
    """Password and code, as for signing in."""

    password: Annotated[str, Field(max_length=256)]
    code: Annotated[str, Field(min_length=1, max_length=64)]


class UserEntry(Shape):
    """Somebody who may log in. `password`: has one; else they come by ticket."""

    name: str
    role: Role
    second_factor: bool
    password: bool
    sessions: int


class UserList(Shape):
    """By name; `next` is where the next page begins."""

    items: list[UserEntry]
    next: str | None
