"""`zhian-edge`: run a node, check its configuration, see how it is, find out what is wrong, replay, calibrate."""

from __future__ import annotations

import importlib
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from typer.core import TyperGroup
from zhian_models.version import Version

from zhian_edge.command_line import ConfigArgument, ConfigOption, chosen
from zhian_edge.config.reading import BadConfig, load, schema
from zhian_edge.config.types import Config
from zhian_edge.errors import EdgeError
from zhian_edge.extras import pip_install

#: Commands that need cameras and networks: their modules are loaded when they are called, so that the others start
#: at once and work without those libraries.
LATER: Final = {
    "join": ("zhian_edge.delivery.join_command", "join_command"),
    "calibrate": ("zhian_edge.calibration.command", "calibrate_command"),
    "lane": ("zhian_edge.hal.command", "lane"),
    "readers": ("zhian_edge.hal.command", "readers"),
    "replay": ("zhian_edge.replay.command", "replay_command"),
}
ConfigFiles = Annotated[
    list[Path] | None, typer.Argument(metavar="[CONFIG...]", help="configurations of nodes (TOML)", show_default=False)
]
TraceFile = Annotated[Path | None, typer.Option("--trace", metavar="FILE", help="write down which frames were seen")]


class _Commands(TyperGroup):
    """The commands below, and those of `LATER`."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted([*super().list_commands(ctx), *LATER])

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return _load(cmd_name) if cmd_name in LATER else super().get_command(ctx, cmd_name)


app = typer.Typer(
    cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


def main() -> None:
    """Entry point: a known error is said in one line on stderr, with exit code 1."""
    try:
        app()
    except EdgeError as error:
        _stderr().print(f"zhian-edge: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(1) from error


@app.callback()
def options(version: Version = False) -> None:
    """What holds for every command."""


@app.command()
def run(argument: ConfigArgument = None, option: ConfigOption = None, trace: TraceFile = None) -> None:
    """Run the node until SIGTERM or Ctrl-C."""
    config = chosen(argument, option)
    _config(config)
    gate = _module("zhian_edge.gate")
    _module("zhian_edge.process.logs").configure_logs()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    running = _module("zhian_edge.configuring.running")
    if running.run_chosen(config, lambda choice: gate.run(choice, stopping, trace)) == "failed":
        raise typer.Exit(1)


@app.command("check-config")
def check_config(configs: ConfigFiles = None, option: ConfigOption = None) -> None:
    """Say everything that is wrong with configurations, by file, line and key."""
    if not all([_checked(path) for path in configs or [chosen(None, option)]]):
        raise typer.Exit(2)


@app.command("config-schema")
def config_schema() -> None:
    """Print the JSON Schema of the configuration, for editors."""
    typer.echo(schema().decode(), nl=False)


@app.command()
def status(argument: ConfigArgument = None, option: ConfigOption = None) -> None:
    """What the running node of this configuration says of itself, as JSON."""
    loaded = _config(chosen(argument, option))
    answer = _module("zhian_edge.process.control").ask(Path(loaded.node.home), "status")
    Console(soft_wrap=True).print_json(data=answer)


@app.command()
def doctor(argument: ConfigArgument = None, option: ConfigOption = None) -> None:
    """Try everything that the node needs, and say what to do about what is missing."""
    config = chosen(argument, option)
    _config(config)
    loaded = _module("zhian_edge.configuring.choosing").effective(config)
    doctor_module = _module("zhian_edge.doctor")
    console = Console(soft_wrap=True)
    marks = {"ok": "[green]ok[/]  ", "warn": "[yellow]warn[/]", "fail": "[red]FAIL[/]"}
    worst = "ok"
    for finding in doctor_module.examine(loaded, config):
        console.print(marks[finding.verdict], end=" ")
        console.print(finding.text, markup=False, highlight=False)
        if finding.advice:
            console.print(f"       {finding.advice}", markup=False, highlight=False, style="cyan")
        worst = "fail" if "fail" in (worst, finding.verdict) else worst
    if worst == "fail":
        raise typer.Exit(1)


def _checked(path: Path) -> bool:
    """Say how one configuration is; whether it can be used."""
    loaded = _loaded(path)
    if loaded is None:
        return False
    if not loaded.cameras and not loaded.readers:
        _stderr().print(f"{path}: warning: there are no [[cameras]]: this node sees nothing", markup=False)
    typer.echo(
        f"{path}: {len(loaded.cameras)} camera(s), {len(loaded.readers)} reader(s), {len(loaded.lanes)} lane(s), "
        f"node {loaded.node.id} of site {loaded.site.id}: in order"
    )
    return True


def _config(path: Path) -> Config:
    loaded = _loaded(path)
    if loaded is None:
        raise typer.Exit(2)
    return loaded


def _loaded(path: Path) -> Config | None:
    """The configuration; None where it cannot be used, after saying why."""
    try:
        return load(path)
    except BadConfig as error:
        for problem in error.problems:
            _stderr().print(str(problem), markup=False, highlight=False)
        return None


def _load(name: str) -> Any:
    module, function = LATER[name]
    found = getattr(_module(module), function)
    if isinstance(found, typer.Typer):
        group = typer.main.get_command(found)
        group.name = name  # a group of its own does not know what it is called here
        return group
    one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    one.command(name)(found)
    return typer.main.get_command(one)


def _module(name: str) -> Any:
    """A module that needs more than the configuration does."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("zhian_"):
            raise
        raise EdgeError(f"the package {error.name} is missing: {pip_install('edge')}") from error


def _stderr() -> Console:
    return Console(file=sys.stderr, soft_wrap=True)


if __name__ == "__main__":
    main()
