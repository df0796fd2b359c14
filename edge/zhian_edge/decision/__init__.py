"""From signals to passages and alerts: pure lane transactions; imports only the wire and `signals`."""
