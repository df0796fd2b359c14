"""Who may look: users, sessions, one-time secrets."""
