"""The configuration of notices: who is told of what, and through whom."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from .config_base import Name, NotNegative, Seconds, Section, Shown

Language = Literal["zh-CN", "en"]
Url = Annotated[str, msgspec.Meta(pattern=r"^https?://[^/?#@\s]+[^\s]*$", max_length=1000)]
Count = Annotated[int, msgspec.Meta(ge=1)]


def secret_of(file: str, variable: str) -> str:
    """A secret from a file, or from the environment; "" where neither holds one.

    Raises:
        OSError: the file cannot be read.
    """
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(variable, "").strip() if variable else ""


class Route(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told of one kind of happening.

    Attributes:
        happening: `arrival`, `departure`, `not_arrived`, `not_arrived_unheard`, `not_back`, `not_back_unheard`,
            `still_inside`, `correction`, `not_back_taken_back`, `still_inside_taken_back`, `passage_taken_back`, or a
            kind of alert.
        to: `guardians`, and roles or names of `[[response.contacts]]`; empty: nobody.
        critical: it waits for no quiet hours, and is rather told twice than not at all.
        expire_s: then it is not worth sending any more; left out: as `[notices] expire_s`.
    """

    happening: Name
    to: tuple[Shown, ...]
    critical: bool = False
    expire_s: Seconds | None = None


#: What is told with doubt goes where a site sends the plain word, unless it says otherwise.
PLAIN: Final = {"not_arrived_unheard": "not_arrived", "not_back_unheard": "not_back"}
#: What holds where `[[notices.routes]]` says nothing of a happening.
USUAL: Final = (
    Route(happening="arrival", to=("guardians",)),
    Route(happening="departure", to=("guardians",)),
    Route(happening="not_arrived", to=("guardians", "teacher"), critical=True),
    Route(happening="not_arrived_unheard", to=("guardians", "teacher"), critical=True),
    Route(happening="not_back", to=("guardians", "teacher"), critical=True),
    Route(happening="not_back_unheard", to=("guardians", "teacher"), critical=True),
    Route(happening="not_back_taken_back", to=("guardians", "teacher"), critical=True),
    Route(happening="still_inside", to=("teacher", "guard")),
    Route(happening="correction", to=("guardians", "teacher"), critical=True),
    Route(happening="still_inside_taken_back", to=("guardians", "teacher", "guard"), critical=True),
    Route(happening="passage_taken_back", to=("guardians",), critical=True),
    Route(happening="borrowed_card", to=("guardians", "teacher")),
    Route(happening="left_in_lessons", to=("guardians", "teacher"), critical=True),
    Route(happening="left_alone", to=("guardians", "teacher"), critical=True),
    Route(happening="left_with_unlisted", to=("guardians", "teacher"), critical=True),
)


class SmsTemplate(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that the provider has approved, for one happening in one language.

    Attributes:
        id: of the template there; `late`: of one for a notice that comes late (without it, none is sent late).
        parameters: the template's variables (`name` of `${name}`, or `1` of `{1}`) and what fills them, such as
            `{name}` or `{date} {time}`.
        text: the approved text itself, so that its length can be checked and its parts counted.
    """

    happening: Name
    id: Shown
    language: Language = "zh-CN"
    late: str = ""
    parameters: dict[str, str] = msgspec.field(default_factory=dict)
    text: str = ""


class Sms(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account at a provider of text messages; the secret stands in a file or in the environment, never here.

    Attributes:
        name: `sms://NAME/+86...` goes here; without a name a message goes to the first.
        key_id: AccessKeyId (Aliyun) or SecretId (Tencent).
        sign: the approved signature (短信签名), without brackets.
        app_id, region: Tencent's alone.
        signature: Aliyun's alone: `acs3`, or the older `rpc`.
        endpoint: another than the usual address.
        variable_most: characters that one variable takes; left out: what the provider says (Aliyun 35).
        ca_file: certificate authorities to trust instead of the usual ones.
    """

    name: Name
    provider: Literal["aliyun", "tencent"]
    key_id: Shown
    sign: Shown
    secret_file: str = ""
    secret_env: str = ""
    app_id: str = ""
    region: str = "ap-guangzhou"
    signature: Literal["acs3", "rpc"] = "acs3"
    endpoint: Annotated[str, msgspec.Meta(pattern=r"^(https://[A-Za-z0-9.:\[\]-]+)?$")] = ""
    variable_most: Count | None = None
    ca_file: str = ""
    at_once: Count | None = None
    per_minute: Count | None = None
    templates: tuple[SmsTemplate, ...] = ()

    def secret(self) -> str:
        """The secret, read when it is needed."""
        return secret_of(self.secret_file, self.secret_env)


class Webhook(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A receiver of signed POSTs, `webhook://NAME`; `secret_*` holds its key, `whsec_` and base64 or plain text."""

    name: Name
    url: Url
    secret_file: str = ""
    secret_env: str = ""
    ca_file: str = ""
    at_once: Count | None = None
    per_minute: Count | None = None

    def secret(self) -> str:
        """The secret, read when it is needed."""
        return secret_of(self.secret_file, self.secret_env)


class WebPush(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Messages to browsers, `webpush://USER`.

    Attributes:
        contact: whom a push service writes to when we misbehave (`mailto:` or `https:`); empty: Web Push is off.
        names: a lock screen may show names; else it says only that there is news.
    """

    contact: Annotated[str, msgspec.Meta(pattern=r"^(mailto:[^@\s]+@[^@\s]+|https://\S+)?$")] = ""
    names: bool = False


class Notices(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told of what, how long it is tried, and through whom. Times are in seconds.

    Attributes:
        late_s: a notice as old as this says so.
        expire_s: one as old as this is not worth sending any more.
        most_tries: after so many failures one channel is given up.
        retry_s: the pause after the first failure; it doubles.
        timeout_s: within which a provider has to answer.
        channel_s: for so long one channel is tried while there is another one.
        at_once, per_minute: so many notices go to one provider at the same time, and in a minute.
        consent: `listed`: who is listed as guardian is told, until a consent to notices is withdrawn; `recorded`: only
            with such a consent.
        templates: a file of the site's own texts, relative to the configuration.
    """

    late_s: Seconds = 600.0
    expire_s: Seconds = 3600.0
    most_tries: Count = 8
    retry_s: Seconds = 5.0
    timeout_s: Seconds = 10.0
    channel_s: NotNegative = 120.0
    at_once: Count = 4
    per_minute: Count = 600
    consent: Literal["listed", "recorded"] = "listed"
    templates: str = ""
    routes: tuple[Route, ...] = ()
    sms: tuple[Sms, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    webpush: WebPush = WebPush()

    def route(self, happening: str) -> Route | None:
        """Who is told of a happening: as the site says of it or of its plain word, else as usual."""
        names = (happening, PLAIN.get(happening, happening))
        own = (one for name in names for one in self.routes if one.happening == name)
        return next(own, None) or next((one for one in USUAL if one.happening == happening), None)

    def every_route(self) -> dict[str, Route]:
        """By happening, of all that the site or we have a route for."""
        named = dict.fromkeys(one.happening for one in (*self.routes, *USUAL))
        return {each: route for each in named if (route := self.route(each)) is not None}


class Outbound(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`private_hosts`: hosts, as they stand in addresses, that may be on this machine or its own network."""

    private_hosts: tuple[Shown, ...] = ()
