"""The operator's screens: server-rendered, usable without scripts and without a net."""
