"""The face benchmark scores as the product does, and its statistics are the ones it names."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_models.face.embed import unit
from zhian_models.face.gallery import Gallery

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts" / "bench"))

from face_parts import choices, identification, material, plots, statistics, verification  # noqa: E402


def directions(count: int, seed: int) -> Any:
    return unit(np.random.default_rng(seed).normal(size=(count, 24)).astype(np.float32))


def people(strangers: int = 60, pictures: int = 8) -> material.Material:
    """Made-up templates: strangers anywhere, three known people with pictures close to each other."""
    rng = np.random.default_rng(5)
    own = np.repeat(directions(3, 1), pictures, axis=0)
    known = unit((own + rng.normal(0, 0.05, own.shape)).astype(np.float32))
    rows = np.concatenate([directions(strangers, 2), known])
    return material.Material(
        files=tuple(f"{n}.jpg" for n in range(len(rows))),
        person=np.array([f"s{n}" for n in range(strangers)] + [f"k{n // pictures}" for n in range(len(known))]),
        group=np.array(["strangers"] * strangers + ["asian"] * len(known)),
        enrolled=rows,
        looks=rows,
        tracks=np.repeat(rows[:, None], material.LOOKS, axis=1),
        doubles=(),
        lost=(),
        key="k",
    )


@given(st.integers(1, 40), st.integers(0, 500))
def test_standing_is_the_score_that_the_gallery_gives(persons: int, seed: int) -> None:
    rows, probe = directions(persons, seed), directions(1, seed + 1)
    gallery = Gallery("k")
    for number, row in enumerate(rows):
        gallery.add(str(number), row[None])
    assert identification.standing(probe @ rows.T)[0] == pytest.approx(gallery.search(probe[0]).score, abs=1e-5)


@given(st.integers(1, 6), st.integers(0, 12), st.integers(0, 500))
def test_a_claim_is_scored_as_the_gallery_scores_it(pictures: int, others: int, seed: int) -> None:
    own, look, rest = directions(pictures, seed), directions(1, seed + 1), directions(others, seed + 2)
    gallery = Gallery("k")
    gallery.add("p", own)
    for number, row in enumerate(rest):
        gallery.add(str(number), row[None])
    score = verification.claimed(own, look)[0] - verification.crowded(rest, look)[0]
    assert score == pytest.approx(gallery.verify("p", look[0]), abs=1e-5)


def test_a_rate_without_hits_still_has_an_upper_bound() -> None:
    nothing = statistics.rate(0, 100)
    assert (nothing.rate, nothing.low) == (0, 0)
    assert nothing.high == pytest.approx(0.037, abs=0.001)  # Wilson, 95 %
    assert statistics.rate(0, 0).high == 1


def test_a_bootstrap_draws_persons_not_scores() -> None:
    same = {str(n): np.full(50, n % 2, np.float32) for n in range(10)}
    value, low, high = statistics.bootstrap(same, lambda v: float(v.mean()), np.random.default_rng(0))
    assert value == 0.5
    assert high - low > 0.3  # 500 independent scores would give .09


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Galleries that the made-up strangers suffice for."""
    monkeypatch.setattr(identification, "REAL_SIZES", (1, 3, 10, 30))
    monkeypatch.setattr(identification, "SYNTHETIC_SIZES", (100,))
    monkeypatch.setattr(identification, "PROPOSED_SIZES", (30, 1300))
    monkeypatch.setattr(verification, "OTHERS", (0, 10, 25))
    monkeypatch.setattr(verification, "DRAWS", 4)
    monkeypatch.setattr(statistics, "ROUNDS", 20)


@pytest.mark.usefixtures("small")
def test_known_people_are_never_missed_and_strangers_never_named_where_all_is_clear() -> None:
    rng = np.random.default_rng(0)
    claims = verification.measure(people(), rng)["claims"]
    assert {(row["others"], row["pictures"]) for row in claims} == {(o, p) for o in (0, 10, 25) for p in (1, 3, 5)}
    assert all(row["genuine"]["asian"][0]["fnmr"] == 0 for row in claims if row["pictures"] > 1)
    assert all(row["missed"] < 0.1 for row in identification.misses(people(), "asian", 60, rng) if row["looks"] > 1)


