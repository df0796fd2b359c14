"""What a message will cost and whether it is taken at all is known before it is sent."""

from __future__ import annotations

import pytest
from zhian_gateway.notices.sms import lengths


@pytest.mark.parametrize(("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (500, 8)])
def test_parts_are_counted_as_they_are_paid_for(length: int, parts: int) -> None:
    assert lengths.parts("字" * length) == parts


def test_the_signature_and_the_variables_count() -> None:
    text = lengths.filled("第一小学", "${name}于${time}到校", {"name": "王小明", "time": "08:00"})
    assert text == "【第一小学】王小明于08:00到校"
    assert lengths.filled("校", "{1}于{2}到校", {"1": "王", "2": "8:00"}) == "【校】王于8:00到校"


def test_a_templates_variables_are_found() -> None:
    assert lengths.variables("${name}于${at}到校, {1} {2}") == {"name", "at", "1", "2"}


def test_a_variable_that_is_too_long_or_empty_is_named() -> None:
    assert lengths.too_long({"name": "王" * 35}, 35) is None
    assert lengths.too_long({"name": "王" * 36}, 35) == (
        "the template's variable name takes 35 characters, and would have 36"
    )
    assert lengths.too_long({"name": ""}, None) == "the template's variable name would be empty"
