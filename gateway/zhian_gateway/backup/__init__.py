"""A copy of everything that the gateway keeps, taken while it runs, and the way back from it."""
