"""The courteous ladder as shipped: each step with its reason. Managers change it; it is data from then on."""

from collections.abc import Mapping
from dataclasses import dataclass

from contacts.vocabulary import Channel, Tone
from dunning.vocabulary import Actor

NAME = "Régua cordial"
#: Two days between steps keep a late start from becoming a burst.
MINIMUM_GAP_DAYS = 2
#: "If it is an old customer who is late for the first time, wait a little longer": five days more.
FIRST_DELAY_GRACE_DAYS = 5
OLD_CUSTOMER_AFTER_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultStep:
    """One rung as shipped. `title` is what agents and managers read; empty `template_key` for a call."""

    offset_days: int
    channel: Channel
    title: str
    template_key: str = ""
    fallback_channel: Channel | str = ""
    tone: Tone = Tone.FRIENDLY

    @property
    def actor(self) -> Actor:
        """A message is the system's, a call an agent's."""
        return Actor.SYSTEM if self.template_key else Actor.AGENT

    @property
    def row(self) -> Mapping[str, object]:
        """The values of the step's row."""
        return {
            "actor": self.actor,
            "channel": self.channel,
            "fallback_channel": self.fallback_channel,
            "template_key": self.template_key,
            "tone": self.tone,
            "title": self.title,
        }


STEPS = (
    # Notify before the due date: whoever forgets is grateful, and nothing is owed yet.
    DefaultStep(
        offset_days=-3,
        channel=Channel.EMAIL,
        fallback_channel=Channel.SMS,
        template_key="due_soon",
        tone=Tone.REMINDER,
        title="Lembrete antes do vencimento",
    ),
    # Five to seven days after it: the bill may be lost or the payment under way. No amount, no debt.
    DefaultStep(
        offset_days=5,
        channel=Channel.EMAIL,
        fallback_channel=Channel.SMS,
        template_key="first_notice",
        title="Primeiro recado, cordial",
    ),
    # Indirect means first, and another channel: the e-mail may not have been read.
    DefaultStep(
        offset_days=10,
        channel=Channel.SMS,
        fallback_channel=Channel.EMAIL,
        template_key="second_notice",
        title="Segundo recado",
    ),
    # An SMS again before the first call, so that the call comes as no surprise and from no stranger.
    DefaultStep(
        offset_days=13,
        channel=Channel.SMS,
        fallback_channel=Channel.EMAIL,
        template_key="before_call",
        title="Aviso de que vamos ligar",
    ),
    # Only when messages brought no answer: introduce yourself, make sure who it is, ask, listen.
    DefaultStep(offset_days=15, channel=Channel.VOICE, title="Primeira ligação: ouvir o cliente"),
    # Make the ways to get the bill again and to pay it plain.
    DefaultStep(
        offset_days=20,
        channel=Channel.EMAIL,
        fallback_channel=Channel.SMS,
        template_key="ways_to_pay",
        title="Como pagar ou pedir a segunda via",
    ),
    DefaultStep(offset_days=25, channel=Channel.VOICE, title="Segunda ligação: combinar uma data"),
    # Direct, but friendly and without aggressiveness: what is open, item by item.
    DefaultStep(
        offset_days=35,
        channel=Channel.EMAIL,
        fallback_channel=Channel.SMS,
        template_key="statement",
        tone=Tone.DIRECT,
        title="Demonstrativo do que está em aberto",
    ),
    # Let people say what they can pay; instalments or a discount, within what the creditor allows.
    DefaultStep(offset_days=45, channel=Channel.VOICE, tone=Tone.DIRECT, title="Terceira ligação: negociar"),
    # The last word of the ladder, formal as a letter. Nothing harsher ever goes out by itself.
    DefaultStep(
        offset_days=60,
        channel=Channel.EMAIL,
        template_key="last_letter",
        tone=Tone.FORMAL,
        title="Carta final, cordial",
    ),
)
