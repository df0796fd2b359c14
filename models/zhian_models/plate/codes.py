"""GA/T 1400 codes of plate kinds and colours, as a police platform expects them."""

from __future__ import annotations

from zhian_models.plate.types import Colour, Kind

_CLASS = {
    Kind.NEV: "52",
    Kind.NEV_LARGE: "51",
    Kind.LEARNER: "16",
    Kind.TRAILER: "15",
    Kind.POLICE: "23",
    Kind.ARMED_POLICE: "81",
    Kind.MILITARY: "82",
    Kind.EMBASSY: "03",
    Kind.CONSULATE: "04",
    Kind.TEMPORARY: "22",
}
_COLOUR = {
    Colour.BLACK: "1",
    Colour.WHITE: "2",
    Colour.BLUE: "5",
    Colour.YELLOW: "6",
    Colour.GREEN: "9",
    Colour.YELLOW_GREEN: "9",  # the table has no code of its own for it
}


def plate_class(kind: Kind, colour: Colour) -> str:
    """PlateClass: 01 large car (yellow, from memory), 02 small car, 99 what the table does not name."""
    if kind is Kind.CIVIL:
        return {Colour.YELLOW: "01", Colour.BLUE: "02"}.get(colour, "99")
    return _CLASS.get(kind, "99")


def plate_colour(colour: Colour) -> str:
    """PlateColor: 1 black, 2 white, 5 blue, 6 yellow, 9 green."""
    return _COLOUR[colour]


def plate_reliability(characters: tuple[tuple[str, float], ...]) -> str:
    """The per-character form "苏-80,B-90"."""
    return ",".join(f"{symbol}-{round(100 * probability)}" for symbol, probability in characters)
