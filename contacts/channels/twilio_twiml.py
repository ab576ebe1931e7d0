"""What Twilio is told to do with a telephone that was answered, in its own language, TwiML.

The debtor's telephone hears a word only where `connect` was chosen; `hang_up` has none.
"""

from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

LANGUAGE = "pt-BR"
PRESS_A_KEY = "Pressione qualquer tecla para ligar para o cliente."
CALLING = "Chamando."
NOT_NOW = "Esta ligação não pode ser feita agora."
ANNOUNCEMENT = "Esta ligação é gravada."
KEY_SECONDS, LOOK_SECONDS = 10, 5


@dataclass(frozen=True, kw_only=True)
class VoiceAddresses:
    """Where Twilio asks us what to do, and tells us what happened; each without its query."""

    agent: str
    ready: str
    waiting: str
    answered: str
    status: str
    recording: str


def about(address: str, *, attempt_id: str) -> str:
    """Return an address asking about one attempt; the query is covered by Twilio's signature."""
    return f"{address}?a={attempt_id}"


def ask_the_agent(addresses: VoiceAddresses, *, attempt_id: str) -> str:
    """Return how the agent's telephone makes sure that it is he: by a key, which no machine presses."""
    answer = VoiceResponse()
    gather = Gather(
        num_digits=1,
        timeout=KEY_SECONDS,
        finish_on_key="",
        action=about(addresses.ready, attempt_id=attempt_id),
        method="POST",
    )
    gather.say(PRESS_A_KEY, language=LANGUAGE)
    answer.append(gather)
    answer.hangup()
    return str(answer)


def let_the_agent_wait(addresses: VoiceAddresses, *, attempt_id: str, is_recorded: bool) -> str:
    """Return how the agent waits alone until the debtor joins; nobody else ever can."""
    waiting = about(addresses.waiting, attempt_id=attempt_id)
    return _join(
        addresses,
        attempt_id=attempt_id,
        is_recorded=is_recorded,
        begins=False,
        wait_url=waiting,
        wait_method="POST",
    )


def say_calling(addresses: VoiceAddresses, *, attempt_id: str, is_first: bool) -> str:
    """Return what the waiting agent hears; it asks again every few seconds."""
    answer = VoiceResponse()
    if is_first:
        answer.say(CALLING, language=LANGUAGE)
    answer.pause(length=LOOK_SECONDS)
    answer.redirect(about(addresses.waiting, attempt_id=attempt_id) + "&n=1", method="POST")
    return str(answer)


def connect(addresses: VoiceAddresses, *, attempt_id: str, is_recorded: bool) -> str:
    """Return how the debtor joins the agent, after hearing that the call is recorded where it is."""
    return _join(
        addresses,
        attempt_id=attempt_id,
        is_recorded=is_recorded,
        begins=True,
        announcement=ANNOUNCEMENT if is_recorded else "",
    )


def hang_up() -> str:
    """Return the end of a call without a word."""
    answer = VoiceResponse()
    answer.hangup()
    return str(answer)


def tell_the_agent_not_now() -> str:
    """Return what the agent hears when the debtor's telephone was not rung."""
    answer = VoiceResponse()
    answer.say(NOT_NOW, language=LANGUAGE)
    answer.hangup()
    return str(answer)


def _join(
    addresses: VoiceAddresses,
    *,
    attempt_id: str,
    is_recorded: bool,
    begins: bool,
    announcement: str = "",
    **more: str,
) -> str:
    answer = VoiceResponse()
    if announcement:
        answer.say(announcement, language=LANGUAGE)
    if is_recorded:
        more |= {
            "record": "record-from-start",
            "recording_status_callback": about(addresses.recording, attempt_id=attempt_id),
            "recording_status_callback_method": "POST",
        }
    dial = Dial()
    dial.conference(
        f"a-{attempt_id}",
        start_conference_on_enter=begins,
        end_conference_on_exit=True,
        beep=False,
        max_participants=2,
        **more,
    )
    answer.append(dial)
    return str(answer)
