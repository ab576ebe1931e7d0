"""A stand-in for Twilio's messaging API: keeps state, keeps a log of what it accepted, and calls back.

`python -m tests.fakes.twilio --port 4010 --account-sid AC… --auth-token … --log accepted.jsonl`
"""

from tests.fakes.twilio.account import Account
from tests.fakes.twilio.server import TwilioFake

__all__ = ["Account", "TwilioFake"]
