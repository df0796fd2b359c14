"""Sends text messages: chooses account and approved template, checks the lengths, asks, and reads the answer."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace
from typing import Final

from .. import moments
from ..config_notices import Notices, Sms, SmsTemplate
from .exchange import Answer, judged, post
from .messages import Message
from .naming import sms_account, sms_place
from .outcomes import Outcome, refused
from .sms import aliyun, lengths, tencent
from .sms.request import Keys, Request, Text, When
from .sms.templates import templates
from .webhook_post import Clients

_NUMBER: Final = re.compile(r"\+?\d[\d -]{5,}\d")


def masked(text: str) -> str:
    """A text without whole numbers in it: `+86138****0000`."""
    return _NUMBER.sub(lambda match: f"{match[0][:-8]}****{match[0][-4:]}" if len(match[0]) > 8 else "****", text)


class SmsPost:
    """Sends to `sms://+86...`; any thread may use it. No provider here drops what it has had before."""

    repeatable = False

    def __init__(self, settings: Notices, clients: Clients, clock: moments.Clock) -> None:
        self._settings = settings
        self._clients = clients
        self._clock = clock

    def send(self, address: str, message: Message) -> Outcome:
        """As the protocol says."""
        place = sms_place(address)
        account = sms_account(self._settings, place.provider)
        if account is None:
            return refused("there is no such [[notices.sms]]")
        found = text_of(account, place.number, message)
        if isinstance(found, Outcome):
            return found
        text, template = found
        try:
            keys = Keys(account.key_id, account.secret())
        except OSError as error:
            return refused(f"the secret of [[notices.sms]] {account.name} cannot be read: {error.strerror}", whole=True)
        asked = request_of(account, keys, text, When(self._clock(), secrets.token_hex(16)))
        outcome = self._ask(account, asked)
        if outcome.kind == "delivered":
            # What it costs is known from the approved text alone.
            return replace(outcome, reason=f"{outcome.reason}{_in_parts(account, text, template)}")
        return outcome

    def _ask(self, account: Sms, asked: Request) -> Outcome:
        client = self._clients(account.ca_file)
        answer = post(client, asked.url, asked.headers, asked.body, most_s=self._settings.timeout_s)
        if isinstance(answer, Answer):
            answer = self._judged(account, answer)
        return Outcome(answer.kind, masked(answer.reason), answer.after_s, answer.whole)

    def _judged(self, account: Sms, answer: Answer) -> Outcome:
        """Their own code says more than the status, wherever there is one."""
        read = aliyun.read if account.provider == "aliyun" else tencent.read
        said, status = read(answer.body), judged(answer, self._clock())
        if status is None:
            return said
        if said.kind in {"refused", "later"}:
            return replace(said, after_s=said.after_s or status.after_s)
        return status


def text_of(account: Sms, number: str, message: Message) -> tuple[Text, SmsTemplate] | Outcome:
    """The message as the provider is to send it, by the first template that it fits, or why it cannot be one."""
    found = templates(account, message.happening, message.language)
    if not found:
        return refused(f"[[notices.sms]] {account.name} has no template for {message.happening} ({message.language})")
    tried = [_filled(account, number, message, template) for template in found]
    return next((each for each in tried if not isinstance(each, Outcome)), tried[0])


def _filled(account: Sms, number: str, message: Message, template: SmsTemplate) -> tuple[Text, SmsTemplate] | Outcome:
    number_of_template = template.late if message.late else template.id
    if not number_of_template:
        return refused(f"[[notices.sms]] {account.name} has no template for a late {message.happening}")
    parameters = {name: format_.format_map(message.words) for name, format_ in template.parameters.items()}
    fault = lengths.too_long(parameters, variable_most(account))
    if fault is None and template.text:
        whole = len(lengths.filled(account.sign, template.text, parameters))
        fault = f"{whole} characters are more than {lengths.MOST}" if whole > lengths.MOST else None
    if fault is not None:
        return refused(fault)
    reference = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    return Text(number, account.sign, number_of_template, parameters, reference), template


def _in_parts(account: Sms, text: Text, template: SmsTemplate) -> str:
    if not template.text:
        return ""
    number = lengths.parts(lengths.filled(account.sign, template.text, text.parameters))
    return f" ({number} part{'s' * (number > 1)})"


def variable_most(account: Sms) -> int | None:
    """How many characters a variable takes; Tencent limits only the whole message of an enterprise's account."""
    usual = aliyun.VARIABLE_MOST if account.provider == "aliyun" else None
    return account.variable_most or usual


def request_of(account: Sms, keys: Keys, text: Text, when: When) -> Request:
    """The signed request."""
    if account.provider == "tencent":
        endpoint = account.endpoint or tencent.ENDPOINT
        return tencent.request(endpoint, keys, text, when, app_id=account.app_id, region=account.region)
    sign = aliyun.acs3_request if account.signature == "acs3" else aliyun.rpc_request
    return sign(account.endpoint or aliyun.ENDPOINT, keys, text, when)
