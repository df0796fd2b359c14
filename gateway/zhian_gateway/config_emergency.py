"""The configuration of the emergency button."""

from __future__ import annotations

from .config_base import Section


class Emergency(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an emergency reaches beside the guards.

    Attributes:
        inputs: kinds of alert by which a node tells that somebody pressed a wired button.
        police: the police are told of it, whatever `[police] kinds` says.
        siren: the sirens of all nodes sound.
    """

    inputs: tuple[str, ...] = ("help_called",)
    police: bool = True
    siren: bool = True
