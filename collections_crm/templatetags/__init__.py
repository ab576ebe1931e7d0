"""Template tags and filters: how values and parts look on every page."""
