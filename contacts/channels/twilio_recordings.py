"""Recordings of calls as they lie at Twilio: fetched once, and removed when they are to be forgotten.

An address is built from the recording's id and never taken from what a webhook said.
"""

import re
from dataclasses import replace
from http.client import HTTPException

from twilio.base.exceptions import TwilioRestException

from contacts.channels import twilio_api
from contacts.channels.base import describe
from contacts.channels.twilio_api import FreshConnections, TwilioAccount

#: Two hours of MP3 at 64 kbit/s.
LARGEST_BYTES = 64 * 1024 * 1024
LONGEST_SECONDS = 120.0
_ID = re.compile(r"RE[0-9A-Za-z]{1,62}")


class NotFetchedError(Exception):
    """The recording could not be had now; it may be there later."""


def fetch(account: TwilioAccount, recording_id: str) -> bytes:
    """Return a recording as MP3. Raises NotFetchedError."""
    if not _ID.fullmatch(recording_id):
        raise NotFetchedError("no id of a recording")
    path = f"/2010-04-01/Accounts/{account.account_sid}/Recordings/{recording_id}.mp3"
    wire = FreshConnections(replace(account, total_seconds=LONGEST_SECONDS))
    try:
        status, content = wire.content_of(path, most_bytes=LARGEST_BYTES)
    except (twilio_api.NotConnectedError, OSError, HTTPException) as error:
        raise NotFetchedError(describe(error)) from error
    if status != 200 or not content:
        raise NotFetchedError(f"status {status}")
    return content


def remove(account: TwilioAccount, recording_id: str) -> bool:
    """Have a recording removed; return whether it is certain that Twilio keeps it no longer."""
    if not _ID.fullmatch(recording_id):
        return True  # Twilio keeps nothing by such a name
    wire = FreshConnections(account)
    try:
        return bool(twilio_api.client_for(wire).recordings(recording_id).delete())
    except TwilioRestException as error:
        return bool(error.status == 404)
    except (twilio_api.NotConnectedError, OSError, HTTPException):
        return False
