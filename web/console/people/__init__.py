"""People on the screen: those who are warned, and what they say."""
