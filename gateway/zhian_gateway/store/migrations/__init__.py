"""Migrations of the schema, one file each; `migrate.py` runs them."""
