"""The JSON of how the gateway is, typed."""

from __future__ import annotations

from typing import Literal

from .shapes import Shape


class Health(Shape):
    """How the gateway is, in one word."""

    status: Literal["ok", "warn", "fail"]


class Check(Shape):
    """One thing that was looked at, and what to do about it; `code` and `values` say the same without words."""

    name: str
    verdict: Literal["ok", "warn", "fail"]
    text: str
    advice: str
    code: str
    values: dict[str, float | str]


class Checks(Shape):
    """Everything that was looked at; `fail` where the gateway itself does not do its work."""

    status: Literal["ok", "warn", "fail"]
    items: list[Check]
