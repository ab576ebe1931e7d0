"""Calls through Twilio: the agent's telephone first, then the debtor's, each by a create call of its own.

The debtor's part has answering-machine detection, and always the synchronous kind: only there
Twilio asks us what to do after it knows who answered. Within <Dial> the two would be connected first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from twilio.http.response import Response

from contacts.channels import twilio_answers, twilio_api
from contacts.channels.base import (
    STOOD_STILL,
    Accepted,
    Evidence,
    Message,
    NoList,
    NoListError,
    NotSent,
    Rejected,
    Result,
    Sought,
    Taken,
    Unknown,
    describe,
)
from contacts.channels.twilio_api import FreshConnections, NotConnectedError, StoodStillError, TwilioAccount
from contacts.channels.twilio_twiml import VoiceAddresses, about

AGENT, DEBTOR = "agent", "debtor"  # the two parts of a call
RING_SECONDS = 22  # most mailboxes answer later
DETECTION_SECONDS = 10  # a person does not listen to silence for longer
#: The debtor's telephone is asked for within this time of the permission, or not at all.
RING_WITHIN_SECONDS = 60
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})

# Twilio's error codes of calls, https://www.twilio.com/docs/api/errors
BAD_ADDRESS = frozenset({"21211", "21214", "21217", "13224"})
STOPS_LINE = frozenset({"20003", "20005", "21210", "21212", "21213", "21215", "21219"})
QUEUE_FULL = "22005"


@dataclass(frozen=True, kw_only=True)
class TwilioVoiceChannel:
    """Places calls from the account's number. `addresses` are our own webhooks."""

    account: TwilioAccount
    addresses: VoiceAddresses
    name: str = "voice"
    provider: str = "twilio"

    def send(self, message: Message) -> Result:
        """Ring the agent, if the debtor can be rung after him before his window closes."""
        if not message.agent_phone:
            return NotSent(reason="the agent's telephone is not known")
        if message.valid_for_seconds < RING_WITHIN_SECONDS:
            return NotSent(reason="twilio: no time left to ring the debtor")
        result = self._create(
            message.attempt_id,
            part=AGENT,
            to=message.agent_phone,
            url=self.addresses.agent,
            until=message.until,
        )
        # Whatever is wrong with the agent's number is nothing that the debtor's is to be blamed for.
        return replace(result, is_bad_address=False) if isinstance(result, Rejected) else result

    @property
    def patience_seconds(self) -> float:
        """How long one request may take; it is never made twice."""
        return self.account.total_seconds

    def find(self, sought: Sought) -> Evidence:
        """Say that only the agent knows: his telephone rang, or did not."""
        return NoList()

    def taken_since(self, moment: datetime) -> Sequence[Taken]:
        """Refuse: calls are told apart by those who spoke."""
        raise NoListError("calls are not looked for in a list", is_for_good=True)

    def ring_debtor(self, *, attempt_id: str, to: str) -> Result:
        """Ring the debtor, whom the agent awaits already."""
        return self._create(
            attempt_id,
            part=DEBTOR,
            to=to,
            url=self.addresses.answered,
            machine_detection="Enable",
            machine_detection_timeout=DETECTION_SECONDS,
        )

    def hang_up(self, call_id: str) -> bool:
        """End a call, ringing, queued or answered; return whether Twilio heard it."""
        wire = FreshConnections(self.account)
        try:
            twilio_api.client_for(wire).calls(call_id).update(status="completed")
        except Exception:  # noqa: BLE001 - it may have ended by itself; who asks looks at the answer only
            return wire.answer is not None and wire.answer.status_code < 500
        return True

    def status_of(self, call_id: str) -> str:
        """Return Twilio's word for how a call stands; empty when it cannot be had."""
        wire = FreshConnections(self.account)
        try:
            return str(twilio_api.client_for(wire).calls(call_id).fetch().status)
        except Exception:  # noqa: BLE001 - asked for again later
            return ""

    def _create(
        self, attempt_id: str, *, part: str, to: str, url: str, until: float = math.inf, **more: Any
    ) -> Result:
        wire = FreshConnections(self.account, until=until)
        reports_to = about(self.addresses.status, attempt_id=attempt_id)
        fields = {
            "to": to,
            "from_": self.account.sender,
            "url": about(url, attempt_id=attempt_id),
            "method": "POST",
            "timeout": RING_SECONDS,
            "status_callback": f"{reports_to}&leg={part}#rc=5&rp=all",
            "status_callback_event": ["initiated", "ringing", "answered", "completed"],
            "status_callback_method": "POST",
        }
        try:
            twilio_api.client_for(wire).calls.create(**fields, **more)
        except StoodStillError:
            return STOOD_STILL
        except NotConnectedError as error:
            return NotSent(reason=f"twilio: no connection, {error}")
        except Exception as error:  # noqa: BLE001 - a channel never raises; what is not on the list is unknown
            if wire.answer is None:
                return Unknown(reason=f"twilio: no answer, {describe(error)}")
        return classify(wire.answer)


def classify(answer: Response | None) -> Result:
    """Return what an answer to a create call of a call means; how long it will be queued comes with it."""
    result = twilio_answers.classify(answer)
    match result:
        case Rejected(code=code) if code == QUEUE_FULL:
            return NotSent(reason="twilio: the call queue is full")
        case Rejected(code=code):
            return replace(
                result,
                is_bad_address=code in BAD_ADDRESS,
                is_opt_out=False,
                stops_line=code in STOPS_LINE,
            )
        case Accepted() if answer is not None:
            waits = str(twilio_api.read_json(answer).get("queue_time") or "0")
            return replace(result, queue_ms=int(waits) if waits.isdecimal() else 0)
    return result
