"""Conditioning: a network as shipped is rewritten once into one that computes the same, faster."""

from .cache import conditioned

__all__ = ["conditioned"]
