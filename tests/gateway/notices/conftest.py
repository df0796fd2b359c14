"""A provider in another process, and a gateway that sends to it by webhook, text message and Web Push."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.gateway import write_config
from support.providers import Provider
from zhian_gateway.config import load
from zhian_gateway.services import Services, open_services

SECRET = "whsec_c2VjcmV0LW9mLXRoZS10ZXN0LTEyMzQ1Ng=="
WITH_ALL = """
[outbound]
private_hosts = ["localhost"]

[notices]
{settings}

[notices.webpush]
contact = "mailto:ops@school.example"
{push}

[[notices.webhooks]]
name = "app"
url = "{url}/app"
secret_file = "{folder}/secret"
ca_file = "{ca_file}"

[[notices.webhooks]]
name = "other"
url = "{url}/other"
secret_file = "{folder}/secret"
ca_file = "{ca_file}"

[[notices.webhooks]]
name = "untrusted"
url = "{url}/untrusted"
secret_file = "{folder}/secret"

[[notices.sms]]
name = "ali"
provider = "aliyun"
key_id = "LTAI-test"
sign = "第一小学"
secret_file = "{folder}/secret"
endpoint = "{url}"
ca_file = "{ca_file}"

[[notices.sms.templates]]
happening = "arrival"
id = "SMS_1"
late = "SMS_2"
parameters = {{ name = "{{name}}", at = "{{time}}" }}
text = "${{name}}于${{at}}到校。"

[[notices.sms]]
name = "tencent"
provider = "tencent"
key_id = "AKID-test"
sign = "第一小学"
app_id = "1400000000"
secret_env = "ZHIAN_TEST_TENCENT"
endpoint = "{url}"
ca_file = "{ca_file}"

[[notices.sms.templates]]
happening = "arrival"
id = "1110"
parameters = {{ 1 = "{{name}}", 2 = "{{time}}" }}

[[response.contacts]]
name = "王老师"
role = "teacher"
address = "inbox://wang"
groups = ["class-3-2"]

[[response.contacts]]
name = "李老师"
role = "teacher"
address = "inbox://li"
groups = ["class-1-1"]
{more}
"""


@pytest.fixture(scope="session")
def _provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with Provider(tmp_path_factory.mktemp("provider")) as made:
        yield made


@pytest.fixture
def provider(_provider: Provider) -> Provider:
    """One that takes everything, and was asked nothing yet."""
    _provider.forget()
    return _provider


@pytest.fixture
def site(
    tmp_path: Path, provider: Provider, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Services]]:
    """Opens the gateway's parts; the same store each time."""
    monkeypatch.setenv("ZHIAN_TEST_TENCENT", "tencent-secret")
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    made: list[Services] = []

    def make(settings: str = "", more: str = "", push: str = "") -> Services:
        where = {"url": provider.url, "folder": tmp_path, "ca_file": provider.ca_file}
        text = WITH_ALL.format(**where, settings=settings, more=more, push=push)
        config = write_config(tmp_path / "parts", "mqtt://127.0.0.1:1", more=text)
        made.append(open_services(load(config), publish=lambda *_: None, clock=clock))
        return made[-1]

    yield make
    for each in made:
        each.store.close()
