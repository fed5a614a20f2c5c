"""Compiled loops over arrays of grid coordinates; see docs/geofence.md.

Importing a module of this package loads numba, so `geofence` does it at the first
query. Nothing here checks its arguments: `geofence.index` has done so.
"""
