"""The folder in which a node keeps configurations that were pushed: what holds, and the texts of the last few.

    home/configuration/standing.json   which one holds, which is tried, what became of the last push
    home/configuration/MARK.toml       one for each of them, for its owner's eyes
    home/configuration/marks.key       by which marks are made; it never leaves the node

Every file is replaced as a whole. `standing.json` is the only word on what is run, and is written after the text that
it names: a power cut leaves the one configuration or the other.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

import msgspec
import structlog

from zhian_edge.configuring.standing import Standing
from zhian_edge.delivery.files import replace_private
from zhian_edge.errors import ConfigError

log = structlog.get_logger(__name__)

FOLDER: Final = "configuration"
_DIGITS: Final = 32


class Shelf:
    """The folder in `home`; one process uses it at a time (`process.ownership`)."""

    def __init__(self, home: Path) -> None:
        """Open it, and make it where there is none.

        Raises:
            OSError: it cannot be used.
        """
        self._folder = home / FOLDER
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.key = self._key()

    def mark(self, text: str) -> str:
        """Tells a text from every other one, and nothing of it to whoever has not the key."""
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:_DIGITS]

    def standing(self) -> Standing:
        """What holds; nothing but the file where that cannot be read."""
        try:
            return msgspec.json.decode((self._folder / "standing.json").read_bytes(), type=Standing)
        except FileNotFoundError:
            return Standing()
        except (OSError, msgspec.DecodeError) as error:
            log.error("what was pushed cannot be read; the file is used", error=str(error))  # noqa: TRY400 - told once
            return Standing()

    def keep(self, standing: Standing) -> None:
        """Make it hold; texts that it does not know any more go.

        Raises:
            OSError: it cannot be written; what held before holds.
        """
        replace_private(self._folder / "standing.json", msgspec.json.encode(standing))
        for path in self._folder.glob("*.toml"):
            if path.stem not in standing.kept:
                path.unlink(missing_ok=True)

    def put(self, text: str) -> str:
        """Keep a text; its mark.

        Raises:
            OSError: it cannot be written.
        """
        mark = self.mark(text)
        replace_private(self._path(mark), text.encode())
        return mark

    def text(self, mark: str) -> str:
        """A text that is kept.

        Raises:
            ConfigError: it is not there any more, or is another one.
        """
        try:
            found = self._path(mark).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"the pushed configuration {mark} cannot be read: {error}") from error
        if self.mark(found) != mark:
            raise ConfigError(f"the pushed configuration {mark} is damaged, or was changed by hand")
        return found

    def _path(self, mark: str) -> Path:
        if not mark.isalnum():
            raise ConfigError(f"{mark!r} is no mark of a configuration")
        return self._folder / f"{mark}.toml"

    def _key(self) -> bytes:
        path = self._folder / "marks.key"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            replace_private(path, secrets.token_bytes(32))
            return path.read_bytes()
