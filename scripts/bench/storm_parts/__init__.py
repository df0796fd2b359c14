"""Parts of `scripts/bench/storm.py`."""
