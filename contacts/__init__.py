"""Speaks and listens, within what the contact policy allows."""
