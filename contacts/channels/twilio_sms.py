"""SMS through Twilio: one create call for each attempt, and the list that shows what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from contacts.channels import twilio_api, twilio_lists
from contacts.channels.base import (
    STOOD_STILL,
    Evidence,
    Message,
    NotSent,
    Result,
    Sought,
    Taken,
    Unknown,
    describe,
)
from contacts.channels.twilio_answers import classify
from contacts.channels.twilio_api import FreshConnections, NotConnectedError, StoodStillError, TwilioAccount

LONGEST_VALIDITY_SECONDS = 36_000  # what the API takes at most


@dataclass(frozen=True, kw_only=True)
class TwilioSmsChannel:
    """Sends SMS from the account's number or messaging service."""

    account: TwilioAccount
    name: str = "sms"
    provider: str = "twilio"

    @property
    def patience_seconds(self) -> float:
        """How long one request may take; it is never made twice."""
        return self.account.total_seconds

    def send(self, message: Message) -> Result:
        """Make exactly one create call."""
        if message.valid_for_seconds < 1:
            return NotSent(reason="twilio: no time left to deliver it")
        return create(self.account, fields=fields_of(message, account=self.account), until=message.until)

    def find(self, sought: Sought) -> Evidence:
        """Look for the message in the account's list."""
        return twilio_lists.find(sought, account=self.account)

    def taken_since(self, moment: datetime) -> Sequence[Taken]:
        """Return the account's outgoing texts since a moment."""
        return twilio_lists.taken_since(moment, account=self.account)


def create(account: TwilioAccount, *, fields: dict[str, str | int], until: float) -> Result:
    """Make one create call of a message, not after `until`, and say what its answer means."""
    wire = FreshConnections(account, until=until)
    try:
        twilio_api.client_for(wire).messages.create(**fields)
    except StoodStillError:
        return STOOD_STILL
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
