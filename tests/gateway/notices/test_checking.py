"""What is wrong with the configuration of notices is said before anybody is told anything, by file, line and key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from zhian_gateway.config import load
from zhian_gateway.errors import ConfigError
from zhian_gateway.notices import checking, texts

GOOD = """[site]
id = "school"
[outbound]
private_hosts = ["hooks.lan"]
[[notices.webhooks]]
name = "app"
url = "http://hooks.lan/x"
secret_file = "secret"
[[notices.sms]]
name = "ali"
provider = "aliyun"
key_id = "LTAI"
sign = "校"
secret_env = "ZHIAN_TEST_SMS"
[[notices.sms.templates]]
happening = "arrival"
id = "SMS_1"
parameters = { name = "{name}" }
text = "${name}到校"
[[notices.sms]]
name = "tencent"
provider = "tencent"
key_id = "AKID"
app_id = "1400"
sign = "校"
secret_env = "ZHIAN_TEST_SMS"
[[notices.sms.templates]]
happening = "arrival"
id = "1"
parameters = { 1 = "{name}" }
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("http://hooks.lan", "http://hooks.example", ":7: notices.webhooks[0].url: http:// only to a host"),
        ("http://hooks.lan", "https://u:p@hooks.lan", ":7: notices.webhooks[0].url: holds a password"),
        ("http://hooks.lan/x", "ftp://x", ":7: notices.webhooks[0].url: "),
        ('secret_file = "secret"', "", ":6: notices.webhooks[0].name: needs secret_file or secret_env"),
        ('name = "tencent"', 'name = "ali"', ":21: notices.sms[1].name: ali is there twice"),
        ('app_id = "1400"', "", ":21: notices.sms[1].name: Tencent needs app_id"),
        (
            '{ name = "{name}" }',
            '{ name = "{nmae}" }',
            ":18: notices.sms[0].templates[0].parameters: name: {nmae} is no",
        ),
        ('{ name = "{name}" }', '{ name = "{name.x}" }', ":18: notices.sms[0].templates[0].parameters: name: {name.x}"),
        (
            '{ name = "{name}" }',
            '{ name = "{name" }',
            ":18: notices.sms[0].templates[0].parameters: name: is no format",
        ),
        (
            "${name}到校",
            "${nam}到校",
            ":19: notices.sms[0].templates[0].text: text and parameters do not agree on nam, name",
        ),
        ("${name}到校", "${name}" + "字" * 500, ":19: notices.sms[0].templates[0].text: has 507 characters"),
        ('{ 1 = "{name}" }', '{ a = "{name}" }', ":30: notices.sms[1].templates[0].parameters: a: Tencent's"),
        (
            "[outbound]",
            '[[notices.routes]]\nhappening = "arrival"\nto = ["boss"]\n[outbound]',
            ":5: notices.routes[0].to: boss",
        ),
        (
            "[outbound]",
            '[[response.contacts]]\nname = "a"\nrole = "r"\naddress = "sms://x"\n[outbound]',
            ":6: response.contacts[0].address: is no number",
        ),
        (
            "[outbound]",
            '[[response.contacts]]\nname = "a"\nrole = "r"\naddress = "inbox://x"\nfurther = ["webhook://b"]\n'
            "[outbound]",
            ":7: response.contacts[0].further: there is no [[notices.webhooks]] b",
        ),
        (
            "[outbound]",
            '[[response.contacts]]\nname = "a"\nrole = "r"\naddress = "webpush://a"\n[outbound]',
            ":6: response.contacts[0].address: Web Push needs",
        ),
    ],
)
def test_what_is_wrong_is_named_by_line_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(GOOD, encoding="utf-8")
    load(path)
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load(path)
    assert f"{path}{said}" in str(error.value)


def test_secrets_are_read_before_they_are_needed_and_never_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, secret = tmp_path / "gateway.toml", tmp_path / "secret"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"notices\.sms\[0\]: there is no secret in the environment's ZHIAN_TEST_SMS"):
        checking.check_files(load(path))
    monkeypatch.setenv("ZHIAN_TEST_SMS", "geheim")
    with pytest.raises(ConfigError, match=r"notices\.webhooks\[0\]\.secret_file: .*No such file"):
        checking.check_files(load(path))
    secret.write_text("whsec_!!!")
    with pytest.raises(ConfigError, match=r"notices\.webhooks\[0\]: the secret: after whsec_ comes no base64") as error:
        checking.check_files(load(path))
    assert "!!!" not in str(error.value)
    secret.write_text(f"whsec_c2VjcmV0{os.linesep}")
    checking.check_files(load(path))


def test_certificates_that_cannot_be_read_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gateway.toml"
    monkeypatch.setenv("ZHIAN_TEST_SMS", "geheim")
    path.write_text(GOOD.replace('sign = "校"', 'sign = "校"\nca_file = "ca.pem"', 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"notices\.sms\[0\]\.ca_file: .*ca\.pem: holds no certificates"):
        checking.check_files(load(path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[en.arrival]\ntitle = "{nmae}"\nbody = ""',
            ":2: en.arrival.title: {nmae} is no placeholder; there are",
        ),
        ('[en.arrival]\ntitle = "{name!r}"\nbody = ""', ":2: en.arrival.title: "),
        ('[en.arrival]\ntitle = "{name:>999999999}"\nbody = ""', ":2: en.arrival.title: "),
        ('[en.arrival]\ntitle = "{name.__class__}"\nbody = ""', ":2: en.arrival.title: "),
        ('[en.arrival]\ntitle = "{0}"\nbody = ""', ":2: en.arrival.title: "),
        ('[en.arrival]\ntitle = "x"', ":1: en.arrival: needs title and body"),
        ('[en]\nlate = "{name}"', ":2: en.late: {name} is no placeholder"),
        ('[en.discreet]\ntitle = "{name}"\nbody = ""', ":2: en.discreet.title: {name} is no placeholder"),
        ("[fr.arrival]\ntitle = ''\nbody = ''", "fr: is no language; there are zh-CN, en"),
        ("[en.arrival]\ntitle = 1\nbody = ''", ":2: en.arrival.title: must be text"),
        ("[en", "gateway-texts.toml: "),
    ],
)
def test_a_text_that_cannot_be_filled_is_named_by_line_and_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gateway-texts.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        texts.library(str(path))
    assert said in str(error.value)


def test_a_sites_own_text_takes_the_place_of_ours_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "texts.toml"
    path.write_text('[zh-CN.arrival]\ntitle = "{name}到了"\nbody = "{site}"', encoding="utf-8")
    found = texts.library(str(path))
    assert found["zh-CN"].of("arrival").title == "{name}到了"
    assert found["zh-CN"].of("departure") == texts.library()["zh-CN"].of("departure")
    assert found["xx"].late == found["zh-CN"].late


def test_both_languages_have_all_texts_and_every_placeholder_is_one() -> None:
    ours = texts.read(texts.OWN)
    assert ours["zh-CN"].entries.keys() == ours["en"].entries.keys()
    assert set(ours) == set(texts.LANGUAGES)
