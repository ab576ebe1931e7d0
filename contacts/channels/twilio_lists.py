"""What Twilio's list of messages shows of ours: the evidence when an answer got lost."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from twilio.rest.api.v2010.account.message import MessageInstance

from contacts.channels import twilio_api
from contacts.channels.base import Evidence, Listed, NoList, NoListError, Sought, Taken, Unclear, describe
from contacts.channels.twilio_api import FreshConnections, TwilioAccount

#: How far Twilio's clock and the database's may be apart.
SKEW = timedelta(seconds=60)
#: How far the list's order, which Twilio does not promise, may stray from that of creation.
DISORDER = timedelta(days=1)
PAGE = 100


def find(sought: Sought, *, account: TwilioAccount) -> Evidence:
    """Return the outgoing messages to the same number from about the moment of the hand-over.

    The time a message was created is compared here: Twilio's own filter is by the day it was sent,
    and one that waits has not been sent. A request is never made later than `total_seconds` after
    the hand-over, so what was created after that is another.
    """
    if not sought.to:
        return NoList()
    latest = sought.handed_at + timedelta(seconds=account.total_seconds) + SKEW
    exact: list[str] = []
    similar: list[str] = []
    try:
        for message in _outgoing_since(sought.handed_at - SKEW, account=account, to=sought.to):
            if message.date_created and message.date_created <= latest:
                (exact if sought.body in ("", message.body) else similar).append(str(message.sid))
    except Exception as error:  # noqa: BLE001 - whatever happened, nothing was learnt
        return Unclear(reason=f"twilio list: {describe(error)}")
    return Listed(exact=tuple(reversed(exact)), similar=tuple(reversed(similar)))


def taken_since(moment: datetime, *, account: TwilioAccount, kind: str = "") -> Sequence[Taken]:
    """Return every outgoing message of a kind (texts, or `whatsapp`) created since a moment, oldest first.

    Raises NoListError when the list cannot be read to its end.
    """
    try:
        found = list(_outgoing_since(moment, account=account))
    except Exception as error:
        raise NoListError(f"twilio list: {describe(error)}") from error
    addressed = [(message, *str(message.to).rpartition(":")[::2]) for message in reversed(found)]
    return [
        Taken(
            provider_id=str(message.sid),
            to=number,
            body=message.body or "",
            at=message.date_created or moment,
        )
        for message, by, number in addressed
        if by == kind
    ]


def _outgoing_since(moment: datetime, *, account: TwilioAccount, **filters: str) -> Iterator[MessageInstance]:
    """Yield outgoing messages created since `moment`, newest first as Twilio lists them."""
    wire = FreshConnections(account)
    for message in twilio_api.client_for(wire).messages.stream(page_size=PAGE, **filters):
        created = message.date_created or moment
        if created < moment - DISORDER:
            return
        if created >= moment and str(message.direction).startswith("outbound"):
            yield message
