"""What every answer carries: a strict content policy, no frames, no storing by whoever stands between."""

import re

from django.http import HttpResponse

OWN_SCRIPTS = re.compile(r"script-src 'self'( 'nonce-[^' ]+')?(;|$)")


def complaints_about(response: HttpResponse, *, is_for_a_colleague: bool) -> list[str]:
    """Return which protections an answer lacks; what a colleague is shown may be stored nowhere."""
    policy = response.get("Content-Security-Policy", "")
    wanted = {
        "no inline code": "unsafe" not in policy and bool(OWN_SCRIPTS.search(policy)),
        "nothing from elsewhere": "default-src 'self'" in policy and "form-action 'self'" in policy,
        "no frames": "frame-ancestors 'none'" in policy and response.get("X-Frame-Options") == "DENY",
        "no sniffing": response.get("X-Content-Type-Options") == "nosniff",
        "no referrer": response.get("Referrer-Policy") == "same-origin",
        "no storing": not is_for_a_colleague or "no-store" in response.get("Cache-Control", ""),
    }
    return [what for what, is_kept in wanted.items() if not is_kept]
