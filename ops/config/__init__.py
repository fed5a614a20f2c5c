"""What an installation is told: settings, where they come from, and what is secret."""
