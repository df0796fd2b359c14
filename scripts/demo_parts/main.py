"""`scripts/demo`: watch a gate work."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import httpx
import typer
from rich.console import Console as Terminal
from zhian_models.store import default_home

from .material import choose
from .processes import DemoError, tool, wait_for
from .stack import Stack
from .tally import Console, Tally

#: Where the local test material lies, which is never part of the repository.
SHARED = Path(os.environ.get("ZHIAN_SHARED", Path(__file__).resolve().parents[3] / "shared"))
#: Longer than any camera needs to open, shorter than anybody's patience.
FIRST_FRAME_S = 45
terminal = Terminal(highlight=False, soft_wrap=True)


def demo(
    source: Annotated[
        list[str] | None, typer.Option(help="A file, rtsp:// address or /dev/videoN; several are several cameras.")
    ] = None,
    people: Annotated[Path | None, typer.Option(help="One sub-folder of pictures per person.")] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=1, help="End by itself, so long after the first frame; exit code 1 if nothing was recognised."
        ),
    ] = None,
) -> None:
    """Start broker, gateway and one edge node on this machine and show real recognition. Ctrl-C ends all of it."""
    signal.signal(signal.SIGTERM, _interrupt)
    # A shell that starts it in the background has it ignore Ctrl-C, and nothing would end it any more.
    signal.signal(signal.SIGINT, _interrupt)
    try:
        material = choose(source or [], people, SHARED, default_home(), terminal.print)
        terminal.print(f"The demo shows {material.note}.")
        tally = _play(Stack(default_home() / "demo", material, terminal.print), seconds)
    except (DemoError, httpx.HTTPError) as error:
        terminal.print("[red]The demo ended:[/red]", end=" ")
        terminal.print(str(error), markup=False)
        raise typer.Exit(2) from error
    _say("\n".join(tally.lines()))
    if seconds is not None and not tally.anything:
        raise typer.Exit(1)


def _play(stack: Stack, seconds: float | None) -> Tally:
    try:
        console = stack.start()
        try:
            _welcome(stack)
            _watch(stack, console, seconds)
        except KeyboardInterrupt:
            terminal.print("Ending ...")
        return _settle(stack, console)
    finally:
        # A second Ctrl-C must not leave half of it running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stack.stop()


def _welcome(stack: Stack) -> None:
    """What there is to open; the guard's page first, since it shows what happens."""
    port, place = stack.url.rsplit(":", 1)[-1], stack.url.removeprefix("http://")
    _say("\nOpen (each link signs in once, within ten minutes; a browser holds one role, a private window another):\n")
    _say(stack.guards_door())
    for door in stack.other_doors():
        _say(door)
    more = f"{tool('zhian-gateway')} ticket guard -c {stack.gateway_config}"
    _say(f"\nAnother link, for guard, admin or teacher:\n  {more}")
    if "SSH_CONNECTION" in os.environ:
        _say(f"From your own machine first:\n  ssh -L {port}:{place} <this machine>")
    bearer = f"Authorization: Bearer {stack.police_token}"
    _say(f"What the police get:\n  curl -N -H '{bearer}' {stack.url}/police/feed")
    _say("Ctrl-C ends the demo.\n")


def _say(what: object) -> None:
    terminal.print(str(what), markup=False)


def _watch(stack: Stack, console: Console, seconds: float | None) -> None:
    """Show the count as it grows, until the time is over."""
    _await_frame(stack, console, float("inf") if seconds is None else FIRST_FRAME_S)
    end = time.monotonic() + (seconds if seconds is not None else float("inf"))
    with terminal.status("waiting for somebody to come ...") as line:
        while time.monotonic() < end:
            stack.check()
            tally = console.tally()
            line.update(str(tally) if tally.anything else "waiting for somebody to come ...")
            time.sleep(min(1.0, max(0.0, end - time.monotonic())))


def _await_frame(stack: Stack, console: Console, patience_s: float) -> None:
    """A camera may come up later; a run that ends by itself does not wait for it for ever."""
    end = time.monotonic() + patience_s
    with terminal.status("waiting for the first frame ...") as line:
        while not console.sees_frames():
            stack.check()
            why = stack.trouble()
            line.update(f"waiting for the first frame ... {why}")
            if time.monotonic() > end:
                raise DemoError(f"no frame within {patience_s:.0f} s{': ' + why if why else ''}")
            time.sleep(0.2)


def _settle(stack: Stack, console: Console) -> Tally:
    """Let what was decided arrive, then count. The node says its last before it ends."""
    stack.stop_node()
    try:
        wait_for("the last delivery", console.settled, [], patience_s=8)
    except DemoError as error:
        terminal.print(f"[yellow]{error}; it would be delivered at the next start[/yellow]", markup=True)
    tally = console.tally()
    console.close()
    return tally


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main() -> None:
    """Run it under the name that people type."""
    app = typer.Typer(add_completion=False)
    app.command()(demo)
    app(prog_name="scripts/demo")
