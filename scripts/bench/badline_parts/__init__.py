"""Parts of `scripts/bench/badline.py`."""
