"""The JSON of logging in, typed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .shapes import Secret, Shape, Short


class Site(Shape):
    """The site, for the page's head and clock, and what people there call cameras (id, or node/id) and lanes."""

    id: str
    name: str
    timezone: str
    silent_s: float
    cameras: dict[str, str]
    lanes: dict[str, str]


class Setup(Shape):
    """Whether the first administrator is still to be made."""

    needed: bool


class SetupRequest(Shape):
    """The first administrator."""

    secret: Secret
    user: Short
    password: Secret


class LogIn(Shape):
    """Either user and password, or a ticket; `code` of the second factor, where there is one."""

    user: Short | None = None
    password: Secret | None = None
    ticket: Secret | None = None
    code: Annotated[str, Field(max_length=64)] = ""


class LoggedIn(Shape):
    """Who is logged in, and the token that every change must carry.

    `unfinished`: a second factor is to be set up first; until then nothing else is open.
    """

    user: str
    role: str
    csrf: str
    site: Site
    unfinished: bool = False
