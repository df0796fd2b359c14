"""The report of a calibration: one HTML file that needs nothing else, in both languages, and the pictures beside it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final

from zhian_models.atomic import write_atomically

from zhian_edge.calibration.drawing import drawn, jpeg
from zhian_edge.calibration.geometry import Geometry
from zhian_edge.calibration.study import Study
from zhian_edge.calibration.verdicts import Item, Text, Verdict
from zhian_edge.capture.live import without_password
from zhian_edge.errors import ConfigError

_WORDS: Final[dict[Verdict, tuple[str, Text]]] = {
    "good": ("●", Text("良好", "good")),
    "poor": ("▲", Text("需改进", "to improve")),
    "bad": ("■", Text("不合格", "not usable")),
    "unknown": ("○", Text("未测得", "not measured")),
}
_TITLE: Final = Text("摄像机校准报告", "Camera calibration report")
_PRIVATE: Final = Text(
    "本报告含有现场人员的画面，请妥善保管，验收后删除。",
    "This report shows people who passed. Keep it safe, and delete it after acceptance.",
)
_NO_PICTURE: Final = Text("没有画面", "no picture")


def write_report(
    folder: Path, studies: Sequence[Study], chosen: Mapping[str, Geometry], made: datetime, node: str
) -> Path:
    """Write `report.html` and `<camera>.jpg` with the line drawn into `folder`; the report's path.

    Raises:
        ConfigError: the folder cannot be written to.
    """
    try:
        pictures = {study.camera.id: _picture(study, chosen[study.camera.id]) for study in studies}
        for camera, picture in pictures.items():
            if picture is not None:
                write_atomically(folder / f"{_file_name(camera)}.jpg", picture)
        sections = "".join(_section(s, chosen[s.camera.id], pictures[s.camera.id]) for s in studies)
        path = folder / "report.html"
        write_atomically(path, _document(sections, made, node).encode())
    except OSError as error:
        raise ConfigError(f"{folder}: the report cannot be written: {error.strerror or error}") from error
    return path


def _picture(study: Study, geometry: Geometry) -> bytes | None:
    return jpeg(drawn(study.picture, geometry)) if study.picture else None


def _file_name(camera: str) -> str:
    return re.sub(r"[^\w.-]", "_", camera).lstrip(".") or "camera"


def _document(sections: str, made: datetime, node: str) -> str:
    css = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    when = made.strftime("%Y-%m-%d %H:%M %z")
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(_TITLE.zh)} {escape(node)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n"
        f"<h1>{_both(_TITLE)}</h1>\n<p>{escape(node)} · {when}</p>\n{sections}"
        f"<footer>{_both(_PRIVATE)}</footer>\n</body>\n</html>\n"
    )


def _section(study: Study, geometry: Geometry, picture: bytes | None) -> str:
    camera = study.camera
    source = escape(without_password(camera.source))
    if picture is None:
        shown = f'<p class="none">{_both(_NO_PICTURE)}</p>'
    else:
        data = base64.b64encode(picture).decode()
        shown = f'<figure><img alt="{escape(camera.id)}" src="data:image/jpeg;base64,{data}"></figure>'
    rows = "".join(_row(item) for item in study.items(geometry))
    title = f"<h2>{escape(camera.id)}<small>{source}</small></h2>"
    return f"<section>\n{title}\n{shown}\n<table>\n{rows}</table>\n</section>\n"


def _row(item: Item) -> str:
    mark, word = _WORDS[item.verdict]
    advice = f'<div class="advice {item.verdict}">{_both(item.advice)}</div>' if item.advice.zh else ""
    verdict = f'<span class="{item.verdict}"><span class="mark">{mark}</span>{_both(word)}</span>'
    return f"<tr><td>{_both(item.name)}</td><td>{verdict}</td><td>{_both(item.value)}{advice}</td></tr>\n"


def _both(text: Text) -> str:
    if text.zh == text.en:
        return escape(text.zh)
    return f'{escape(text.zh)}<span class="en" lang="en">{escape(text.en)}</span>'
