"""Bodies and vehicles: where a person, a car or a two-wheeler is in a picture."""

from .detect import KINDS, NETWORK, SIZES, Body, BodyDetector, Kind

__all__ = ["KINDS", "NETWORK", "SIZES", "Body", "BodyDetector", "Kind"]
