"""What a node does with a configuration that is pushed: judge it by the very code that reads it at a start."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from zhian_wire.configuration import MOST_CHARACTERS, Problem, Push, forbidden
from zhian_wire.errors import BadMark
from zhian_wire.redaction import Redacted, redact, restore
from zhian_wire.secret_parts import scrubbed
from zhian_wire.toml_lines import find_lines, line_of

from zhian_edge.config.reading import BadConfig, load_text
from zhian_edge.config.toml_errors import dotted
from zhian_edge.errors import ConfigError, PushRefused

#: So many of the things that are wrong are told.
MOST_PROBLEMS: Final = 20


class Judged(NamedTuple):
    """A text that can be used: with its secrets."""

    text: str


class Judge:
    """Judges texts that were made from the configuration that runs; `path` is the node's file."""

    def __init__(self, text: str, mark: str, key: bytes, path: Path) -> None:
        self._text = text
        self._path = path
        self._redacted = redact(text, key)
        self.mark = mark

    @property
    def redacted(self) -> Redacted:
        """The configuration that runs, without its secrets."""
        return self._redacted

    def problems(self, text: str) -> list[Problem]:
        """Everything that is wrong with a text; its secrets are marks, or hidden where they are typed anew."""
        if len(text) > MOST_CHARACTERS:
            return [Problem(1, "", f"longer than {MOST_CHARACTERS} characters")]
        found = _problems(lambda: load_text(text, self._path))
        if found:
            return found[:MOST_PROBLEMS]
        lines = find_lines(text)
        old, new = tomllib.loads(self._redacted.text), tomllib.loads(text)
        found = [Problem(line_of(lines, where), dotted(where), what) for where, what in forbidden(old, new)]
        try:
            whole = restore(text, self._redacted.secrets, self._redacted.places)
        except BadMark as error:
            return [*found, Problem(error.line, "", str(error))][:MOST_PROBLEMS]
        # With its secrets a text may be wrong where it was not with marks; what they are is not told.
        hidden = [] if found else _problems(lambda: load_text(whole, self._path))
        found += [Problem(each.line, each.key, "cannot be used with its secret") for each in hidden]
        return found[:MOST_PROBLEMS]

    def accept(self, push: Push, kept: Callable[[str], str]) -> Judged:
        """The text that a push asks for, with its secrets.

        Args:
            kept: a former text by its mark.

        Raises:
            PushRefused: it cannot be used here; the words name lines and keys, and no secret.
        """
        if push.base != self.mark:
            raise PushRefused("this node's configuration was changed meanwhile: look at it again")
        if push.restore:
            return Judged(self._former(push.restore, kept))
        problems = self.problems(push.text)
        if problems:
            raise PushRefused(in_words(problems))
        return Judged(restore(push.text, self._redacted.secrets, self._redacted.places))

    def _former(self, mark: str, kept: Callable[[str], str]) -> str:
        try:
            text = kept(mark)
            load_text(text, self._path)
        except BadConfig as error:
            count = len(error.problems)
            raise PushRefused(f"the former configuration cannot be used any more: {count} faults") from error
        except ConfigError as error:
            raise PushRefused("this node has that configuration no more") from error
        if any(forbidden(tomllib.loads(self._text), tomllib.loads(text))):
            raise PushRefused("the former configuration is of another node, gateway or device: go back at the node")
        return text


def in_words(problems: Sequence[Problem]) -> str:
    """Problems as one text, a line each."""
    return "\n".join(f"{each.line}: {each.key}: {each.message}" for each in problems)


def _problems(loading: Callable[[], object]) -> list[Problem]:
    try:
        loading()
    except BadConfig as error:
        return [Problem(each.line, each.key, scrubbed(each.message)) for each in error.problems]
    return []
