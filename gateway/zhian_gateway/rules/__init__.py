"""What the site makes of an event: arrivals, departures, and what somebody must look at."""
