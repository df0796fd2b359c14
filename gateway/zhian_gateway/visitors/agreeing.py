"""What visitors are asked to agree to: the words, in both languages, with the version that is kept with a consent.

Whoever changes the words changes `VERSION`.
"""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["zh-CN", "en"]
#: keeping: of what was typed, without which nobody can be registered; photo: at the window; face: for the day only.
Purpose = Literal["keeping", "photo", "face"]
PURPOSES: Final[tuple[Purpose, ...]] = ("keeping", "photo", "face")
VERSION: Final = "2026-11"

_WORDS: Final[dict[Language, dict[Purpose, str]]] = {
    "zh-CN": {
        "keeping": (
            "我同意{site}为本次来访登记处理我填写的姓名、电话、车牌和证件号码，并与本单位的名单核对。"
            "这些信息加密保存，来访结束 {days} 天后删除；期间可要求查阅或提前删除。"
        ),
        "photo": "我同意在窗口拍摄一张照片，仅供门卫核对，与登记信息一同删除。",
        "face": (
            "我同意仅在来访当天用我的面部信息开门并与本单位的名单核对，来访结束即删除。不同意也可以用通行码或临时卡。"
        ),
    },
    "en": {
        "keeping": (
            "I agree that {site} processes the name, telephone, plate and identity number that I give, to register "
            "this visit and to hold them against its own lists. They are kept encrypted and are deleted {days} days "
            "after the visit; until then I may ask to see them or to have them deleted."
        ),
        "photo": "I agree to one photograph at the window, for the guards alone; it is deleted with the registration.",
        "face": (
            "I agree that my face opens the way and is held against the site's own lists on the day of the visit only, "
            "and is deleted when it ends. Without this a pass code or a temporary card does as well."
        ),
    },
}


def words(language: Language, site: str, days: int) -> dict[Purpose, str]:
    """The text of each purpose."""
    return {purpose: text.format(site=site, days=days) for purpose, text in _WORDS[language].items()}
