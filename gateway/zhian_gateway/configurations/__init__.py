"""Configurations of nodes: as they say them, as somebody wants them, and what came of it."""
