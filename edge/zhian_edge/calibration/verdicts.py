"""What was measured, judged: good or not, and what the installer can do about it, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from zhian_edge.calibration.geometry import Geometry
from zhian_edge.calibration.optics import Optics
from zhian_edge.calibration.sampling import Sample
from zhian_edge.calibration.subjects import Kind, Width

Verdict = Literal["good", "poor", "bad", "unknown"]
Language = Literal["zh", "en"]

#: Frames per second: below the first somebody who walks by is seen too seldom, below the second hardly ever.
_RATES: Final = (10.0, 5.0)
#: A camera that gives less than this share of what it promises loses frames on the way.
_OF_DECLARED: Final = 0.8
#: `optics.picture_sharpness`: footage in focus gives .67 and more, out of focus by 2 pixels .3 to .56.
_SHARP: Final = (0.5, 0.3)
_BRIGHTNESS: Final = (60.0, 190.0)
_BURNT: Final = 0.10
_BLACK: Final = 0.40
#: Pixels between the eyes, as docs/install.md demands: comfortable, and the least that can be counted on. A single look
#: at half as many can still be named (docs/recognition.md), but people turn, move and stand in the dark.
_EYES: Final = (60.0, 30.0)
#: Pixels across a plate, as docs/install.md demands: the reader looks at about as many; below 60 its characters smear.
_PLATE: Final = (100.0, 60.0)


class Text(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str

    def into(self, language: Language) -> str:
        """This in one language."""
        return self.zh if language == "zh" else self.en


_NOTHING: Final = Text("", "")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked at: `advice` is empty where nothing has to be done."""

    name: Text
    verdict: Verdict
    value: Text
    advice: Text = _NOTHING


def judge_opening(sample: Sample) -> Item:
    """Whether the camera opens and stays."""
    name = Text("能否打开", "Opens")
    if not sample.error:
        facts = sample.facts
        size = f"{facts.width}×{facts.height}, {facts.codec}" if facts else ""
        return Item(name, "good", Text(f"正常 {size}", f"yes, {size}"))
    advice = Text(
        "检查电源、网线、地址、用户名和密码，然后重新校准。",
        "Check power, cable, address, user and password, then calibrate again.",
    )
    return Item(name, "bad", Text(sample.error, sample.error), advice)


def judge_rate(sample: Sample) -> Item:
    """Frames per second as they came, against what the stream declares."""
    name = Text("帧率", "Frame rate")
    if sample.rate is None:
        return Item(name, "unknown", Text("没有收到足够的画面", "too few frames came"))
    declared = sample.facts.rate if sample.facts else 0.0
    value = Text(
        f"实测 {sample.rate:.1f} 帧/秒，标称 {declared:g}",
        f"{sample.rate:.1f} a second, {declared:g} declared",
    )
    verdict = _at_least(sample.rate, _RATES)
    if verdict != "good":
        raised = Text("在摄像机中把帧率设为 15 或以上。", "Set the camera to 15 frames a second or more.")
        return Item(name, verdict, value, raised)
    if sample.rate < _OF_DECLARED * declared:
        lost = Text(
            "途中丢帧：检查网线、交换机和码率。", "Frames are lost on the way: check cable, switch and bit rate."
        )
        return Item(name, "poor", value, lost)
    return Item(name, "good", value)


def judge_sharpness(optics: Optics | None) -> Item:
    """Focus, by the structures that the picture has."""
    name = Text("清晰度", "Sharpness")
    if optics is None or optics.sharpness is None:
        empty = Text("画面中没有可判断的细节", "nothing in the picture has enough detail to tell")
        return Item(name, "unknown", empty)
    value = Text(f"{optics.sharpness:.2f}（0–1）", f"{optics.sharpness:.2f} (of 1)")
    verdict = _at_least(optics.sharpness, _SHARP)
    advice = Text("擦净镜头；在画线处对焦；提高码率。", "Clean the lens, focus at the line, raise the bit rate.")
    return Item(name, verdict, value, _NOTHING if verdict == "good" else advice)


