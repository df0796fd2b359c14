"""What each finding says in English, and what to do about it; pages have the same codes in words of their own."""

from __future__ import annotations

from typing import Final, NamedTuple


class Words(NamedTuple):
    """Texts with places for the finding's values."""

    text: str
    advice: str = ""


WORDS: Final[dict[str, Words]] = {
    "threads_ok": Words("{count:.0f} threads at work"),
    "thread_ended": Words("it has ended", "restart the gateway, and keep its log"),
    "thread_hangs": Words("its step takes {seconds:.0f} s already", "is the disk or database stuck?"),
    "thread_fails": Words("failed {count:.0f} times in a row: {error}", "see the log: loop.failed"),
    "broker_ok": Words("connected"),
    "broker_spare_lost": Words(
        "{count:.0f} of {total:.0f} brokers do not answer", "nodes use the others; is it running?"
    ),
    "broker_connecting": Words("connecting"),
    "broker_lost": Words("does not answer for {seconds:.0f} s", "is it running? nodes keep what they decide meanwhile"),
    "rules_ok": Words("up to date"),
    "rules_behind": Words(
        "{count:.0f} events are stored and not judged yet",
        "after an outage this passes; if it grows, the machine is too slow",
    ),
    "disk_ok": Words("{free:.1f} of {total:.0f} GiB free"),
    "disk_low": Words("{free:.1f} of {total:.0f} GiB free", "make room, or keep pictures for fewer days ([retention])"),
    "disk_full": Words("{free:.1f} of {total:.0f} GiB free", "make room now: without it nothing can be stored"),
    "nodes_ok": Words("all {count:.0f} are online and see"),
    "nodes_none": Words("there are none", "zhian-gateway node invite NAME"),
    "node_unheard": Words("not heard since the gateway's start", "see to its power and cable; it decides alone"),
    "node_silent": Words("silent for {seconds:.0f} s", "see to its power and cable; it decides alone"),
    "node_blind": Words(
        "cameras that do not see ({count:.0f}): {cameras}",
        "see to their power and cable; `zhian-edge doctor CONFIG` on the node says of each what is wrong",
    ),
    "node_devices": Words("{count:.0f} readers, inputs or barriers are down", "zhian-edge doctor on the node"),
    "node_clock": Words("its clock is off by {seconds:.1f} s", "set up a time server on the node"),
    "node_holes": Words(
        "{count:.0f} of its events have not arrived", "they were asked for; if they stay: zhian-gateway ledger"
    ),
    "node_pictures": Words(
        "{count:.0f} of its pictures were refused since it began", "too large for [store] picture_max_kb, or damaged"
    ),
    "node_certificate": Words(
        "its certificate ends in {days:.1f} days", "it renews it when it reaches the door; else invite it"
    ),
    "node_certificate_over": Words("its certificate is over", "zhian-gateway node invite NAME"),
    "cases_ok": Words("{count:.0f} open, none late"),
    "cases_late": Words(
        "{late:.0f} of {count:.0f} open cases are not acknowledged in time, the oldest for {minutes:.0f} min",
        "is anybody at the page?",
    ),
    "notices_ok": Words("none was given up in the last day"),
    "notices_failed": Words("{count:.0f} of the last day did not arrive, or may not have", "see the page Notices"),
    "notices_stuck": Words(
        "{count:.0f} wait for longer than {minutes:.0f} min", "see the page Notices: what do their providers answer?"
    ),
    "police_ok": Words("none was given up"),
    "police_dead": Words("{count:.0f} deliveries were given up", "the stream still has them"),
    "backup_ok": Words("made {hours:.0f} h ago"),
    "backup_old": Words("the last one was made {hours:.0f} h ago", "zhian-gateway backup FOLDER, every night"),
    "backup_never": Words("none was ever made", "zhian-gateway backup FOLDER, every night"),
    "retention_ok": Words("ran {hours:.0f} h ago"),
    "retention_old": Words("last ran {hours:.0f} h ago", "see zhian-gateway retention show"),
    "retention_never": Words("has never run", "see zhian-gateway retention show"),
    "clock_ok": Words("is believed"),
    "clock_doubted": Words(
        "stands {days:.0f} days after it was last believed, and nothing synchronises it: nothing goes for its age",
        "set up a time server, or look whether it is right: zhian-gateway retention clock",
    ),
    "faces_ok": Words("faces kept: {count:.0f}"),
    "faces_near": Words(
        "{count:.0f} people's faces are kept; from {filing:.0f} on they are filed with the province",
        "prepare the filing, or let some come by card",
    ),
    "faces_due": Words(
        "{count:.0f} people's faces are kept, {filing:.0f} or more",
        "file with the province's cyberspace office within 30 working days",
    ),
    "ways_missing": Words(
        "{count:.0f} people have no way in at all", "zhian-gateway consent list says who: give a card, or --by-hand on"
    ),
}
