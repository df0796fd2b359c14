"""Notices to guardians: queued with the passage, sent once, late ones say so, every outcome visible."""
