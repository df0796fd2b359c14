"""Visitors: invited or registered at the window, screened, let in for the day, known while they are here, forgotten."""
