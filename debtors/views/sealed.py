"""What the pages behind sealed addresses share: whoever has the address reads them, and nobody else."""

from django.http import HttpResponse

TOO_MANY_REQUESTS = 429
UNAVAILABLE = 503


def hidden(response: HttpResponse) -> HttpResponse:
    """Keep the page out of search engines and caches; the address says everything to whoever has it."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
