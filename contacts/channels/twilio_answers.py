"""What each answer of Twilio's to a create call means: a whitelist, and all the rest is unknown.

| seen                                                             | means                          |
| ---------------------------------------------------------------- | ------------------------------ |
| 200 or 201 with a `sid`                                          | accepted                       |
| no connection: name, refusal, timeout, TLS; not a byte written   | not sent                       |
| 429, or code 20429 or 63018                                      | not sent, come back later      |
| another 4xx with Twilio's own `code` in JSON                     | refused for good, see below    |
| 5xx, 408, codes 20500 to 20504, a redirect, HTML, JSON without   | unknown: it may exist all the  |
| `sid` or `code`, half an answer, none, or too late a one         | same, by Twilio's own word     |

Create calls are not idempotent (https://www.twilio.com/docs/api/errors/20500), so nothing is ever
tried again because of an answer that is not on this list.
"""

from twilio.http.response import Response

from contacts.channels import twilio_api
from contacts.channels.base import Accepted, NotSent, Rejected, Result, Unknown

BUSY_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 30, 3_600

# Twilio's error codes, https://www.twilio.com/docs/api/errors
BAD_ADDRESS = {
    21211: "not a valid number",
    21614: "not a mobile number",
    21635: "a landline",
    63024: "not a WhatsApp number",
}
OPTED_OUT = {21610: "the recipient has opted out", 63014: "the recipient has blocked us"}
TOO_FAST = frozenset({20429, 63018})
STOPS_LINE = {
    20003: "authentication failed",
    20005: "the account is not active",
    21212: "the sender is not a valid number",
    21408: "messages to this region are not enabled",
    21603: "a sender is missing",
    21606: "the sender cannot send SMS",
    21608: "a trial account may only write to verified numbers",
    21660: "the sender belongs to another account",
}
NEVER_AN_ANSWER = range(20500, 20505)  # "internal server error" and its like: the message may exist
TIMED_OUT_THERE = 408


def classify(answer: Response | None) -> Result:
    """Return what an answer to a create call means. Only what is listed here is certain."""
    if answer is None:
        return Unknown(reason="twilio: no answer")
    status, fields, code = answer.status_code, twilio_api.read_json(answer), twilio_api.error_code(answer)
    if status in (200, 201) and isinstance(sid := fields.get("sid"), str) and sid:
        return Accepted(provider_id=sid)
    if status == 429 or (400 <= status < 500 and code in TOO_FAST):
        return NotSent(reason="twilio: too many requests", retry_after_seconds=_retry_after(answer))
    if 400 <= status < 500 and status != TIMED_OUT_THERE and code and code not in NEVER_AN_ANSWER:
        return _rejected(code)
    return Unknown(reason=f"twilio: status {status}, code {code or 'none'}")


def _rejected(code: int) -> Rejected:
    known = BAD_ADDRESS | STOPS_LINE | OPTED_OUT
    return Rejected(
        code=str(code),
        detail=known.get(code, ""),
        is_bad_address=code in BAD_ADDRESS,
        is_opt_out=code in OPTED_OUT,
        stops_line=code in STOPS_LINE,
    )


def _retry_after(answer: Response) -> int:
    """Return the seconds the provider asks us to wait, within reason; the caller adds jitter."""
    headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
    asked = str(headers.get("retry-after", ""))
    return min(int(asked), LONGEST_RETRY_SECONDS) if asked.isdecimal() else BUSY_RETRY_SECONDS
