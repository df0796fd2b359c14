"""Trying networks out on pictures: what they see, as JSON lines, as a table, or drawn."""

from .looks import KINDS, Look, open_look
from .run import Outcome, try_pictures

__all__ = ["KINDS", "Look", "Outcome", "open_look", "try_pictures"]
