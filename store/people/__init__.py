"""Everybody who may be warned, and what citizens say."""
