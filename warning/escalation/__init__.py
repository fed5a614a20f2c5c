"""From a text that nobody answered to a call, another one, and the neighbours."""
