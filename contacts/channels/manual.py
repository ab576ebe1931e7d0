"""The channel of a call an agent dials by hand: nothing leaves from here, the attempt is only numbered."""

from dataclasses import dataclass

from contacts.channels.base import Accepted, Message, Result


@dataclass(frozen=True, kw_only=True)
class ManualChannel:
    """Accepts every message under a local id; what came of it is recorded by the agent."""

    name: str
    provider: str = "manual"

    def send(self, message: Message) -> Result:
        """Accept at once: the agent's telephone does the rest."""
        return Accepted(provider_id=f"manual-{message.attempt_id}")
