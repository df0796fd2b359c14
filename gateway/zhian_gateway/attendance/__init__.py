"""Who came, came late, stayed away, left early or is here still: by class and day, from what is stored."""
