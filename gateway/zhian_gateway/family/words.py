"""What guardians are asked to agree to: the school's own words, or these; what was shown is kept with the consent.

Whoever changes these words changes nothing that was agreed to: a consent carries the words that it was given to.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, select

from ..store.tables import consent_texts

#: What a guardian decides alone. That the child is listed at all is between them and the school, on paper.
Asked = Literal["recognition", "notices", "evidence"]
ASKED: Final[tuple[Asked, ...]] = ("recognition", "notices", "evidence")


class Wording(NamedTuple):
    """One text in both languages; both are "" where the school has it on paper alone."""

    zh: str
    en: str


#: Shown until a school says its own; the version of it is "1".
BUILT_IN: Final[dict[Asked, Wording]] = {
    "recognition": Wording(
        "我同意{site}用孩子的照片生成人脸特征，仅用于在本校校门核对孩子的身份。照片和人脸特征加密保存在本校及其校门设备内，"
        "不提供给他人。本同意自今日起 {days} 天内有效，可随时在此撤回；撤回或到期后，人脸特征和登记照片会从学校和所有"
        "校门删除。不同意也不影响孩子到校：可以刷卡，或由门卫放行。",
        "I agree that {site} makes a template of my child's pictures and compares it at the gates of this school, to "
        "know my child there and for nothing else. Pictures and template are kept encrypted at the school and in its "
        "gates, and are passed to nobody. This holds for {days} days from today and can be taken back here at any "
        "time; then, or at its end, template and enrolled pictures are deleted at the school and at every gate. "
        "Without it my child comes in all the same: by card, or let in by the guard.",
    ),
    "notices": Wording(
        "我同意{site}在孩子到校、离校或未按时到校时，把孩子的姓名、时间和地点发给登记的监护人。消息会经过短信或推送服务商。"
        "本同意自今日起 {days} 天内有效，可随时在此撤回；撤回后不再发送。",
        "I agree that {site} tells the guardians on its list my child's name, the time and the place when my child "
        "arrives, leaves, or is not there in time. Such a message passes through a provider of text or push messages. "
        "This holds for {days} days from today and can be taken back here at any time; then nothing is sent any more.",
    ),
    "evidence": Wording(
        "我同意{site}保留孩子通过校门时的照片，供核对到离校记录和处理安全事件，{kept}。"
        "本同意自今日起 {days} 天内有效，可随时在此撤回；撤回后，已保留的照片会删除，正在处理的事件所用的除外。",
        "I agree that {site} keeps pictures of my child passing its gates, to check arrivals and departures and to "
        "look into incidents, {kept}. This holds for {days} days from today "
        "and can be taken back here at any time; then what was kept is deleted, but for what an open case needs.",
    ),
}

_KEPT: Final = Wording("最多保留 {kept} 天，期满删除", "for at most {kept} days, and then deletes them")
_FOR_EVER: Final = Wording("保留期限由学校规定", "for as long as the school has set")


def wording(link: Connection, purpose: Asked, *, site: str, days: int, kept: int) -> Wording:
    """The present text of a purpose, as it is shown; `days`: a consent holds, `kept`: a picture (0: for ever)."""
    query = select(consent_texts.c.zh, consent_texts.c.en).where(consent_texts.c.purpose == purpose)
    row = link.execute(query.order_by(consent_texts.c.since.desc()).limit(1)).one_or_none()
    if row is not None:
        return Wording(row.zh, row.en)
    zh, en = BUILT_IN[purpose]
    long = _KEPT if kept else _FOR_EVER
    return Wording(
        zh.format(site=site, days=days, kept=long.zh.format(kept=kept)),
        en.format(site=site, days=days, kept=long.en.format(kept=kept)),
    )
