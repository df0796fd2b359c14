"""How the installer's tools reach a node's devices: through the gate that runs, or by opening them themselves."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import structlog
from zhian_wire.state import Standing

from zhian_edge.config.types import Config
from zhian_edge.decision.actions import Act
from zhian_edge.devices import Equipment
from zhian_edge.errors import DeviceRefused, EdgeError, LinkLost
from zhian_edge.installer import Installer
from zhian_edge.process import control
from zhian_edge.process.ownership import own
from zhian_edge.signals import LaneOrder, ManualPassage

#: Asks `Installer` a question by name, with words.
Ask: TypeAlias = Callable[..., Any]
STOP_S: Final = 8.0
#: The slowest device, an OSDP reader that must be tried twice, is up by then.
UP_S: Final = 8.0
_POLL_S: Final = 0.15


@contextmanager
def reach(config: Config, names: set[str] | None = None) -> Iterator[tuple[Ask, bool]]:
    """The way to ask, and whether a gate answers. Without one the devices in `names` (None: all) are opened here.

    Raises:
        AlreadyRunning: a gate has the devices, but does not answer.
    """
    home = Path(config.node.home)
    try:
        _demand(control.ask(home, "devices"))
    except LinkLost:
        with _opened(config, home, names) as ask:
            yield ask, False
    else:
        yield lambda what, **words: _demand(control.ask(home, what, **words)), True


@contextmanager
def _opened(config: Config, home: Path, names: set[str] | None) -> Iterator[Ask]:
    with ExitStack() as undo:
        undo.callback(own(home).close)
        undo.callback(_quietened())
        equipment = Equipment(config, lambda _said: None)

        for supervisor in equipment.supervisors:
            if names is None or supervisor.name in names:
                supervisor.start()
                undo.callback(supervisor.stop, STOP_S)
        orders = Installer(config, equipment, _Nobody(equipment), {lane.id for lane in config.lanes}).orders
        yield lambda what, **words: _answered(orders, what, words)


class _Nobody:
    """Stands for the gate that does not run: nothing is recorded, since this is for a node that is being set up."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment

    def give(self, order: LaneOrder | ManualPassage) -> None:
        """Open the barrier once; whoever was let pass is nobody's business here."""
        if isinstance(order, ManualPassage):
            return
        expires_ms = order.until_ms or order.at_ms
        self._equipment.act(
            [
                Act(
                    lane=order.lane,
                    action="pulse",
                    transaction=order.order,
                    expires_ms=expires_ms,
                    order=order.order,
                )
            ]
        )

    def standings(self) -> Mapping[str, Standing]:
        """Nobody has brought any lane into any state."""
        return {}

    def knows(self, _person: str) -> bool:
        """There is no roster."""
        return False


def _quietened() -> Callable[[], None]:
    """What goes wrong is told by the tool itself, and a log between would spoil its output; gives the way back."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return lambda: structlog.configure(**before)


def _answered(orders: Mapping[str, Callable[[Mapping[str, str]], Any]], what: str, words: Mapping[str, str]) -> Any:
    return orders[what](words)


def _demand(answer: Any) -> Any:
    """Raises `DeviceRefused` with what the gate says is wrong."""
    if isinstance(answer, dict) and set(answer) == {"error"}:
        raise DeviceRefused(str(answer["error"]).split(": ", 1)[-1])
    return answer


def await_up(ask: Ask, name: str, within_s: float = UP_S) -> dict[str, Any]:
    """The device when it works, or as it is when the time is over.

    Raises:
        EdgeError: there is no such device.
    """
    state: dict[str, Any] = {}
    for _ in ticks(within_s):
        found = next((each for each in ask("devices") if each["name"] == name), None)
        if found is None:
            raise EdgeError(f"there is no device {name!r} in this configuration")
        state = found
        if state["state"] == "ok" and not state["error"]:
            break
    return state


def await_settled(ask: Ask, within_s: float = UP_S) -> None:
    """Until each device works or does not, or the time is over."""
    for _ in ticks(within_s):
        if all(state["state"] != "starting" for state in ask("devices")):
            return


def whereabouts(state: Mapping[str, Any]) -> str:
    """By what a device is driven and where, in words; what is only a script is told apart from hardware."""
    driver, link = state["driver"], state["diagnostics"]["link"]
    if driver == "virtual":
        return f"{driver}, no hardware: {link}" if link else f"{driver}, no hardware"
    return f"{driver} at {link}" if link else str(driver)


def ticks(seconds: float) -> Iterator[None]:
    """Now and again until the time is over, at least once. 0: for ever."""
    until = time.monotonic() + seconds
    yield
    while seconds == 0 or time.monotonic() < until:
        time.sleep(_POLL_S)
        yield
