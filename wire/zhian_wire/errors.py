"""Everything the wire can refuse.

WireError
├── DecodeError            bytes that are not what they claim to be
│   └── TooLarge           longer than any honest message
├── BadIdentifier          a card's number is none, in the spelling that it should have
├── IllegalTransition      an alert cannot go from one state to another
├── BadMark                a mark of a configuration that stands for nothing, or not there
├── Unchangeable           a text in which only a person can change that value
└── BadTopic               a topic outside zhian/v1/{site}/{node}/{kind}
"""

from __future__ import annotations


class WireError(ValueError):
    """Base of all errors of this package."""


class DecodeError(WireError):
    """The bytes cannot be read as what was asked for; the message says where and why."""


class TooLarge(DecodeError):
    """The message is longer than `codec.MAX_BYTES`."""


class BadIdentifier(WireError):
    """Not a card's number in the spelling that it should have."""


class IllegalTransition(WireError):
    """An alert's state machine does not allow this step."""


class BadTopic(WireError):
    """A topic that is not `zhian/v1/{site}/{node}/{kind}`, or a name that cannot stand in one."""


class BadMark(WireError):
    """A mark that stands for no secret, or in a place where its secret does not belong; `line` from 1."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


class Unchangeable(WireError):
    """A TOML text is written in a way in which only a person can change that value."""
