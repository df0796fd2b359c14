"""Every table says when what it holds of people goes: a new one cannot be forgotten."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from zhian_gateway.config_types import Retention
from zhian_gateway.people.registry import Registry
from zhian_gateway.retention.job import PICTURES, classes
from zhian_gateway.retention.standing import standings
from zhian_gateway.services import Services
from zhian_gateway.store.tables import metadata

#: By table: the class of the retention job that it goes with.
GOES_WITH = {
    "events": "events", "refusals": "refused messages", "pictures": PICTURES, "passages": "known",
    "hand_passes": "passages by hand", "alerts": "cases", "alert_passages": "cases", "alert_repeats": "cases",
    "transitions": "cases", "verdicts": "cases", "case_pictures": "cases", "escalations": "cases",
    "police_feed": "police", "deliveries": "police", "notices": "notices", "inbox": "inbox", "visits": "visits",
    "attendance_signals": "attendance", "attendance_corrections": "corrections", "leave_slips": "leave slips",
    "musters": "roll calls", "muster_people": "roll calls", "handovers": "hand-overs", "emergencies": "emergencies",
    "watch_entries": "watch lists", "watch_pictures": "watch lists", "audit": "audit",
    "configuration_pushes": "configuration changes", "unwanted_crops": "unwanted crops",
}  # fmt: skip
#: By table: what ends a row, where no age does.
ENDS_BY = {
    "whereabouts": "the day", "recorded_whereabouts": "the day", "departed": "the day",
    "stream": "a bound on its length",
    "people": "withdrawing", "credentials": "withdrawing", "collectors": "withdrawing, or their end",
    "guardians": "withdrawing", "consents": "withdrawing; the proof stays", "templates": "withdrawing, or no consent",
    "enrolment_pictures": "withdrawing, or no consent", "deletions": "nothing: the proof that nodes deleted",
    "carers": "the last child", "carer_children": "the school", "carer_codes": "their end",
    "carer_sessions": "their end", "carer_browsers": "their session",
    "visitor_list": "their end", "visit_records": "nothing: the record without a person",
    "users": "nothing: accounts are disabled, so that the audit can be read", "user_groups": "the user",
    "sessions": "their end", "second_factors": "the user", "recovery_codes": "the user", "secrets": "their end",
    "push_subscriptions": "the user", "site_orders": "nothing: no person but who ordered it",
}  # fmt: skip
#: Nobody is in them.
NOBODY = {
    "store", "site", "vault_keys", "counters", "nodes", "certificates", "invitations", "words", "signed", "epochs",
    "intake", "retention_runs", "consent_texts", "schedules", "groups", "calendar", "site_order_lanes", "own_secrets",
    "subscribers", "site_plans", "plan_files", "node_configurations", "configuration_versions",
    "roster_marks",
}  # fmt: skip


def test_no_table_is_forgotten() -> None:
    said = [*GOES_WITH, *ENDS_BY, *NOBODY]
    assert len(said) == len(set(said))
    assert set(metadata.tables) - set(said) == set(), "say when what these tables hold of people goes"


def test_every_class_of_a_table_is_one_that_the_job_deletes() -> None:
    due = {each.name for each in classes(Retention(), "", "", None, Registry("", ZoneInfo("UTC")))}
    assert set(GOES_WITH.values()) - due == set()


def test_every_class_can_be_counted(parts: Services) -> None:
    with parts.store.read() as link:
        assert all(each.kept >= 0 for each in standings(link, Retention()))
