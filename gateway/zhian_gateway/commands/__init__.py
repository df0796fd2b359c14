"""What an operator types: one file per noun; `cli.py` puts them together."""
