"""The common alphabet keeps what a reader said and forgets what no plate carries."""

from __future__ import annotations

import numpy as np
from zhian_models.plate.alphabet import BLANK, INDEX, WIDTH, columns_of, doubted, fold
from zhian_models.plate.ppocr_classes import COUNT, ON_PLATES


def test_separators_count_as_blanks() -> None:
    assert columns_of(["", "·", "A"]).tolist() == [BLANK, BLANK, INDEX["A"]]


def test_a_character_that_no_plate_carries_is_ignored() -> None:
    assert columns_of(["", "酒"]).tolist() == [BLANK, -1]


def test_lower_case_and_old_forms_are_the_same_character() -> None:
    assert columns_of(["", "b", "滬", "l"]).tolist() == [BLANK, INDEX["B"], INDEX["沪"], INDEX["I"]]


def test_zero_and_letter_o_carry_the_mass_of_both() -> None:
    folded = fold(np.array([[0.1, 0.5, 0.3, 0.1]], dtype=np.float32), columns_of(["", "0", "O", "酒"]))
    assert folded.shape == (1, WIDTH)
    assert np.allclose([folded[0, INDEX["0"]], folded[0, INDEX["O"]]], 0.8)


def test_nothing_is_ever_impossible() -> None:
    folded = fold(np.array([[1.0, 0.0]], dtype=np.float32), columns_of(["", "A"]))
    assert folded.min() > 0


def test_the_second_readers_classes_hold_every_symbol_of_a_plate() -> None:
    columns = columns_of([ON_PLATES.get(at, "") for at in range(COUNT)])
    assert set(columns[columns > 0]) == set(INDEX.values())


def test_a_look_alike_keeps_a_share_of_what_a_reader_is_sure_of() -> None:
    frames = np.full((1, WIDTH), 1e-5, dtype=np.float32)
    frames[0, INDEX["G"]] = 0.99
    (row,) = doubted(frames, 0.02)
    assert row[INDEX["6"]] > 0.019
    assert row[INDEX["G"]] == frames[0, INDEX["G"]]
    assert row[INDEX["W"]] == frames[0, INDEX["W"]]
