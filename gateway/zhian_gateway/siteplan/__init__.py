"""The site as it was drawn: buildings, zones, gates and cameras on a plan picture, and a model of it."""
