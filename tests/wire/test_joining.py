"""A one-time code survives being read out, and is believed only whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_wire.errors import DecodeError
from zhian_wire.joining import fingerprint, new_code, parse_code


@given(st.binary(min_size=1, max_size=2000))
def test_a_code_is_read_as_it_was_printed(certificate: bytes) -> None:
    code = new_code(certificate)
    assert parse_code(str(code)) == code
    assert code.fingerprint == fingerprint(certificate)


def test_case_spaces_and_look_alike_digits_do_not_matter() -> None:
    code = new_code(b"certificate")
    typed = str(code).lower().replace("-", " ").replace("o", "0").replace("i", "1").replace("b", "8")
    assert parse_code(f"  {typed}\n") == code


@pytest.mark.parametrize("text", ["", "ABCDEF", "A" * 41, "A" * 43, "9" * 42, "字" * 42])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(DecodeError, match="expected 42"):
        parse_code(text)


def test_no_two_codes_are_alike() -> None:
    assert len({new_code(b"certificate").secret for _ in range(100)}) == 100
