"""Faces: detect, align, judge a look, embed, search a gallery; enrolment, audit, liveness, thresholds."""
