"""Replay: the very stages of a live node over files, as fast as they go, the same bytes every time."""
