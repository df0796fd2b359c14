"""The report of `scripts/bench/face.py` as lines to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def tables(network: str, report: Mapping[str, Any]) -> None:
    """Print everything that was measured of one network."""
    for line in (*_verification(report["verification"]), *_identification(report["identification"])):
        print(f"{network}: {line}")
    for name, rows in report["choices"].items():
        for row in rows:
            print(f"{network}: choice, {name}: {row}")


def _verification(found: Mapping[str, Any]) -> Iterator[str]:
    for name, spread in found["distributions"].items():
        if name != "bins":
            yield f"cosine of {name}: {spread['mean']:.3f} +- {spread['deviation']:.3f}, {spread['count']} pairs"
    yield f"pairs, threshold at FMR {_limits(found['pairs'])}"
    for row in found["claims"]:
        case = f"1:1, {row['pictures']} picture(s), {row['others']} others"
        yield f"{case}, threshold at FMR {_limits(row['thresholds'])}"
        for group, rates in row["genuine"].items():
            yield f"{case}, {group}, FNMR at FMR {', '.join(map(_rate, rates))}"
    for row in found["denials"]:
        shares = ", ".join(
            f"{who} {row[who]['denied']:.2%} [{row[who]['low']:.1%} {row[who]['high']:.1%}]"
            for who in ("owner", "another")
        )
        yield f"a card, {row['pictures']} picture(s), {row['others']} others, plainly another's: {shares}"


def _limits(rows: list[Mapping[str, float]]) -> str:
    return ", ".join(f"{r['fmr']:g}: {r['threshold']:.3f} [{r['low']:.3f} {r['high']:.3f}]" for r in rows)


def _rate(row: Mapping[str, Any]) -> str:
    wilson, persons = row["bounds"], row["by_person"]
    return (
        f"{row['fmr']:g}: {row['fnmr']:.2%} [{wilson['low']:.1%} {wilson['high']:.1%}; "
        f"by person {persons['low']:.1%} {persons['high']:.1%}] (at the default {row['at_default']:.2%})"
    )


def _identification(found: Mapping[str, Any]) -> Iterator[str]:
    for row in found["thresholds"]:
        at = row["at_default"]
        yield (
            f"1:N, {row['probe']}, {row['size']} enrolled ({row['persons']}), FPIR {row['fpir']:g}: "
            f"{row['threshold']:.3f} [{row['low']:.3f} {row['high']:.3f}]; "
            f"at the default {at['threshold']:.3f}: {at['fpir']:.2%} [{at['low']:.2%} {at['high']:.2%}]"
        )
    for row in found["proposals"]:
        yield f"proposal, {row['probe']}, {row['size']} enrolled, FPIR {row['fpir']:g}: {row['threshold']}"
    for row in found["held_out"]:
        rate = f"{row['fpir']:.2%} [{row['low']:.2%} {row['high']:.2%}]"
        yield f"1:N, track, {row['size']} enrolled, one half at the other's {row['threshold']:.3f}: {rate}"
    for row in found["several_pictures"]:
        limit = f"{row['threshold']:.3f} [{row['low']:.3f} {row['high']:.3f}]"
        yield f"1:N, track, {row['persons']} enrolled with {row['pictures']}, FPIR {row['fpir']:g}: {limit}"
    for group, rows in found["misses"].items():
        for row in rows:
            yield (
                f"1:N, {group}, among {row['size']}, {row['pictures']} picture(s), {row['looks']} look(s), "
                f"missed at {row['threshold']:.3f}: {row['missed']:.2%} [{row['low']:.1%} {row['high']:.1%}]"
            )
