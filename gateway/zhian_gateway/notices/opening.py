"""Puts the channels of a site together; what they hold open is closed with the stack."""

from __future__ import annotations

from contextlib import ExitStack

import httpx

from .. import outbound
from ..config_types import Config
from ..moments import Clock
from ..store import Store
from .apprise_post import ApprisePost
from .channels import Channels
from .inbox import InboxPost
from .messages import Channel
from .naming import INBOX, SMS, WEBHOOK, WEBPUSH
from .sms_post import SmsPost
from .texts import library
from .webhook_post import WebhookPost
from .webpush_post import WebPushPost


class Clients:
    """Guarded clients, one for each file of certificate authorities; any thread may use it."""

    def __init__(self, config: Config, stack: ExitStack) -> None:
        settings = config.notices
        files = {"", *(one.ca_file for one in settings.sms), *(one.ca_file for one in settings.webhooks)}
        self._clients = {
            file: stack.enter_context(
                outbound.client(allowed=config.outbound.private_hosts, timeout_s=settings.timeout_s, ca_file=file)
            )
            for file in sorted(files)
        }

    def __call__(self, ca_file: str = "") -> httpx.Client:
        return self._clients[ca_file]


def open_channels(config: Config, store: Store, clock: Clock, base: str, stack: ExitStack) -> Channels:
    """Every channel that an address can name.

    Args:
        base: where this very gateway listens.
    """
    settings = config.notices
    clients = Clients(config, stack)
    own = stack.enter_context(httpx.Client(timeout=settings.timeout_s, follow_redirects=False, trust_env=False))
    ours: dict[str, Channel] = {
        INBOX: InboxPost(store.key, base, own, clock, settings.timeout_s),
        SMS: SmsPost(settings, clients, clock),
        WEBHOOK: WebhookPost(settings, clients, clock),
        WEBPUSH: WebPushPost(store, settings, library(settings.templates), clients, clock),
    }
    return Channels(ours, ApprisePost(config.outbound.private_hosts, timeout_s=settings.timeout_s))
