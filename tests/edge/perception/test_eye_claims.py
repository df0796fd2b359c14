"""A claim that comes while a face is in view is answered at once, and once."""

from __future__ import annotations

from itertools import count

from scripted import ScriptedSense, frame
from zhian_edge.config.types import Camera
from zhian_edge.perception.dossier import Dossier, Judgement
from zhian_edge.perception.eye import Eye
from zhian_edge.perception.meter import Meter
from zhian_edge.perception.pipeline import keep_nothing
from zhian_edge.signals import Check, Observation


class Comparing(ScriptedSense):
    """Judges as the script says, and adds the comparisons that it is told."""

    told: tuple[Check, ...] = ()

    def judge(self, dossier: Dossier) -> Judgement | None:  # type: ignore[type-arg]
        judged = super().judge(dossier)
        if judged is None:
            return None
        return Judgement(view=judged.view, reason=judged.reason, checks=self.told)


def test_faces_in_view_are_judged_anew_when_a_card_is_read() -> None:
    box = (100.0, 60.0, 40.0, 50.0)
    sense = Comparing([{"ann": (box[0] + 8 * n, *box[1:])} for n in range(12)])
    eye = Eye(Camera(id="gate", source="x.mp4"), [sense], count(1), rate=5.0, keep=keep_nothing, meter=Meter())
    for n in range(8):
        eye.step(frame(n, who=[(box[0] + 8 * n, *box[1:])]), 200 * n)
    assert eye.again("face", {}) == []
    sense.told = (Check(person_id="ann", score=0.7, verdict="same"),)
    (said,) = eye.again("face", {})
    assert isinstance(said, Observation)
    assert (said.final, said.person_id, said.checks) == (False, None, sense.told)
    assert eye.again("face", {}) == []
    sense.told = (Check(person_id="ann", score=0.3, verdict="unsure"),)
    assert eye.again("face", {}) == []
