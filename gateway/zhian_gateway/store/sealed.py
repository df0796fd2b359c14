"""Columns whose values lie sealed in the database; whoever reads or writes them through the tables sees the plain ones.

The vault belongs to the engine, and reaches the columns by its dialect, of which every engine has its own.
"""

from __future__ import annotations

import base64
from typing import Any, Final

import structlog
from sqlalchemy import Dialect, Engine, LargeBinary, Text, TypeDecorator

from ..errors import StoreError, Unsealable
from .vault import Vault

log = structlog.get_logger(__name__)
_NAME: Final = "zhian_vault"
#: How sealed text begins; the rest is base64.
TEXT: Final = "zs1:"


def attach(engine: Engine, vault: Vault) -> None:
    """Let the sealed columns of this engine use `vault`."""
    setattr(engine.dialect, _NAME, vault)


def head_of_text(head: bytes) -> str:
    """How sealed text begins whose bytes begin with `head`; base64 writes each three bytes by themselves."""
    return TEXT + base64.b64encode(head[: len(head) // 3 * 3]).decode()


def open_text(vault: Vault, value: str, about: str) -> str:
    """Text as it lies, opened; what an older version wrote in the clear as it is.

    Raises:
        Unsealable: it is damaged.
    """
    if not value.startswith(TEXT):
        return value
    try:
        data = base64.b64decode(value.removeprefix(TEXT), validate=True)
    except ValueError as error:
        raise Unsealable(f"{about}: is damaged") from error
    return vault.open(data, about).decode()


def _vault(dialect: Dialect) -> Vault:
    found = getattr(dialect, _NAME, None)
    if not isinstance(found, Vault):
        raise StoreError("the database was opened without its keys")
    return found


class SealedBytes(TypeDecorator[bytes]):
    """Bytes; `about` says what they are."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> Any:
        """On the way in."""
        return None if value is None else _vault(dialect).seal(value, self.about)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bytes | None:
        """On the way out; empty where it is damaged, so that one row does not keep everybody else's from being read."""
        if value is None:
            return None
        try:
            return _vault(dialect).open(bytes(value), self.about)
        except Unsealable as error:
            log.error("store.damaged", error=str(error))  # noqa: TRY400 - where it was read does not matter
            return b""


class SealedText(TypeDecorator[str]):
    """Text; `about` says what it is."""

    impl = Text
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        """On the way in."""
        if value is None:
            return None
        return TEXT + base64.b64encode(_vault(dialect).seal(value.encode(), self.about)).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """On the way out; empty where it is damaged, likewise."""
        if value is None:
            return None
        try:
            return open_text(_vault(dialect), value, self.about)
        except Unsealable as error:
            log.error("store.damaged", error=str(error))  # noqa: TRY400 - as above
            return ""
