"""The channel of a call an agent dials by hand: nothing leaves from here, the attempt is only numbered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contacts.channels.base import Accepted, Evidence, Message, NoList, NoListError, Result, Sought, Taken


@dataclass(frozen=True, kw_only=True)
class ManualChannel:
    """Accepts every message under a local id; what came of it is recorded by the agent."""

    name: str
    provider: str = "manual"
    patience_seconds: float = 10.0

    def send(self, message: Message) -> Result:
        """Accept at once: the agent's telephone does the rest."""
        return Accepted(provider_id=f"manual-{message.attempt_id}")

    def find(self, sought: Sought) -> Evidence:
        """Say that only the agent knows."""
        return NoList()

    def taken_since(self, moment: datetime) -> Sequence[Taken]:
        """Refuse: nobody but the agents knows whom they called."""
        raise NoListError("calls dialled by hand are listed nowhere", is_for_good=True)
