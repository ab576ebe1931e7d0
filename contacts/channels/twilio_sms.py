"""SMS through Twilio: one create call, and what each possible answer to it means."""

from dataclasses import dataclass
from urllib.parse import quote

from twilio.http.response import Response

from contacts.channels import twilio_api
from contacts.channels.base import (
    Accepted,
    Message,
    NotSent,
    Rejected,
    Result,
    Unknown,
    describe,
)
from contacts.channels.twilio_api import (
    FreshConnections,
    NotConnectedError,
    TwilioAccount,
)

LONGEST_VALIDITY_SECONDS = 36_000  # what the API takes at most
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
NEVER_AN_ANSWER = 20500  # "internal server error": by Twilio's own page the message may exist


@dataclass(frozen=True, kw_only=True)
class TwilioSmsChannel:
    """Sends SMS from the account's number or messaging service."""

    account: TwilioAccount
    name: str = "sms"
    provider: str = "twilio"

    def send(self, message: Message) -> Result:
        """Make exactly one create call."""
        if message.valid_for_seconds < 1:
            return NotSent(reason="twilio: no time left to deliver it")
        return create(self.account, fields=fields_of(message, account=self.account))


def create(account: TwilioAccount, *, fields: dict[str, str | int]) -> Result:
    """Make one create call of a message and say what its answer means."""
    wire = FreshConnections(account)
    try:
        twilio_api.client_for(wire).messages.create(**fields)
    except NotConnectedError as error:
        return NotSent(reason=f"twilio: no connection, {error}")
    except Exception as error:  # noqa: BLE001 - a channel never raises; what is not on the list is unknown
        if wire.answer is None:
            return Unknown(reason=f"twilio: no answer, {describe(error)}")
    return classify(wire.answer)


def fields_of(message: Message, *, account: TwilioAccount) -> dict[str, str | int]:
    """Return the arguments of the create call of a plain message."""
    sender = message.sender or account.sender
    fields: dict[str, str | int] = {
        "to": message.to,
        "body": message.body,
        "validity_period": min(message.valid_for_seconds, LONGEST_VALIDITY_SECONDS),
        "messaging_service_sid" if sender.startswith("MG") else "from_": sender,
    }
    address = message.status_callback or account.status_callback_url
    if address:
        fields["status_callback"] = callback_address(address, attempt_id=message.attempt_id)
    return fields


def callback_address(address: str, *, attempt_id: str) -> str:
    """Return `address` asking for reports on one attempt.

    The query is covered by Twilio's signature, so the id in it cannot be forged; the part after #
    asks Twilio to repeat a failed report up to five times, after any kind of failure.
    """
    return f"{address}?a={quote(attempt_id, safe='')}#rc=5&rp=all"


def classify(answer: Response | None) -> Result:
    """Return what an answer to a create call means. Only what is listed here is certain."""
    if answer is None:
        return Unknown(reason="twilio: no answer")
    status, fields, code = (
        answer.status_code,
        twilio_api.read_json(answer),
        twilio_api.error_code(answer),
    )
    if status in (200, 201) and isinstance(sid := fields.get("sid"), str) and sid:
        return Accepted(provider_id=sid)
    if status == 429 or (400 <= status < 500 and code in TOO_FAST):
        return NotSent(reason="twilio: too many requests", retry_after_seconds=_retry_after(answer))
    if 400 <= status < 500 and code and code != NEVER_AN_ANSWER:
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
