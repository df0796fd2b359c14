"""The tables, in portable SQL. Times are RFC 3339 text in UTC with milliseconds, so that they sort as they read.

Ids that somebody follows (stream, police feed, audit, roster versions) come from `counters`, inside the transaction
that uses them: a database's own sequence hands out numbers before it commits, and a reader that follows it would
step over the slower transaction.

Every number is a `NUMBER`, of 64 bits on both databases; migrations use it too.
"""

from __future__ import annotations

from .account import audit, recovery_codes, second_factors, secrets, sessions, user_groups, users
from .case import alert_passages, alert_repeats, alerts, case_pictures, escalations, transitions, verdicts
from .columns import metadata
from .configuration import configuration_pushes, configuration_versions, node_configurations
from .emergency import emergencies, handovers, muster_people, musters
from .enrolment import enrolment_pictures, templates, watch_entries, watch_pictures
from .event import event_numbers, events, intake, pictures, refusals, unwanted_crops
from .family import carer_browsers, carer_children, carer_codes, carer_sessions, carers, guardians
from .gateway import counters, own_secrets, retention_runs, site, store, vault_keys
from .node import certificates, epochs, invitations, nodes, signed, words
from .notice import inbox, notices, push_subscriptions
from .order import hand_passes, site_order_lanes, site_orders
from .passage import passages, recorded_whereabouts, stream, whereabouts
from .person import collectors, consent_texts, consents, credentials, deletions, departed, people, roster_marks
from .police import deliveries, police_feed, subscribers
from .schoolday import attendance_corrections, attendance_signals, calendar, groups, leave_slips, schedules
from .siteplan import plan_files, site_plans
from .visit import visit_records, visitor_list, visits

__all__ = [
    "alert_passages",
    "alert_repeats",
    "alerts",
    "attendance_corrections",
    "attendance_signals",
    "audit",
    "calendar",
    "carer_browsers",
    "carer_children",
    "carer_codes",
    "carer_sessions",
    "carers",
    "case_pictures",
    "certificates",
    "collectors",
    "configuration_pushes",
    "configuration_versions",
    "consent_texts",
    "consents",
    "counters",
    "credentials",
    "deletions",
    "deliveries",
    "departed",
    "emergencies",
    "enrolment_pictures",
    "epochs",
    "escalations",
    "event_numbers",
    "events",
    "groups",
    "guardians",
    "hand_passes",
    "handovers",
    "inbox",
    "intake",
    "invitations",
    "leave_slips",
    "metadata",
    "muster_people",
    "musters",
    "node_configurations",
    "nodes",
    "notices",
    "own_secrets",
    "passages",
    "people",
    "pictures",
    "plan_files",
    "police_feed",
    "push_subscriptions",
    "recorded_whereabouts",
    "recovery_codes",
    "refusals",
    "retention_runs",
    "roster_marks",
    "schedules",
    "second_factors",
    "secrets",
    "sessions",
    "signed",
    "site",
    "site_order_lanes",
    "site_orders",
    "site_plans",
    "store",
    "stream",
    "subscribers",
    "templates",
    "transitions",
    "unwanted_crops",
    "user_groups",
    "users",
    "vault_keys",
    "verdicts",
    "visit_records",
    "visitor_list",
    "visits",
    "watch_entries",
    "watch_pictures",
    "whereabouts",
    "words",
]
