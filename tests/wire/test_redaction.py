"""No secret of a configuration is in what is shown, each comes back where it was, and nowhere else."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_wire.errors import BadMark
from zhian_wire.redaction import MARK, redact, restore, without_typed
from zhian_wire.secret_parts import scrubbed

KEY = b"k" * 32
#: Every password of the tests ends so, to be found wherever it went.
SIGN = "Zq7!x"
PASSWORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\0", exclude_categories=("Cs", "Cc")), max_size=20
).map(lambda text: text + SIGN)

TEXT = """\
# key of the box: 4711{sign}
[[cameras]]
id = "door"  # password is {sign}
source = "rtsp://admin:{sign}@10.0.0.9:554/main"
sub = 'rtsp://admin:{sign}@10.0.0.9:554/sub'
[[cameras]]
id = "yard"
source = "rtsp://10.0.0.10/user=admin_password={sign}_channel=1"
[[cameras]]
id = "plain"
source = "rtsp://10.0.0.11/main"  # nothing to hide
""".replace("{sign}", SIGN)


def test_no_secret_is_shown_and_everything_else_is() -> None:
    shown = redact(TEXT, KEY).text
    assert SIGN not in shown
    assert "# nothing to hide" in shown
    cameras = tomllib.loads(shown)["cameras"]
    assert MARK.fullmatch(cameras[0]["source"].removeprefix("rtsp://").removesuffix("@10.0.0.9:554/main"))
    assert cameras[1]["source"].startswith("rtsp://10.0.0.10/kept-")
    assert cameras[2]["source"] == "rtsp://10.0.0.11/main"


def test_what_was_taken_out_comes_back_to_the_letter() -> None:
    found = redact(TEXT, KEY)
    assert restore(found.text, found.secrets, found.places) == TEXT


def test_the_same_secret_has_the_same_mark_and_another_key_others() -> None:
    one, again, other = redact(TEXT, KEY), redact("\n" + TEXT, KEY), redact(TEXT, b"o" * 32)
    assert set(one.secrets) == set(again.secrets)
    assert not set(one.secrets) & set(other.secrets)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@10.0.0.9:554/main", "@10.6.6.6:554/main"),  # the camera's password to a stranger
        ("@10.0.0.9:554/main", "@10.0.0.9.evil.example:554/main"),
        ('"rtsp://kept', '"http://kept'),
        ("rtsp://10.0.0.10/kept", "rtsp://10.6.6.6/kept"),
    ],
)
def test_a_secret_goes_to_no_other_place(old: str, new: str) -> None:
    found = redact(TEXT, KEY)
    assert old in found.text
    with pytest.raises(BadMark, match="belongs to another address"):
        restore(found.text.replace(old, new, 1), found.secrets, found.places)


def test_a_note_is_no_way_to_a_password() -> None:
    found = redact(TEXT, KEY)
    mark = MARK.findall(found.text)[0]
    with pytest.raises(BadMark):
        restore(found.text + f'\nother = "http://{mark}@10.6.6.6/"\n', found.secrets, found.places)


@pytest.mark.parametrize(
    "added",
    [
        '[[lanes]]\nid = "main"\ninside = "{value}"\n',
        '[[cameras]]\nid = "other"\nsource = "{value}"\n',
        'lanes = [{ id = "main", inside = "{value}" }]\n',
        "'{value}' = 1\n",
        "# {value}\n",
    ],
)
def test_a_secret_goes_to_no_other_key_that_tells_it(added: str) -> None:
    text = TEXT.replace(f"# key of the box: 4711{SIGN}\n", "")
    found = redact(text, KEY)
    value = tomllib.loads(found.text)["cameras"][0]["source"]
    with pytest.raises(BadMark, match="belongs to another address or key") as caught:
        whole = added.replace("{value}", value)
        restore(whole + found.text if "= [" in whole or "' =" in whole else found.text + whole, *found[1:])
    assert caught.value.line in (1, 11, 12, 13, 14)


def test_tables_and_plain_values_of_a_list_may_be_moved() -> None:
    text = f"""\
