"""Parts of `scripts/bench/liveness.py`."""
