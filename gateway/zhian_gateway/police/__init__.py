"""The police feed: cases that the site may pass on, and nothing else."""
