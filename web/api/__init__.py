"""The API: every route is declared, checked, served and described from one place."""
