"""A push is judged by the code that reads a configuration at a start; what may not be pushed is refused by its key."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configs import head
from zhian_edge.config.reading import load_text
from zhian_edge.configuring.choosing import choose
from zhian_edge.configuring.receiving import Judge
from zhian_edge.configuring.shelf import Shelf
from zhian_edge.configuring.standing import Standing, Trial
from zhian_edge.errors import ConfigError, PushRefused
from zhian_wire.configuration import Push

KEY = b"k" * 32
SECRET = "Zq7!x"
TEXT = (
    head()
    + f"""
[[lanes]]
id = "main"
policy = "card"
egress = "free"
[[cameras]]
id = "door"
source = "rtsp://admin:{SECRET}@10.0.0.9:554/main"
[[readers]]
id = "in"
driver = "osdp"
link = "tcp://10.0.0.7:5000"
key_file = "in.key"
lane = "main"
"""
)


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    path = tmp_path / "node.toml"
    load_text(TEXT, path)
    return Judge(TEXT, "base", KEY, path)


def nothing_kept(mark: str) -> str:
    raise ConfigError(mark)


def told(judge: Judge, old: str, new: str) -> list[str]:
    text = judge.redacted.text
    assert old in text
    return [f"{each.line}: {each.key}: {each.message}" for each in judge.problems(text.replace(old, new, 1))]


def test_a_good_change_is_accepted_with_its_secrets(judge: Judge) -> None:
    text = judge.redacted.text.replace('policy = "card"', 'policy = "card"\nfresh_s = 3.0')
    assert judge.problems(text) == []
    accepted = judge.accept(Push(id="p", base="base", text=text), nothing_kept)
    assert accepted.text == TEXT.replace('policy = "card"', 'policy = "card"\nfresh_s = 3.0')


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('policy = "card"', 'policy = "anybody"', "11: lanes[0].policy: expected one of"),
        ('policy = "card"', "policy = ", "11: not TOML"),
        ('egress = "free"', "", "lanes[0].egress"),
        ('id = "gate"', 'id = "gate-2"', "4: node.id: is changed at the node alone"),
        ('id = "school"', 'id = "other"', "2: site.id: is changed at the node alone"),
        ("127.0.0.1:8080", "127.0.0.1:8081", "gateway.url: is changed at the node alone"),
        ("mqtt://127.0.0.1:1883", "mqtt://127.0.0.1:1884", "gateway.brokers: is changed at the node alone"),
        ("in.key", "/etc/shadow", "readers[0].key_file: names a file of the node"),
        ("10.0.0.7", "10.6.6.6", "readers[0].key_file: names a file of the node, with its driver, link"),
        ("@10.0.0.9", "@10.6.6.6", "belongs to another address"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_key(judge: Judge, old: str, new: str, said: str) -> None:
    found = told(judge, old, new)
    assert any(said.split(": ", 1)[-1] in each for each in found), found
    if said[0].isdigit():
        assert any(each.startswith(said.split(":", 1)[0]) for each in found), found
    assert not any(SECRET in each for each in found)


def test_a_cameras_password_does_not_become_the_name_of_a_zone(judge: Judge) -> None:
    value = judge.redacted.text.split('source = "', 1)[1].split('"', 1)[0]
    found = told(judge, 'egress = "free"', f'egress = "free"\ninside = "{value}"')
    assert any("lanes[0].inside: expected a name" in each for each in found), found
    mark = value.removeprefix("rtsp://").split("@", 1)[0]
    found = told(judge, 'egress = "free"', f'egress = "free"\ninside = "{mark}"')
    assert any("belongs to another address or key" in each for each in found), found
    assert told(judge, 'egress = "free"', 'egress = "free"\ninside = "校园/Große Halle 2"') == []


def test_a_secret_that_is_typed_anew_is_in_no_message(judge: Judge) -> None:
    found = told(judge, 'policy = "card"', 'policy = "rtsp://admin:typed@10.0.0.9/main"')
    assert found
    assert not any("typed" in each for each in found)


def test_a_pushed_configuration_that_cannot_be_used_is_told_of_without_its_secrets(tmp_path: Path) -> None:
    path = tmp_path / "node.toml"
    path.write_text(TEXT, encoding="utf-8")
    shelf = Shelf(Path(load_text(TEXT, path).node.home))
    wrong = TEXT.replace("[[lanes]]", f'[[lanes]]\nid = "rtsp://admin:{SECRET}@10.0.0.9/main"\n[[lanes]]')
    mark = shelf.put(wrong)
    shelf.keep(Standing(file=shelf.mark(TEXT), trial=Trial(push="p", mark=mark, confirm_s=60), kept=(mark,)))
    outcome = choose(path, lambda: "now").standing.outcome
    assert outcome is not None
    assert "lanes[0].id" in outcome.detail
    assert SECRET not in outcome.detail


def test_what_is_nested_without_end_is_refused(judge: Judge) -> None:
    assert [each.message for each in judge.problems("a = " + "[" * 9000 + "]" * 9000)] == ["nested too deeply"]


def test_a_push_made_from_another_configuration_is_refused(judge: Judge) -> None:
    with pytest.raises(PushRefused, match="changed meanwhile"):
        judge.accept(Push(id="p", base="older", text=judge.redacted.text), nothing_kept)


def test_a_former_configuration_comes_from_the_node_itself(judge: Judge) -> None:
    former = TEXT.replace('policy = "card"', 'policy = "card"\nfresh_s = 2.0')
    assert judge.accept(Push(id="p", base="base", restore="m1"), {"m1": former}.__getitem__).text == former
    with pytest.raises(PushRefused, match="no more"):
        judge.accept(Push(id="p", base="base", restore="m1"), nothing_kept)


def test_a_former_configuration_of_another_gateway_does_not_come_back(judge: Judge) -> None:
    other = TEXT.replace("127.0.0.1:8080", "127.0.0.1:9")
    with pytest.raises(PushRefused, match="go back at the node"):
        judge.accept(Push(id="p", base="base", restore="m1"), {"m1": other}.__getitem__)
