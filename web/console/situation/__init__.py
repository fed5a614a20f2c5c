"""The first screen: what is happening, live, on a map."""
