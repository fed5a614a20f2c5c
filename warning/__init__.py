"""Public warning: hazards, alerts, audiences. Knows no carrier, no database, no web."""
