"""Deliveries, attempts, callbacks: what the sender works on."""
