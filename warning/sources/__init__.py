"""Where alerts come from beside people: feeds, other systems, sensors, plans."""
