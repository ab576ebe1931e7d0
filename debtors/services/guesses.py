"""Counts wrong tokens from one address: whoever tries them one after the other is not answered any more."""

from django.core.cache import cache

MOST, SECONDS = 20, 3600


def is_one_too_many(remote_address: str) -> bool:
    """Count a wrong token; a right one is never asked about, whoever else comes from the same address."""
    key = f"answers.guesses:{remote_address}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # it ran out between the two
        return False
