"""`zhian-edge` as if nothing were done for a bad line, to compare with: no order of urgency, no pace, nobody yields.

What waits goes out in the order in which it was decided, as much at once as the window holds (256), and a picture takes
what TCP takes. The rest of the program is the same.
"""

from __future__ import annotations

from zhian_edge import cli
from zhian_edge.delivery import outbox, uploads
from zhian_edge.delivery.hurry import Hurry
from zhian_edge.delivery.pace import Pace
from zhian_wire.events import Passage


def main() -> None:
    """The same commands."""
    ordinary = outbox._PRIORITIES[Passage]
    outbox.priority_of = lambda _data: ordinary
    uploads._SOCKETS = ()  # type: ignore[misc]
    Hurry.next_ms = lambda _self, _now_ms: None  # type: ignore[method-assign]
    Pace.room = property(lambda pace: int(pace._most))  # type: ignore[assignment]
    cli.app()


if __name__ == "__main__":
    main()
