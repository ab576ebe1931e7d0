"""How often the database is asked."""

from django.test.utils import CaptureQueriesContext


def statements(asked: CaptureQueriesContext) -> int:
    """Return how many queries were asked; what goes to PostgreSQL in one errand is as many as it holds."""
    return sum(1 + query["sql"].count(";\n") for query in asked)
