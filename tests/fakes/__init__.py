"""Stand-ins for providers: separate servers that speak the real protocol."""
