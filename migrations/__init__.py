"""Alembic migrations, applied by ``tocsin db upgrade``."""
