"""The installer's tools: look at each camera, draw its line and zone, and keep a report."""
