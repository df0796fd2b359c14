"""`zhian-edge readers` and `zhian-edge lane`: for whoever sets a gate up; `cli.py` registers them."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from zhian_wire.cards import spellings

from zhian_edge.command_line import ConfigArgument, ConfigOption, chosen
from zhian_edge.config.types import Config
from zhian_edge.configuring.choosing import effective
from zhian_edge.errors import EdgeError
from zhian_edge.hal.reach import Ask, await_settled, await_up, reach, ticks, whereabouts
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.control import ask as control_ask

readers = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Readers, inputs and barriers.")
lane = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Open, lock or hold a lane by hand.")

AsJson = Annotated[bool, typer.Option("--json", help="for programs: JSON, one object a line")]
Seconds = Annotated[float, typer.Option("--seconds", metavar="N", help="how long; 0: until Ctrl-C")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="as in the configuration")]
#: Wider than any table: in a pipe or a file, which have no width of their own, nothing is cut.
_WHOLE_LINES: Final = 10_000
_COLOURS: Final = {"ok": "green", "lost": "red", "starting": "yellow"}


@readers.command("list")
def list_command(argument: ConfigArgument = None, config: ConfigOption = None, as_json: AsJson = False) -> None:
    """Every device: what drives it, and how it is."""
    loaded = effective(chosen(argument, config))
    with reach(loaded) as (ask, running):
        if not running:
            await_settled(ask)
        states = ask("devices")
    if as_json:
        for state in states:
            typer.echo(json.dumps(state))
        return
    console = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else _WHOLE_LINES)
    console.print(_table(states))
    for state in states:
        if state["error"]:
            console.print(f"{state['name']}: {state['error']}", style="red", markup=False)
    typer.echo("through the running gate" if running else "no gate runs: they were opened for this list")


@readers.command("watch")
def watch_command(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="only this device")] = "",
    config: ConfigOption = None,
    seconds: Seconds = 0.0,
    as_json: AsJson = False,
) -> None:
    """Cards, contacts and orders as they come."""
    if name.endswith(".toml"):
        raise EdgeError(f"{name} is no device: say the configuration by `--config {name}` (or -c)")
    loaded = effective(chosen(None, config))
    names = {name} if name else None
    with reach(loaded, names) as (ask, running):
        if not as_json:
            where = "through the running gate" if running else "no gate runs: devices are opened here"
            typer.echo(f"watching {name or 'all devices'} ({where}); Ctrl-C ends")
        try:
            for told in _news(ask, seconds):
                if not name or name in (told.get("reader"), told.get("device")):
                    typer.echo(json.dumps(_dated(told)) if as_json else _line(_dated(told)))
        except KeyboardInterrupt:
            return


@readers.command("test")
def test_command(name: Name, config: ConfigOption = None, seconds: Seconds = 15.0, as_json: AsJson = False) -> None:
    """Try one reader: does it answer, does it show, does it read the card that you hold before it?"""
    loaded = effective(chosen(None, config))
    _demand_reader(loaded, name)
    console = Console(stderr=as_json, highlight=False, soft_wrap=True)
    with reach(loaded, {name}) as (ask, _):
        state = await_up(ask, name)
        answers = not state["error"] and state["state"] == "ok"
        result: dict[str, Any] = {"name": name, "answers": answers, "state": state, "card": None}
        _tell_state(console, state)
        if answers:
            last = ask("recent")["last"]
            shown = ask("show", reader=name, feedback="granted")["shown"]
            console.print("its light and beep say: granted" if shown else "it has neither light nor beep")
            console.print(f"present a card within {seconds:.0f} s ...")
            result["card"] = _first_card(ask, name, str(last), seconds)
            _tell_card(console, result["card"])
    if as_json:
        typer.echo(json.dumps(result))
    if result["card"] is None:
        raise typer.Exit(1)


@readers.command("rekey")
def rekey_command(name: Name, config: ConfigOption = None) -> None:
    """Give an OSDP reader a new key, made here, kept in its key_file."""
    loaded = effective(chosen(None, config))
    _demand_reader(loaded, name)
    with reach(loaded, {name}) as (ask, _):
        await_up(ask, name)
        ask("change_key", reader=name)
    typer.echo(f"{name} has a new key")


@lane.command("open")
def open_command(name: Name, config: ConfigOption = None, as_json: AsJson = False) -> None:
    """Open a lane once, recorded with your name; without a running gate its barrier is pulsed directly."""
    loaded = effective(chosen(None, config))
    barrier = next((each.id for each in loaded.barriers if each.lane == name), "")
    with reach(loaded, {barrier}) as (ask, running):
        if barrier and not running:
            await_up(ask, barrier)
        answer = ask("open_lane", lane=name, who=_who())
    result = {"lane": name, **answer, "recorded": running}
    typer.echo(json.dumps(result) if as_json else _opened(result))
    if answer["result"] != "done":
        raise typer.Exit(1)


@lane.command("set")
def set_command(
    name: Name,
    state: Annotated[str, typer.Argument(metavar="STATE", help="locked, held_open or normal")],
    minutes: Annotated[float, typer.Option("--minutes", metavar="N", help="0: until the next word")] = 0.0,
    why: Annotated[str, typer.Option("--why", metavar="TEXT")] = "",
    config: ConfigOption = None,
) -> None:
    """Lock a lane against coming in, hold it open, or let it decide again; by the running gate, recorded.

    Answered when it is on the disk, with what the barrier said; exit code 1 where that did not move, or said nothing.
    """
    words = {"state": state, "minutes": str(minutes), "why": why}
    answer = _ordered(config, "set_lane", lane=name, **words)
    typer.echo(f"{name}: {answer['detail']}")
    if answer["result"] != "done":
        raise typer.Exit(1)


@lane.command("pass")
def pass_command(
    name: Name,
    person: Annotated[str, typer.Option("--person", metavar="ID", help="whom, as on the roster")] = "",
    direction: Annotated[str, typer.Option("--direction", metavar="WAY", help="in or out")] = "in",
    why: Annotated[str, typer.Option("--why", metavar="TEXT")] = "",
    config: ConfigOption = None,
) -> None:
    """Record that you let somebody pass, by a key or a word: it counts as a passage. Nothing is opened."""
    words = {"person": person, "direction": direction, "why": why}
    answer = _ordered(config, "let_pass", lane=name, **words)
    typer.echo(f"{name}: {answer['result']} {answer['detail']}".strip())


def _ordered(config: Path | None, what: str, **words: str) -> dict[str, Any]:
    """What the running gate answers; without one nothing could be recorded."""
    answer: dict[str, Any] = control_ask(Path(effective(chosen(None, config)).node.home), what, who=_who(), **words)
    if "error" in answer:
        raise EdgeError(answer["error"].partition(": ")[2] or answer["error"])
    return answer


def _demand_reader(config: Config, name: str) -> None:
    known = [each.id for each in config.readers]
    if name not in known:
        raise EdgeError(f"there is no reader {name!r}; there is {', '.join(known) or 'none'}")


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return "installer"


def _news(ask: Ask, seconds: float) -> Iterator[dict[str, Any]]:
    after = ask("recent")["last"]
    for _ in ticks(seconds):
        answer = ask("recent", after=str(after))
        after = answer["last"]
        yield from answer["recent"]


def _first_card(ask: Ask, name: str, after: str, seconds: float) -> dict[str, Any] | None:
    for _ in ticks(seconds):
        answer = ask("recent", after=after)
        for told in answer["recent"]:
            if told["kind"] == "CardRead" and told["reader"] == name:
                return {**_dated(told), "spellings": spellings(told["card"])}
    return None


def _dated(told: Mapping[str, Any]) -> dict[str, Any]:
    """With its wall time instead of monotonic milliseconds."""
    at = datetime.now().astimezone() - timedelta(milliseconds=mono_ms() - told["at_ms"])
    rest = {key: value for key, value in told.items() if key not in ("at_ms", "type", "number") and value is not None}
    return {"time": at.isoformat(timespec="milliseconds"), **rest}


def _line(told: Mapping[str, Any]) -> str:
    when = told["time"][11:23]
    if told["kind"] == "CardRead":
        parts = [f"{told['bits']} bits" if told["bits"] else "", _of("antenna", told), _of("rssi_dbm", told, " dBm")]
        return f"{when}  {told['reader']:16} card {told['card']}  {', '.join(filter(None, parts))}"
    if told["kind"] == "Contact":
        return f"{when}  {told['device']:16} {told['state']}"
    return f"{when}  {told['lane']:16} {told['action']}: {told['result']} {told['detail']}"


def _of(key: str, told: Mapping[str, Any], unit: str = "") -> str:
    if key not in told:
        return ""
    return f"{told[key]:.0f}{unit}" if unit else f"{key} {told[key]}"


def _table(states: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("name", "kind", "driver", "lane", "state", "link"):
        table.add_column(title, no_wrap=title != "link")
    for each in states:
        colour = _COLOURS.get(each["state"], "white")
        table.add_row(
            each["name"], each["kind"], each["driver"], each["lane"] or "–", f"[{colour}]{each['state']}[/]",
            escape(each["diagnostics"]["link"]),
        )  # fmt: skip
    return table


def _tell_state(console: Console, state: Mapping[str, Any]) -> None:
    told = state["diagnostics"]
    console.print(f"{state['name']}: {whereabouts(state)} ({state['mark']})")
    if state["error"]:
        console.print(f"it does not answer: {state['error']}", style="red", markup=False)
        return
    for key in ("model", "firmware", "serial", "secure", "tamper"):
        if told.get(key) not in (None, ""):
            console.print(f"  {key:9} {told[key]}")
    for key, value in {**told.get("detail", {}), **told.get("counters", {})}.items():
        console.print(f"  {key:9} {value}")


def _tell_card(console: Console, card: Mapping[str, Any] | None) -> None:
    if card is None:
        console.print("no card was read", style="red")
        return
    console.print(f"card {card['card']} ({card['bits']} bits)", style="green")
    for spelling, text in card["spellings"].items():
        console.print(f"  {spelling:16} {text}")


def _opened(result: Mapping[str, Any]) -> str:
    recorded = "" if result["recorded"] else " (no gate runs: not recorded)"
    return f"{result['lane']}: {result['result']} {result['detail']}".strip() + recorded
