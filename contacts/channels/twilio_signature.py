"""Whether a webhook call really comes from Twilio: the signature over its address and every field."""

from collections.abc import Mapping, Sequence

from twilio.request_validator import RequestValidator, get_signature_algorithm

SIGNATURE_HEADER = "X-Twilio-Signature"
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"


class _Fields(dict[str, Sequence[str]]):
    """Form fields with repeated keys, in the shape the official validator reads."""

    def getlist(self, name: str) -> Sequence[str]:
        return self[name]


def is_genuine(
    *,
    url: str,
    fields: Mapping[str, Sequence[str]],
    signature: str,
    tokens: Sequence[str],
    settings_header: str = "",
) -> bool:
    """Say whether `signature` was made for this call with one of our tokens.

    `url` is the whole public address as configured, query included, never what the request claims.
    `fields` holds every value of every form field. `tokens` are the primary and, while it is being
    changed, the secondary auth token; empty ones count for nothing. An algorithm not known is refused.
    """
    algorithm = get_signature_algorithm(settings_header)
    if not signature.isascii():
        return False
    return any(
        RequestValidator(token).validate(url, _Fields(fields), signature, algorithm)
        for token in tokens
        if token
    )
