"""`zhian-edge replay`: the command around `replay.py`; `cli.py` registers it."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from zhian_models.errors import ModelsError
from zhian_models.store import Store

from zhian_edge.config.reading import load
from zhian_edge.errors import EdgeError
from zhian_edge.replay.people import People
from zhian_edge.replay.running import START, Kind, ReplayError, Request, Summary, replay
from zhian_edge.replay.trace import read_trace


def replay_command(  # noqa: PLR0917 - each is an option of the command line
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO...", help="each is a camera; all start together")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.jsonl", help="one event per line, as on the wire")],
    config: Annotated[
        Path | None, typer.Option("--config", "-c", metavar="FILE", help="a node's configuration")
    ] = None,
    people: Annotated[
        Path | None, typer.Option("--people", metavar="DIR", help="one folder of pictures per person")
    ] = None,
    distractors: Annotated[
        Path | None, typer.Option("--distractors", metavar="DIR", help="pictures of strangers to enrol as well")
    ] = None,
    kind: Annotated[Kind, typer.Option("--kind", help="what to look for")] = "all",
    start: Annotated[str, typer.Option("--start", metavar="TIME", help="when the videos began, RFC 3339")] = (
        START.isoformat()
    ),
    trace: Annotated[
        Path | None, typer.Option("--trace", metavar="FILE", help="repeat exactly the frames of a live run")
    ] = None,
) -> None:
    """Run a node's stages over files, without broker and as fast as they can."""
    try:
        _check(videos, out)
        request = Request(
            videos=videos,
            kind=kind,
            start=_moment(start),
            config=load(config) if config else None,
            who=People(people, distractors),
            trace=read_trace(trace) if trace else None,
        )
        with _whole(out) as file:
            summary = _run(request, file)
    except (EdgeError, ModelsError, OSError) as error:
        full = isinstance(error, OSError) and error.filename is None  # the disk is, and the error names no file
        typer.echo(f"replay: {out}: {error}" if full else f"replay: {error}", err=True)
        raise typer.Exit(2) from error
    for line in _lines(summary):
        typer.echo(line, err=True)


def _run(request: Request, file: IO[bytes]) -> Summary:
    if not sys.stderr.isatty():
        return replay(request, file, store=Store())
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f} s"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replay", total=None)
        return replay(request, file, store=Store(), progress=lambda at: bar.update(task, completed=at))


def _check(videos: Sequence[Path], out: Path) -> None:
    """Before anything is done.

    Raises:
        ReplayError: a video is an address, or `out` cannot be written, or is one of the videos.
    """
    for video in videos:
        if re.match(r"[a-z]{2,}:/", str(video)) and not video.exists():
            raise ReplayError(f"{video}: an address; replay reads files, cameras are for `zhian-edge run`")
        if out.exists() and video.exists() and out.samefile(video):
            raise ReplayError(f"{out}: is the video itself; --out would replace it")
    if out.is_dir():
        raise ReplayError(f"{out}: is a folder; --out names the file to write")
    if not out.resolve().parent.is_dir():
        raise ReplayError(f"{out}: there is no such folder to write it into")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no RFC 3339 time, such as {START.isoformat()}") from error
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} names no offset from UTC, such as {START.isoformat()}")
    return moment


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when everything was written.

    A link stays one, and so does what is no file to be replaced (a pipe, `/dev/null`): that is written as it comes.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as special:
            yield special
        return
    path = path.resolve()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        part = Path(file.name)
        try:
            yield file
        except BaseException:
            # Whatever happened, an interrupt included, no half of a file stays behind.
            part.unlink()
            raise
    part.chmod(0o666 & ~_umask())
    part.replace(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _lines(summary: Summary) -> Iterator[str]:
    """The summary on stderr."""
    for warning in summary.warnings:
        yield f"warning: {warning}"
    rate = summary.frames / summary.wall_s if summary.wall_s else 0.0
    yield f"runtime {summary.runtime} {summary.precision}, {summary.persons} persons enrolled"
    yield (
        f"{summary.frames} frames ({summary.media_s:.1f} s of media) in {summary.wall_s:.1f} s:"
        f" {rate:.1f} frames a second, {summary.cpu_s:.1f} s of processor time; dropped {summary.left_out};"
        f" {summary.events} events"
    )
    counters = summary.counters
    for name in sorted(name for name in counters if f"{name}_ms" in counters):
        runs, spent = counters[name], counters[f"{name}_ms"]
        yield f"  {name:<16} {runs:>7} x {spent / max(runs, 1):7.2f} ms = {spent:>7} ms"
    rest = {n: v for n, v in counters.items() if not n.endswith("_ms") and f"{n}_ms" not in counters}
    yield "  " + ", ".join(f"{name} {value}" for name, value in rest.items())
