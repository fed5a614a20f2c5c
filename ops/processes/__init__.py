"""The processes that run: web, worker, their supervisor; how they start and stop."""
