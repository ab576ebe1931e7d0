"""WhatsApp through Twilio: the same create call, with an approved text by its name instead of words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contacts.channels import twilio_lists, twilio_sms
from contacts.channels.base import Evidence, Message, NotSent, Result, Sought, Taken
from contacts.channels.twilio_api import TwilioAccount


@dataclass(frozen=True, kw_only=True)
class TwilioWhatsAppChannel:
    """Sends from the account's WhatsApp number (`account.sender`, E.164) or messaging service (MG…)."""

    account: TwilioAccount
    name: str = "whatsapp"
    provider: str = "twilio"

    @property
    def patience_seconds(self) -> float:
        """How long one request may take; it is never made twice."""
        return self.account.total_seconds

    def send(self, message: Message) -> Result:
        """Make exactly one create call."""
        if message.valid_for_seconds < 1:
            return NotSent(reason="twilio: no time left to deliver it")
        return twilio_sms.create(self.account, fields=self._fields(message), until=message.until)

    def find(self, sought: Sought) -> Evidence:
        """Look for the message in the account's list. Of a text sent by its name any words may be it."""
        to = _address(sought.to) if sought.to else ""
        return twilio_lists.find(replace(sought, to=to, body=""), account=self.account)

    def taken_since(self, moment: datetime) -> Sequence[Taken]:
        """Return the account's outgoing WhatsApp messages since a moment."""
        return twilio_lists.taken_since(moment, account=self.account, kind="whatsapp")

    def _fields(self, message: Message) -> dict[str, str | int]:
        """Return the arguments of the create call. A text that was approved goes by its name only."""
        fields = twilio_sms.fields_of(message, account=self.account)
        fields["to"] = _address(message.to)
        if "from_" in fields:
            fields["from_"] = _address(str(fields["from_"]))
        if message.content_sid:
            del fields["body"]
            fields["content_sid"] = message.content_sid
            fields["content_variables"] = json.dumps(dict(message.content_variables), ensure_ascii=False)
        return fields


def _address(number: str) -> str:
    return f"whatsapp:{number}"
