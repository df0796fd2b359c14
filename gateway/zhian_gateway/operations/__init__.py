"""Whether the gateway itself is well: what it counts, what that means, and who is told: people, scrapers, systemd."""