hosts = ["mqtt://a:{SIGN}@h1", "mqtt://b:{SIGN}@h2"]
[[cameras]]
id = "door"
source = "rtsp://admin:{SIGN}@10.0.0.9/main"
[[cameras]]
id = "yard"
source = "rtsp://10.0.0.10/main"
"""
    found = redact(text, KEY)
    head, door, yard = found.text.split("[[cameras]]\n")
    one, two = tomllib.loads(head)["hosts"]
    moved = f'hosts = ["{two}", "{one}"]\n[[cameras]]\n{yard}[[cameras]]\n{door}'
    before, after = tomllib.loads(text), tomllib.loads(restore(moved, *found[1:]))
    assert after == {name: [*reversed(each)] for name, each in before.items()}
    with pytest.raises(BadMark):
        restore(found.text.replace('"door"', '"gate"'), *found[1:])


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (f"rtsp://10.0.0.1:554/cam?user=admin&pw={SIGN}", "rtsp://10.0.0.1:554/cam?"),
        (f"rtsp://10.0.0.1/cam?usr=a&psw={SIGN}", "rtsp://10.0.0.1/cam?"),
        (f"http://10.0.0.1/videostream.cgi?loginuse=admin&loginpas={SIGN}", "http://10.0.0.1/videostream.cgi?"),
        (f"http://10.0.0.1/cgi?usr=admin&p={SIGN}", "http://10.0.0.1/cgi?"),
        (f"http://10.0.0.1?credentials={SIGN}", "http://10.0.0.1?"),
        (f"rtsp://10.0.0.1:554/live/user=admin&x={SIGN}/ch1", "rtsp://10.0.0.1:554/live/"),
        (f"rtsp://10.0.0.1:554/live/admin:{SIGN}/ch1", "rtsp://10.0.0.1:554/live/"),
        (f"rtsp://10.0.0.1:554&pw={SIGN}", "rtsp://"),
        (f"rtsp://10.0.0.1/main#{SIGN}", "rtsp://10.0.0.1/main#"),
        (f"admin:{SIGN}@10.0.0.1:554/foo", ""),
        (f"10.0.0.1/cam?usr=a&p={SIGN}", ""),
    ],
)
def test_of_a_cameras_address_only_what_is_harmless_is_shown(value: str, kept: str) -> None:
    text = f'source = "{value}"  # {value}\n'
    found = redact(text, KEY)
    assert SIGN not in found.text
    shown = tomllib.loads(found.text)["source"]
    assert shown.startswith(kept)
    assert MARK.fullmatch(shown.removeprefix(kept))
    assert restore(found.text, *found[1:]) == text
    assert without_typed(found.text) == found.text
    assert SIGN not in without_typed(text)
    assert SIGN not in scrubbed(f'cannot open "{value}": refused')


def test_what_stands_before_a_scheme_is_not_shown() -> None:
    assert SIGN not in redact(f'source = "admin:{SIGN} rtsp://10.0.0.1/main"', KEY).text


@pytest.mark.parametrize("value", ["rtsp://10.0.0.9:554/Streaming/Channels/101", "mqtt://[::1]:1883", "tcp://h:1/"])
def test_a_plain_address_is_shown_as_it_is(value: str) -> None:
    text = f'source = "{value}"\n'
    assert redact(text, KEY).text == text
    assert scrubbed(f"{value}: refused") == f"{value}: refused"


def test_the_path_behind_a_host_may_change() -> None:
    found = redact(TEXT, KEY)
    changed = found.text.replace("@10.0.0.9:554/main", "@10.0.0.9:554/other")
    assert f"admin:{SIGN}@10.0.0.9:554/other" in restore(changed, found.secrets, found.places)


def test_a_mark_that_stands_for_nothing_is_named_with_its_line() -> None:
    with pytest.raises(BadMark, match="kept-0123456789abcdef stands for nothing") as caught:
        restore('a = 1\nb = "rtsp://kept-0123456789abcdef@h/"\n', {}, {})
    assert caught.value.line == 2


def literal(value: str) -> str:
    """As TOML's basic string, with every sign escaped that may be."""
    return '"' + "".join(f"\\U{ord(sign):08X}" if not sign.isalnum() else sign for sign in value) + '"'


@given(PASSWORDS, st.sampled_from(["basic", "escaped", "literal", "multi"]), st.sampled_from(["user", "path"]))
def test_whatever_a_password_is_it_is_hidden_and_comes_back(password: str, quoting: str, where: str) -> None:
    url = f"rtsp://admin:{password}@10.0.0.9/a" if where == "user" else f"rtsp://10.0.0.9/x?password={password}"
    written = {
        "basic": f'"{url}"',
        "escaped": literal(url),
        "literal": f"'{url}'",
        "multi": f'"""{url}"""',
    }[quoting]
    text = f"[a]\nsource = {written}  # here\nnext = 1\n"
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        text = f"[a]\nsource = {literal(url)}  # here\nnext = 1\n"
        before = tomllib.loads(text)
    found = redact(text, KEY)
    assert SIGN not in found.text
    assert SIGN not in str(tomllib.loads(found.text))
    assert tomllib.loads(restore(found.text, found.secrets, found.places)) == before


VALUES = st.recursive(
    st.text(max_size=12) | st.integers(-9, 9) | st.booleans(), lambda inner: st.lists(inner, max_size=3), max_leaves=6
)


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), VALUES, max_size=4),
    st.text("#@key\"' \t", max_size=8),
)
def test_any_text_comes_back_as_it_was(table: dict[str, object], note: str) -> None:
    from zhian_wire.toml_edit import literal as written  # noqa: PLC0415 - beside the one of this file

    text = "".join(f"{key} = {written(value)} # {note}\n" for key, value in table.items())
    found = redact(text, KEY)
    assert tomllib.loads(restore(found.text, found.secrets, found.places)) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("rtsp://admin:pass@10.0.0.9/main: 401", "rtsp://…@10.0.0.9/main: 401"),
        ("rtsp://admin:p@ss@10.0.0.9/main: 401", "rtsp://…@10.0.0.9/main: 401"),
        ("expected a text, got admin:pw@10.0.0.9 here", "expected a text, got … here"),
        ("no such camera", "no such camera"),
    ],
)
def test_a_message_names_no_user(said: str, told: str) -> None:
    assert scrubbed(said) == told
