"""Parts of `scripts/bench/face.py`: material, verification, identification, report."""
