"""Liveness: told for every track, and no name without it where it is required."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import frame
from test_faces import NoDetector, Reader, axis, gallery
from zhian_edge.config.types import Camera, Config, Gateway, Lane, Node, Site
from zhian_edge.perception.dossier import Dossier, Judgement
from zhian_edge.perception.face_finder import FaceFinder
from zhian_edge.perception.faces import FaceSense, FaceView, Naming
from zhian_edge.perception.live import (
    LEAST_SHOTS,
    MINIFASNET,
    REGISTRY,
    SHOTS,
    TOLD_SHOTS,
    LiveCheck,
    cameras_requiring,
    networks_for,
    verdict,
)
from zhian_edge.perception.observe import observation
from zhian_edge.perception.types import Box, Detection
from zhian_models.face.liveness import surroundings
from zhian_models.store import Store

FINDER = FaceFinder(lambda _canvas: NoDetector())


class Scorer:
    """Answers what a script says, the last answer for ever."""

    def __init__(self, *scores: float) -> None:
        self._scores = list(scores)
        self.asked: list[tuple[tuple[int, ...], Box]] = []

    def score(self, bgr: np.ndarray, box: Box) -> float:
        self.asked.append((bgr.shape, box))
        return self._scores[min(len(self.asked), len(self._scores)) - 1]


class Cut:
    """Keeps what it was shown."""

    def score(self, bgr: np.ndarray, box: Box) -> float:
        self.bgr, self.box = bgr, box
        return 0.5


def followed(check: LiveCheck, frames: int = 30) -> tuple[FaceSense, Dossier[FaceView]]:
    """Ann, who is enrolled, before the camera `gate`, with better looks all the time."""
    naming = Naming(lambda _n, _s, _g: 0.5, 0.05)
    it = FaceSense(FINDER, Reader(axis(0)), gallery(ann=axis(0), bob=axis(1)), naming, live=check)
    made: Dossier[FaceView] = Dossier(1, "face", "gate", "gate.mp4", 1, 0, 0.0)
    for n in range(frames):
        shown = frame(n)
        (found,) = it.find(shown)
        made.seen(shown, found, shown.at_ms)
        if it.look(made, shown, found):
            made.judgement = it.judge(made)
    return it, made


def judged(check: LiveCheck, frames: int = 30) -> Judgement[FaceView]:
    it, made = followed(check, frames)
    judgement = it.judge(made)
    assert judgement is not None
    return judgement


GATE = frozenset({"gate"})


@pytest.mark.parametrize(
    ("scores", "required", "told"),
    [
        ((0.9,), GATE, ("ann", "named", 0.9)),
        ((0.1,), GATE, (None, "not_live", 0.1)),
        ((0.1,), frozenset({"other"}), ("ann", "named", 0.1)),
        ((0.99, 0.05), GATE, (None, "not_live", 0.285)),
        ((), GATE, (None, "not_live", None)),
        ((), frozenset(), ("ann", "named", None)),
    ],
    ids=["live", "print", "only told", "one lucky look", "nothing to score it by", "nobody asks"],
)
def test_where_liveness_is_required_nobody_is_named_without_it(
    scores: tuple[float, ...], required: frozenset[str], told: tuple[str | None, str, float | None]
) -> None:
    it = judged(LiveCheck(Scorer(*scores) if scores else None, required))
    assert (it.person_id, it.reason, it.live) == told


@pytest.mark.parametrize(
    ("scorer", "told"),
    [(Scorer(0.9), (0.9, "live")), (Scorer(0.1), (0.1, "not_live")), (None, (None, None))],
    ids=["live", "not live", "not checked"],
)
def test_who_reads_an_event_can_tell_live_from_not_live_from_not_checked(
    scorer: Scorer | None, told: tuple[float | None, str | None]
) -> None:
    it, made = followed(LiveCheck(scorer))
    judgement = it.judge(made)
    assert judgement is not None
    evidence = observation(made, judgement, final=True, synthetic=False, keep=lambda _: None).evidence
    assert (evidence.live, evidence.liveness) == told


def test_a_score_at_the_threshold_is_live() -> None:
    assert (verdict(0.5), verdict(0.4999), verdict(None)) == ("live", "not_live", None)


@pytest.mark.parametrize(
    ("score", "told", "required"),
    [(0.5, TOLD_SHOTS, SHOTS), (0.49, TOLD_SHOTS, SHOTS), (0.9, 2, LEAST_SHOTS), (0.1, 2, LEAST_SHOTS)],
    ids=["just live", "just not", "surely live", "surely not"],
)
def test_few_looks_are_scored_and_fewer_where_they_are_sure_or_nobody_requires_it(
    score: float, told: int, required: int
) -> None:
    scorers = Scorer(score), Scorer(score)
    followed(LiveCheck(scorers[0]))
    followed(LiveCheck(scorers[1], GATE))
    assert [len(scorer.asked) for scorer in scorers] == [told, required]


@given(scores=st.lists(st.floats(0, 1), min_size=SHOTS, max_size=SHOTS), required=st.booleans())
def test_looks_that_are_left_out_would_not_change_the_verdict(scores: list[float], required: bool) -> None:
    check = LiveCheck(Scorer(*scores), GATE if required else ())
    made: Dossier[FaceView] = Dossier(1, "face", "gate", "gate.mp4", 1, 0, 0.0)
    for n in range(SHOTS):
        shown = frame(n)
        check.look(made, shown, FINDER.everywhere(shown)[0], 0.9)
    all_of_them = float(np.mean(scores[: SHOTS if required else TOLD_SHOTS]))
    assert verdict(check.score(made)) == verdict(round(all_of_them, 4))


@given(x=st.integers(0, 319), y=st.integers(0, 179), w=st.integers(2, 10), h=st.integers(2, 10))
def test_scoring_sees_as_much_around_a_face_as_in_the_whole_picture(x: int, y: int, w: int, h: int) -> None:
    """Sizes and widths are such that nothing has to be rounded."""
    w, h = 4 * w, 4 * h
    shown, box = frame(0), (x - w / 2, y - h / 2, float(w), float(h))
    made: Dossier[FaceView] = Dossier(1, "face", "gate", "gate.mp4", 1, 0, 0.0)
    cut = Cut()
    LiveCheck(cut).look(made, shown, Detection("face", box, 0.9), 0.9)
    for widen in (2.5, 4.0):
        whole = surroundings(shown.bgr(), box, widen, 80)
        assert np.array_equal(surroundings(cut.bgr, cut.box, widen, 80), whole)


def test_a_name_is_not_certain_before_liveness_is() -> None:
    assert not judged(LiveCheck(Scorer(0.6), GATE), frames=5).certain
    assert judged(LiveCheck(Scorer(0.9), GATE), frames=5).certain
    assert judged(LiveCheck(Scorer(0.6)), frames=5).certain


def test_looks_too_poor_to_judge_by_are_not_scored() -> None:
    scorer = Scorer(0.9)
    check = LiveCheck(scorer, GATE)
    _, made = followed(LiveCheck(None), frames=3)
    check.look(made, frame(4), FINDER.everywhere(frame(4))[0], 0.05)
    assert scorer.asked == []
    assert check.refuses(made)


def test_whoever_is_found_again_must_be_shown_to_be_live_again() -> None:
    """A print of somebody looks like the one who was just there."""
    check = LiveCheck(Scorer(1.0), GATE)
    (_, before), (_, after) = followed(check), followed(LiveCheck(Scorer(0.1), GATE), frames=2)
    assert not check.refuses(before)
    before.absorb(after)
    assert check.refuses(before)


def test_one_lucky_look_is_not_enough_where_liveness_is_required() -> None:
    check = LiveCheck(Scorer(0.99), GATE)
    _, made = followed(LiveCheck(None), frames=1)
    for n in range(2, 2 + LEAST_SHOTS):
        assert check.refuses(made)
        check.look(made, frame(n), FINDER.everywhere(frame(n))[0], 0.9)
    assert not check.refuses(made)


@pytest.mark.parametrize(
    ("choice", "pulled", "required", "names"),
    [
        ("auto", MINIFASNET + REGISTRY, (), REGISTRY + MINIFASNET),
        ("auto", MINIFASNET, (), MINIFASNET),
        ("auto", REGISTRY, (), REGISTRY),
        ("auto", MINIFASNET[:1] + REGISTRY, (), REGISTRY),
        ("auto", (), (), ()),
        ("auto", (), ("gate",), REGISTRY),
        ("fr_liveness", MINIFASNET, (), REGISTRY),
        ("minifasnet", (), (), MINIFASNET),
    ],
)
def test_the_networks_are_as_chosen_and_all_of_them_where_they_were_brought(
    tmp_path: Path, choice: str, pulled: tuple[str, ...], required: tuple[str, ...], names: tuple[str, ...]
) -> None:
    store = Store(tmp_path)
    for name in pulled:
        target = store.target(store.manifest.get(name))
        target.parent.mkdir(exist_ok=True)
        target.touch()
    assert networks_for(choice, store, required) == names  # type: ignore[arg-type]


def test_a_camera_requires_liveness_by_itself_or_by_its_lane() -> None:
    cameras = (
        Camera(id="own", source="a", liveness="required"),
        Camera(id="lane", source="b", lane="door"),
        Camera(id="free", source="c", lane="yard"),
        Camera(id="alone", source="d"),
    )
    config = Config(
        site=Site(id="s"),
        node=Node(id="n"),
        gateway=Gateway(brokers=(), url=""),
        cameras=cameras,
        lanes=(Lane(id="door", liveness="required"), Lane(id="yard")),
    )
    assert cameras_requiring(config) == {"own", "lane"}
