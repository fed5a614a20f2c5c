"""From a queued delivery to an answer of a carrier: pace, health, retry, record."""