@pytest.mark.usefixtures("small")
def test_no_claim_is_judged_by_impostors_who_are_in_its_gallery() -> None:
    rows = [(gallery, set(rows)) for gallery, rows in verification._halves(people(), 10)]
    assert len(rows) == 2
    assert not rows[0][1] & rows[1][1]
    for gallery, impostors in rows:
        shown = people().enrolled[sorted(impostors)]
        assert (gallery @ shown.T).max() < 0.999


@pytest.mark.usefixtures("small")
def test_the_distributions_count_every_pair() -> None:
    found = verification.distributions(people())
    different, same = found["different, strangers"], found["same, asian"]
    assert different["count"] == 60 * 59
    assert same["count"] == 3 * 8 * 7
    assert sum(different["histogram"]) + sum(same["histogram"]) <= different["count"] + same["count"]
    assert same["q50"] > different["q9999"]


@pytest.mark.usefixtures("small")
def test_who_carries_anothers_card_is_denied_and_its_owner_never() -> None:
    rows = verification.denials(people(), np.random.default_rng(0))
    assert {(row["others"], row["pictures"]) for row in rows} == {(o, p) for o in (10, 25) for p in (1, 3, 5)}
    assert all(row["owner"]["denied"] == 0 for row in rows)
    assert all(row["another"]["denied"] > 0.5 for row in rows)


@pytest.mark.usefixtures("small")
def test_proposed_thresholds_for_claims_never_rise_with_the_others_nor_fall_with_the_pictures() -> None:
    claims = verification.measure(people(), np.random.default_rng(0))["claims"]
    for rows in verification.proposal(claims).values():
        assert list(rows) == ["1", "3", "5"]
        for fewer, more in itertools.pairwise(rows.values()):
            assert more == sorted(more, reverse=True)
            assert all(one <= several for one, several in zip(fewer, more, strict=True))


@pytest.mark.usefixtures("small")
def test_the_proposed_thresholds_never_fall_as_the_gallery_grows() -> None:
    found = identification.thresholds(people(), np.random.default_rng(0))
    table = identification.proposal(found)
    for rows in table.values():
        for row in rows.values():
            assert row == sorted(row)
    assert {row["persons"] for row in found if row["size"] == 100} == {"synthetic"}
    at = {(row["probe"], row["size"]): row["threshold"] for row in identification.proposals(found, table)}
    assert at["track", 30] == pytest.approx(table["track"]["0.01"][-1])
    assert at["track", 1300] > at["track", 30]


@pytest.mark.usefixtures("small")
def test_a_threshold_is_checked_on_strangers_it_was_not_made_of() -> None:
    rng = np.random.default_rng(0)
    assert [row["size"] for row in identification.held_out(people(), rng, 20)] == [20, 20]
    half = people().of("strangers")[:30]
    assert set(identification.impostors(people(), "track", 20, rng, half)) <= {f"{n}.jpg" for n in range(30)}


@pytest.mark.usefixtures("small")
def test_several_pictures_per_enrolled_person_are_measured_too() -> None:
    found = identification.several(people(), np.random.default_rng(0))
    assert [(row["pictures"], row["persons"]) for row in found] == [(1, 3), (3, 3), (5, 3)]


def test_synthetic_distractors_are_templates_of_nobody() -> None:
    real = directions(50, 3)
    made = material.synthetic(real, 200, np.random.default_rng(1))
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert (made @ real.T).max() < 0.999


def test_one_person_under_two_names_is_left_out_and_said() -> None:
    first, other = directions(2, 4)
    rows = [material._Row(f"{n}.jpg", f"s{n}", "strangers", t, t, t[None]) for n, t in enumerate((first, other, first))]
    made = material._material(rows, [], "k")
    assert made.doubles == (("0.jpg", "2.jpg", 1.0),)
    assert made.files == ("0.jpg", "1.jpg")


def test_the_choices_are_measured_on_the_same_material(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "SIZES", (10, 30))
    monkeypatch.setattr(choices, "HALF", 30)
    rng = np.random.default_rng(0)
    assert {row["scoring"] for row in choices.scorings(people(), rng)} == set(choices.SCORINGS)
    assert {row["way"] for row in choices.tracks(people(), rng)} == {"fused", "voted"}
    assert all(0 <= row["missed"] <= 1 for row in choices.crowds(people(), rng))


def test_a_det_plot_is_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 0.1, 500).astype(np.float32), rng.normal(0.6, 0.1, 80).astype(np.float32)
    plots.det("made up", {"made up": scores}, tmp_path / "det.png")
    assert (tmp_path / "det.png").read_bytes().startswith(b"\x89PNG")
