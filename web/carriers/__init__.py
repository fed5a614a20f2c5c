"""What carriers ask of us over HTTP: reports, steps of calls, sounds."""
