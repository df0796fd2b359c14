"""A sheet of days as somebody takes it home: one line per person and day, with headings in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from zhian_wire import times

from .. import spreadsheets
from .reading import PersonDay
from .rules import Mark, Status

Language = Literal["zh-CN", "en"]
Format = Literal["csv", "xlsx"]


@dataclass(frozen=True)
class Words:
    """One language's headings and words."""

    title: str
    head: tuple[str, ...]
    status: Mapping[Status, str]
    mark: Mapping[Mark, str]
    yes: str


WORDS: Final[Mapping[Language, Words]] = {
    "zh-CN": Words(
        title="考勤",
        head=(
            *("日期", "班级", "编号", "姓名", "结果", "到校", "离校", "迟到（分钟）", "早退", "仍在校", "请假", "备注"),
            *("更正人", "更正理由", "缺勤通知", "通知撤回"),
        ),
        status={
            "off": "不上课",
            "due": "未到点",
            "present": "到校",
            "late": "迟到",
            "absent": "缺勤",
            "excused": "请假",
        },
        mark={
            "clock": "设备时钟不可信",
            "no_direction": "方向不明",
            "arrival_missed": "未见到校记录",
            "delivered_late": "设备离线后补传",
        },
        yes="是",
    ),
    "en": Words(
        title="Attendance",
        head=(
            *(
                "Day",
                "Class",
                "Id",
                "Name",
                "Result",
                "Arrived",
                "Left",
                "Late (minutes)",
                "Left early",
                "Still inside",
            ),
            *("Excused", "Notes", "Corrected by", "Reason", "Absence told", "Taken back"),
        ),
        status={
            "off": "no school",
            "due": "not due yet",
            "present": "present",
            "late": "late",
            "absent": "absent",
            "excused": "excused",
        },
        mark={
            "clock": "clock not trusted",
            "no_direction": "direction unknown",
            "arrival_missed": "arrival not seen",
            "delivered_late": "delivered late",
        },
        yes="yes",
    ),
}


def written(lines: Sequence[PersonDay], form: Format, language: Language, zone: ZoneInfo) -> bytes:
    """The sheet as a file."""
    words = WORDS[language]
    rows = [_row(line, words, zone) for line in lines]
    if form == "xlsx":
        return spreadsheets.as_xlsx(words.title, words.head, rows)
    return spreadsheets.as_csv(words.head, rows)


def _row(line: PersonDay, words: Words, zone: ZoneInfo) -> list[spreadsheets.Cell]:
    day = line.result
    absence = next((told for told in line.told if told.kind == "absent"), None)
    return [
        line.day,
        line.person["group"],
        line.person["id"],
        line.person["name"],
        words.status[day.status],
        clock(day.arrived_at, zone),
        clock(day.left_at, zone),
        day.late_s // 60 if day.late_s else "",
        *(words.yes if said else "" for said in (day.left_early, day.still_inside, day.excused)),
        "; ".join(words.mark[mark] for mark in day.marks),
        "; ".join(row.who for row in line.corrections),
        "; ".join(row.reason for row in line.corrections),
        _moment(absence.raised_at if absence else None, zone),
        _moment(absence.withdrawn_at if absence else None, zone),
    ]


def clock(moment: datetime | None, zone: ZoneInfo) -> str:
    """On the site's clocks."""
    return moment.astimezone(zone).strftime("%H:%M") if moment else ""


def _moment(text: str | None, zone: ZoneInfo) -> str:
    return times.from_text(text).astimezone(zone).strftime("%Y-%m-%d %H:%M") if text else ""
