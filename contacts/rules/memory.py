"""How far back the gate is told of contacts, and that no rule may ask for longer."""

from datetime import timedelta

from contacts.rules.facts import PolicyTerms
from contacts.rules.policy_json import HOUR, MINUTE
from contacts.rules.reading import MalformedError

#: Seven days for the caps, and the longest gap or rest after a conversation.
LOOK_BACK = timedelta(days=31)


def refuse_longer(terms: PolicyTerms) -> None:
    """Raise MalformedError for a gap or a rest of which the end would not be known of any more."""
    caps = {"total": terms.total_cap, "point": terms.point_cap}
    caps |= {f"channels.{name}": cap for name, cap in terms.channel_caps.items()}
    spans = {f"caps.{name}.gap_minutes": (cap.gap_minutes or 0) * MINUTE for name, cap in caps.items() if cap}
    spans["conversation_cooldown_hours"] = (terms.conversation_cooldown_hours or 0) * HOUR
    for path, span in spans.items():
        if span > LOOK_BACK:
            raise MalformedError(path, problem="too_long", value=LOOK_BACK.days)
