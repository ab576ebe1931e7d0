"""How the house speaks to banks: one adapter for each protocol, found by the name of a connection."""
