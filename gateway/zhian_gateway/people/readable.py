"""The page of an export: what is held about somebody, readable without any program but a browser."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

#: Each kind of rows in both languages, and why it is there.
TITLES: Final[dict[str, tuple[str, str]]] = {
    "record": ("登记信息", "Record"),
    "cards_and_plates": ("卡与车牌", "Cards and plates"),
    "collectors": ("可接送的人", "Who may collect"),
    "collects": ("可接送谁", "Whom they may collect"),
    "guardians": ("监护人", "Guardians"),
    "consents": ("同意记录", "Consents"),
    "templates": ("人脸特征", "Face templates"),
    "enrolled_pictures": ("登记照片", "Enrolled pictures"),
    "passages": ("通行记录", "Passages"),
    "attendance_corrections": ("考勤更正", "Corrections of attendance"),
    "leave_slips": ("请假条", "Leave slips"),
    "attendance_told": ("考勤提醒", "Attendance that was told"),
    "now": ("今日所在", "Where they went last today"),
    "now_by_hand": ("今日人工登记去向", "Where they went last today, as guards recorded"),
    "notices": ("通知", "Notices"),
    "cases": ("告警", "Alerts"),
    "case_repeats": ("告警的各次发生", "Each time an alert was raised"),
    "case_photos": ("告警现场照片", "Photos taken for alerts"),
    "watch_list": ("布控记录", "Entry of a watch list"),
    "deleted_at_nodes": ("设备删除确认", "Deletion at the gates"),
    "case_verdicts": ("公安核实结果", "What officers found"),
    "roll_calls": ("清点人数", "Roll calls"),
    "passages_by_hand": ("人工放行", "Let pass by hand"),
    "collects_by_slip": ("按请假条可接送谁", "Whom they collect by a leave slip"),
    "phones": ("已绑定的手机", "Phones that are bound"),
    "visits": ("来访", "Visits"),
    "visits_hosted": ("接待的来访", "Visits to them"),
    "named_passages": ("他人通行中提到", "Others' passages that name them"),
    "named_cases": ("他人告警中提到", "Others' alerts that name them"),
    "named_case_repeats": ("此类告警的各次发生", "Each time such an alert was raised"),
    "vehicle_passages": ("其车辆载他人通行", "Others' passages in their car"),
    "vehicle_cases": ("其车辆涉及他人的告警", "Others' alerts with their car"),
    "vehicle_case_repeats": ("此类告警的各次发生", "Each time such an alert was raised"),
    "case_steps": ("告警处置过程", "What was done about alerts"),
    "told_to_police": ("告知公安的内容", "What the police were told"),
    "inbox": ("站内收件箱", "In the gateway's own inbox"),
    "audit": ("查看与变更记录", "Who saw or changed it"),
    "audit_names": ("记录中提到其编号", "Where else the record names them"),
}
STYLE: Final = (
    "body{font:16px/1.5 sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#111;background:#fff}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "td,th{border:1px solid #bbb;padding:.2em .5em;text-align:left;vertical-align:top}img{max-height:12em;margin:.2em}"
)
#: Said in `data.json`, and of no use to a reader.
LONG: Final = frozenset({"vector", "evidence", "hash", "previous"})


def page(
    head: Mapping[str, Any],
    held: Mapping[str, Sequence[Mapping[str, Any]]],
    shown: Sequence[str],
    files: tuple[int, int],
) -> str:
    """The page, as HTML that loads nothing from elsewhere; `files`: how many events and refused messages there are."""
    events, messages = files
    title = f"{head['person']} · {head['site']}"
    parts = [
        f"<!doctype html><html lang=zh-CN><meta charset=utf-8><title>{html.escape(title)}</title>",
        f"<meta name=viewport content='width=device-width'><style>{STYLE}</style><h1>{html.escape(title)}</h1>",
        f"<p>截至 as of {html.escape(head['as_of'])}。<code>data.json</code> 供程序读取 for programs; ",
        f"<code>events.jsonl</code>: 原始事件 {events} 条, the exact bytes of {events} events. ",
        f"<code>refused.jsonl</code>: 被拒收的消息 {messages} 条, {messages} messages that were refused.</p>",
    ]
    parts += [_table(name, held[name]) for name in held]
    parts += ["<h2>照片 Pictures</h2>", *(f"<a href='{path}'><img src='{path}' alt=''></a>" for path in shown)]
    if head["missing_pictures"]:
        parts.append(f"<p>已删除的照片 pictures that are deleted by now: {len(head['missing_pictures'])}</p>")
    return "".join(parts)


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    heading = f"<h2>{' '.join(TITLES[name])} ({len(rows)})</h2>"
    if not rows:
        return heading
    columns = [column for column in rows[0] if column not in LONG]
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(row[column])}</td>' for column in columns)}</tr>" for row in rows)
    return f"{heading}<table><tr>{head}</tr>{body}</table>"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return html.escape(value if isinstance(value, str) else msgspec.json.encode(value).decode())