def judge_exposure(optics: Optics | None) -> Item:
    """Brightness, and how much of the picture is lost in black or white."""
    name = Text("曝光", "Exposure")
    if optics is None:
        return Item(name, "unknown", Text("没有画面", "no picture"))
    value = Text(
        f"亮度 {optics.brightness:.0f}/255，过曝 {optics.burnt:.0%}，全黑 {optics.black:.0%}",
        f"brightness {optics.brightness:.0f} of 255, {optics.burnt:.0%} burnt, {optics.black:.0%} black",
    )
    if optics.burnt > _BURNT or optics.brightness > _BRIGHTNESS[1]:
        advice = Text(
            "避免逆光：开启宽动态（WDR），或缩短曝光，或移动摄像机。",
            "Against the light: switch on WDR, shorten the exposure, or move the camera.",
        )
        return Item(name, "poor", value, advice)
    if optics.black > _BLACK or optics.brightness < _BRIGHTNESS[0]:
        advice = Text("加灯或补光；加大增益会增加噪点。", "Add a lamp; more gain only adds noise.")
        return Item(name, "poor", value, advice)
    return Item(name, "good", value)


_WIDTH_NAMES: Final[dict[Kind, Text]] = {
    "face": Text("画线处两眼间距", "Between the eyes at the line"),
    "plate": Text("画线处车牌宽度", "Across a plate at the line"),
}
_NOBODY: Final[dict[Kind, Text]] = {
    "face": Text("测量期间无人（正脸）经过画线处", "nobody passed the line facing the camera meanwhile"),
    "plate": Text("测量期间没有车牌经过画线处", "no plate passed the line meanwhile"),
}
_WALK: Final[dict[Kind, Text]] = {
    "face": Text(
        "请一人面向摄像机走过画线处，再校准一次。",
        "Let somebody walk over the line, facing the camera, and calibrate again.",
    ),
    "plate": Text("请一辆车驶过画线处，再校准一次。", "Let a car drive over the line and calibrate again."),
}


def judge_width(kind: Kind, width: Width | None) -> Item:
    """Pixels between the eyes or across a plate, where the line is."""
    name = _WIDTH_NAMES[kind]
    if width is None:
        return Item(name, "unknown", _NOBODY[kind], _WALK[kind])
    pixels, count = f"{width.pixels:.0f}", width.count
    value = {
        "measured": Text(f"{pixels} 像素（实测 {count} 次）", f"{pixels} pixels (seen {count}× at the line)"),
        "expected": Text(
            f"约 {pixels} 像素（由画面别处 {count} 次测量推算）",
            f"about {pixels} pixels (expected from {count} looks elsewhere in the picture)",
        ),
        "anywhere": Text(
            f"{pixels} 像素（未画线，全画面 {count} 次）",
            f"{pixels} pixels (no line drawn; seen {count}× anywhere)",
        ),
    }[width.by]
    good, least = _EYES if kind == "face" else _PLATE
    verdict = _at_least(width.pixels, (good, least))
    advice = Text(
        f"宜有 {good:.0f} 像素，至少 {least:.0f}：换长焦镜头、把线移近，或提高分辨率。",
        f"{good:.0f} are comfortable, {least:.0f} the least: use a longer lens, draw the line nearer, "
        "or raise the resolution.",
    )
    return Item(name, verdict, value, _NOTHING if verdict == "good" else advice)


def judge_line(geometry: Geometry) -> Item:
    """Whether there is a line, without which nobody can be said to have come in or gone out over it."""
    name = Text("计数线", "Line")
    if geometry.line is None:
        advice = Text(
            "在校准页面上画线，或用 --camera ID --line X1,Y1,X2,Y2 给出。",
            "Draw one on the calibration page, or give it: --camera ID --line X1,Y1,X2,Y2.",
        )
        return Item(name, "poor", Text("没有", "none"), advice)
    (ax, ay), (bx, by) = geometry.line
    numbers = f"{ax:.3f}, {ay:.3f} → {bx:.3f}, {by:.3f}"
    return Item(name, "good", Text(numbers, numbers))


def _at_least(value: float, bounds: tuple[float, float]) -> Verdict:
    good, poor = bounds
    if value >= good:
        return "good"
    return "poor" if value >= poor else "bad"
