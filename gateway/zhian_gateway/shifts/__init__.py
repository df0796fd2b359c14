"""The guards' shifts: what the next one must know, and who handed over to whom."""
