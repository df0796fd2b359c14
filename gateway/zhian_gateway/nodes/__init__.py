"""The site's nodes: who may speak as one, and how each is."""
