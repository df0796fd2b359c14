"""`zhian-edge calibrate`: the command around the calibration; `cli.py` registers it."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from zhian_models.errors import ModelsError
from zhian_models.store import Store

from zhian_edge.calibration.geometry import Geometry, read_line, read_zone
from zhian_edge.calibration.page import Page
from zhian_edge.calibration.report import write_report
from zhian_edge.calibration.sampling import sample
from zhian_edge.calibration.study import Study, study, wanted
from zhian_edge.calibration.subjects import Finder, NetworkFinder
from zhian_edge.calibration.telling import Teller, language_of
from zhian_edge.calibration.toml_write import write_geometry
from zhian_edge.calibration.verdicts import Text
from zhian_edge.capture.sources import source_for
from zhian_edge.command_line import ConfigArgument, ConfigOption
from zhian_edge.command_line import chosen as chosen_config
from zhian_edge.config.reading import load
from zhian_edge.config.types import Camera
from zhian_edge.errors import ConfigError, EdgeError

_FAILED: Final = 1
_UNUSABLE: Final = 2


def calibrate_command(  # noqa: PLR0917 - each is an option of the command line
    argument: ConfigArgument = None,
    option: ConfigOption = None,
    camera: Annotated[
        list[str] | None, typer.Option("--camera", metavar="ID", help="only this camera (may be repeated)")
    ] = None,
    line: Annotated[
        str | None, typer.Option("--line", metavar="X1,Y1,X2,Y2", help="the line, in 0..1, or none; right of it is in")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="X1,Y1,X2,Y2,...", help="the zone's corners, in 0..1, or none")
    ] = None,
    report: Annotated[Path, typer.Option("--report", metavar="DIR", help="where report and pictures are saved")] = Path(
        "calibration"
    ),
    no_browser: Annotated[bool, typer.Option("--no-browser", help="serve no page to draw on")] = False,
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="N", min=1.0, max=600.0, help="how long each camera is watched")
    ] = 10.0,
) -> None:
    """Look at each camera, draw its line and zone, and save a report.

    Ends with 1 if a camera cannot be used as it is, with 2 if nothing could be done.
    """
    teller = Teller(Console(stderr=True, highlight=False), language_of(os.environ))
    try:
        config = chosen_config(argument, option)
        given = _given(line, zone)
        before = config.read_bytes()
        loaded = load(config)
        cameras = _chosen(loaded.cameras, camera, only_one=bool(given))
        studies = _study_all(cameras, seconds, teller)
        chosen = {one.id: Geometry.of(one) for one in cameras}
        if given:
            chosen = {name: _merged(geometry, given) for name, geometry in chosen.items()}
            write_geometry(config, before, chosen)
        elif not no_browser:
            chosen = _drawn(config, before, studies, chosen, teller)
        path = write_report(report, studies, chosen, datetime.now(ZoneInfo(loaded.site.timezone)), loaded.node.id)
    except (EdgeError, OSError) as error:
        typer.echo(f"calibrate: {error}", err=True)
        raise typer.Exit(_UNUSABLE) from error
    usable = _tell(studies, chosen, teller)
    typer.echo(str(path))
    raise typer.Exit(0 if usable else _FAILED)


def _given(line: str | None, zone: str | None) -> dict[str, Geometry]:
    """What the options say, by what they speak of; both are read before a camera is opened."""
    given: dict[str, Geometry] = {}
    if line is not None:
        given["line"] = Geometry(line=read_line(line))
    if zone is not None:
        given["zone"] = Geometry(zone=read_zone(zone))
    return given


def _merged(before: Geometry, given: Mapping[str, Geometry]) -> Geometry:
    return Geometry(given.get("line", before).line, given.get("zone", before).zone)


def _chosen(cameras: Sequence[Camera], names: list[str] | None, *, only_one: bool) -> list[Camera]:
    known = {camera.id: camera for camera in cameras}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise ConfigError(f'--camera: no camera "{unknown[0]}"; there are: {", ".join(known) or "none"}')
    chosen = [known[name] for name in names] if names else list(cameras)
    if not chosen:
        raise ConfigError("there is no camera in the configuration")
    if only_one and len(chosen) > 1:
        raise ConfigError("--line and --zone are for one camera: say which with --camera")
    return chosen


def _study_all(cameras: Sequence[Camera], seconds: float, teller: Teller) -> list[Study]:
    studies = []
    finder = _finder(cameras, teller)
    for camera in cameras:
        with teller.console.status(f"{camera.id}: {seconds:g} s"):
            studies.append(study(camera, sample(camera.id, source_for(camera), seconds), finder))
    return studies


def _finder(cameras: Sequence[Camera], teller: Teller) -> Finder | None:
    kinds = sorted({kind for camera in cameras for kind in wanted(camera)})
    if not kinds:
        return None
    try:
        return NetworkFinder(kinds, Store())
    except ModelsError as error:
        teller.say(Text(f"未测量人脸和车牌：{error}", f"faces and plates are not measured: {error}"), "yellow")
        return None


def _drawn(
    config: Path, before: bytes, studies: Sequence[Study], chosen: dict[str, Geometry], teller: Teller
) -> dict[str, Geometry]:
    """What the installer drew, already written; what was configured if nothing was saved."""
    if not any(study.picture for study in studies):
        nothing = Text("没有摄像机给出画面，无处画线。", "no camera gave a picture: nothing to draw on")
        teller.say(nothing, "yellow")
        return chosen
    result = dict(chosen)

    def save(drawn: Mapping[str, Geometry]) -> None:
        write_geometry(config, before, drawn)
        result.update(drawn)

    with Page(studies, chosen, save) as page:
        teller.say(Text(f"请在此页面画线和区域：{page.address}", f"Draw lines and zones: {page.address}"))
        _show(page, teller)
        try:
            page.wait()
        except KeyboardInterrupt:
            teller.say(Text("未保存", "not saved"))
    return result


def _show(page: Page, teller: Teller) -> None:
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(page.address)
    else:
        forward = f"ssh -L {page.port}:127.0.0.1:{page.port} "
        teller.say(
            Text(
                f"无显示器，请在笔记本上运行: {forward}<本机>",
                f"No screen here; from a laptop: {forward}<this machine>",
            )
        )


def _tell(studies: Sequence[Study], chosen: Mapping[str, Geometry], teller: Teller) -> bool:
    """Print each camera's items; whether all of them can be used."""
    items = {one.camera.id: one.items(chosen[one.camera.id]) for one in studies}
    for camera, found in items.items():
        teller.items(camera, found)
    return all(item.verdict != "bad" for found in items.values() for item in found)
