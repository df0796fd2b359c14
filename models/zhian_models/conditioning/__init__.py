"""Conditioning: a network as shipped is rewritten once into one that computes the same, faster."""

from .cache import VERSION, condition, conditioned

__all__ = ["VERSION", "condition", "conditioned"]
