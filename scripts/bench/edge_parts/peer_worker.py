"""Runs in a peer's own environment: pictures in, texts and processor time out, as its user calls it.

    python peer_worker.py PEER   (paths of pictures on standard input; one JSON line for each on standard output)

One core, because idle threads of a peer would be counted as its work.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import cv2  # noqa: E402

Reads = Callable[[Any], list[str]]


def agentclpr() -> Reads:
    from agentclpr import CLPSystem  # noqa: PLC0415

    system = CLPSystem()
    return lambda bgr: [text for _, (text, _) in system(bgr)]


def rapidocr() -> Reads:
    from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415

    engine = RapidOCR()
    return lambda bgr: [text for _, text, _ in engine(bgr)[0] or []]


def hyperlpr2() -> Reads:
    from hyperlpr2 import HyperLPR_plate_recognition  # noqa: PLC0415

    return lambda bgr: [row[0] for row in HyperLPR_plate_recognition(bgr)]


def main() -> None:
    """Read every picture named on standard input."""
    cv2.setNumThreads(1)
    answers, sys.stdout = sys.stdout, sys.stderr  # some peers print while they work
    reads = {"agentclpr": agentclpr, "rapidocr": rapidocr, "hyperlpr2": hyperlpr2}[sys.argv[1]]()
    paths = [line.strip() for line in sys.stdin]
    _read(reads, cv2.imread(paths[0]))  # the first call allocates
    for path in paths:
        picture = cv2.imread(path)
        start = time.process_time()
        texts, error = _read(reads, picture)
        spent = time.process_time() - start
        print(
            json.dumps({"path": path, "cpu_ms": spent * 1e3, "texts": texts, "error": error}), file=answers, flush=True
        )


def _read(reads: Reads, picture: Any) -> tuple[list[str], str]:
    try:
        return reads(picture), ""
    except Exception as error:  # whatever a peer trips over is its answer for this picture
        return [], repr(error)


if __name__ == "__main__":
    main()
