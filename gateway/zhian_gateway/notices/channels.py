"""Which channel an address belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from .messages import Channel, Message
from .naming import scheme
from .outcomes import Outcome, refused


class Channels:
    """The channels of a site, by scheme; what no channel of ours knows goes to `others`. Any thread may use it."""

    def __init__(self, by_scheme: Mapping[str, Channel], others: Channel) -> None:
        self._by_scheme = dict(by_scheme)
        self._others = others

    def send(self, address: str, message: Message) -> Outcome:
        """Hand it over."""
        return self._of(address).send(address, message) if address else refused("there is no such receiver any more")

    def repeatable(self, address: str) -> bool:
        """Whether the receiver drops what it has had before."""
        return self._of(address).repeatable

    def _of(self, address: str) -> Channel:
        return self._by_scheme.get(scheme(address), self._others)
