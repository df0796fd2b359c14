"""The configuration that the gateway wants: fetched, judged, tried, kept or taken back."""
