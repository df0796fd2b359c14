"""The JSON of browsers that show messages, typed."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from .shapes import Shape


class PushKey(Shape):
    """What a browser subscribes with (`applicationServerKey`)."""

    key: str


class PushKeys(Shape):
    """A browser's own keys, base64url."""

    p256dh: Annotated[str, Field(min_length=1, max_length=100)]
    auth: Annotated[str, Field(min_length=1, max_length=50)]


Endpoint = Annotated[str, Field(min_length=1, max_length=1000)]


class PushSubscription(BaseModel):
    """What a browser's `PushSubscription.toJSON()` says; when it expires is seen when a message is refused."""

    endpoint: Endpoint
    keys: PushKeys


class PushEndpoint(Shape):
    """Which browser is to be forgotten."""

    endpoint: Endpoint
