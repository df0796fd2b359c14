"""One file per driver; `table` says which package each needs and what it met. See `docs/hardware.md`."""
