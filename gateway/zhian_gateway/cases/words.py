"""What a contact is told of cases that nobody acknowledges: what, where, since when; nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: As the page calls them; a kind of the site's own keeps its name.
KINDS_ZH: Final = {
    "unknown_person": "陌生人员",
    "watch_hit": "名单比中",
    "node_offline": "节点离线",
    "node_blind": "节点看不见",
    "camera_blind": "摄像机失明",
    "without_face": "通道无法比对人脸",
    "door_forced": "门被强行打开",
    "door_held": "门长时间未关",
    "door_failed": "门闸未动作",
    "fence_crossed": "翻越围栏",
    "tailgating": "尾随进入",
    "borrowed_card": "借用他人卡",
    "impossible_card": "一卡短时两次进入",
    "withdrawn_card": "已注销的卡",
    "left_in_lessons": "上课时间离校",
    "left_alone": "幼童独自离开",
    "left_with_unlisted": "被未登记的人接走",
    "vehicle_not_expected": "未登记车辆",
    "refused_in_row": "连续被拒",
    "help_called": "求助按钮",
    "emergency": "紧急报警",
    "emergency_drill": "紧急报警（演练）",
    "fire_release": "消防释放",
    "alarm_input": "报警输入",
    "notices_undelivered": "通知未送达",
    "outbox_full": "节点存储将满",
    "database_damaged": "设备数据库损坏",
    "visitor_overdue": "访客超时未离开",
}
#: So many are spelt out; a message is read on a phone.
SHOWN: Final = 5


@dataclass(frozen=True)
class Told:
    """One case, for a message: `since` is a local time, `minutes` for how long it waits."""

    kind: str
    place: str
    since: str
    minutes: int


def message(language: str, site: str, cases: Sequence[Told]) -> tuple[str, str]:
    """Title and body."""
    say, rest = (_zh, "另有 {} 起") if language == "zh-CN" else (_en, "and {} more")
    lines = [say(case) for case in cases[:SHOWN]]
    if len(cases) > SHOWN:
        lines.append(rest.format(len(cases) - SHOWN))
    if language == "zh-CN":
        return f"{site}：{len(cases)} 起告警无人确认", "\n".join(lines)
    return f"{site}: {len(cases)} alert{'s' * (len(cases) > 1)} not acknowledged", "\n".join(lines)


def kind_in_words(language: str, kind: str) -> str:
    """What a kind of alert is called; one of the site's own keeps its name."""
    return KINDS_ZH.get(kind, kind) if language == "zh-CN" else kind.replace("_", " ")


def _zh(case: Told) -> str:
    return f"{kind_in_words('zh-CN', case.kind)}，{case.place}，{case.since}，已 {case.minutes} 分钟无人确认"


def _en(case: Told) -> str:
    return f"{kind_in_words('en', case.kind)} at {case.place}, {case.since}: waiting for {case.minutes} min"
