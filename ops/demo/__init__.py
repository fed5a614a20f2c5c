"""``tocsin demo``: a flood in a made-up population, played through the real service."""
