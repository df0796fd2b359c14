"""The node's end of what guards order on the page, as a test says."""

from __future__ import annotations

import msgspec
from zhian_wire.commands import Answer, Command, LetPass, SetLane, TakeBack

from .scene import Site

DONE = Answer(id="", result="done")


class Heeding:
    """Remembers every order to a lane and does it; or answers as `answers` has it by lane, or is `silent`: cut off."""

    def __init__(self, site: Site) -> None:
        self.orders: list[SetLane | LetPass | TakeBack] = []
        self.answers: dict[str, Answer] = {}
        self.silent = False
        site.node.heed = self._heed

    @property
    def passes(self) -> list[LetPass]:
        return [each for each in self.orders if isinstance(each, LetPass)]

    def _heed(self, command: Command) -> Answer | None:
        if self.silent or not isinstance(command, SetLane | LetPass | TakeBack):
            return None
        self.orders.append(command)
        return msgspec.structs.replace(self.answers.get(command.lane, DONE), id=command.id)
