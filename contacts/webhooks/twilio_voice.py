"""Twilio's questions and reports about calls, believed by their signature only.

What is answered here is what a telephone hears: the debtor's hears words where `answered` connects
it, which it does for a human only, and nowhere else.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from contacts.channels import registry, twilio_twiml
from contacts.channels.twilio_voice import AGENT, DEBTOR
from contacts.services import bridging, call_endings, clock
from contacts.webhooks.twilio import from_twilio, payload_of, uuid_in


@from_twilio
def agent(request: HttpRequest) -> HttpResponse:
    """The agent's telephone was answered: make sure that it is he."""
    attempt_id = _attempt_id(request)
    if attempt_id is None:
        return _twiml(twilio_twiml.hang_up())
    return _twiml(twilio_twiml.ask_the_agent(registry.voice_addresses(), attempt_id=str(attempt_id)))


@from_twilio
def ready(request: HttpRequest) -> HttpResponse:
    """The agent pressed a key: ring the debtor, and let the agent wait."""
    attempt_id, call_id = _attempt_id(request), request.POST.get("CallSid", "")
    if attempt_id is None or not call_id or not request.POST.get("Digits"):
        return _twiml(twilio_twiml.hang_up())
    bridge = bridging.ring_debtor(attempt_id, call_id=call_id, now=clock.now())
    if not bridge.goes_on:
        return _twiml(twilio_twiml.tell_the_agent_not_now())
    return _twiml(
        twilio_twiml.let_the_agent_wait(
            registry.voice_addresses(), attempt_id=str(attempt_id), is_recorded=bridge.is_recorded
        )
    )


@from_twilio
def waiting(request: HttpRequest) -> HttpResponse:
    """The agent waits: see that the debtor's telephone does not wait in a queue for long."""
    attempt_id = _attempt_id(request)
    if attempt_id is None:
        return _twiml(twilio_twiml.hang_up())
    bridging.look(attempt_id, now=clock.now())
    is_first = "n" not in request.GET
    return _twiml(
        twilio_twiml.say_calling(registry.voice_addresses(), attempt_id=str(attempt_id), is_first=is_first)
    )


@from_twilio
def answered(request: HttpRequest) -> HttpResponse:
    """The debtor's telephone was answered, and Twilio knows by whom: connect a human, or hang up."""
    attempt_id, call_id = _attempt_id(request), request.POST.get("CallSid", "")
    if attempt_id is None or not call_id:
        return _twiml(twilio_twiml.hang_up())
    bridge = bridging.answer(
        attempt_id, call_id=call_id, answered_by=request.POST.get("AnsweredBy", ""), now=clock.now()
    )
    if not bridge.goes_on:
        return _twiml(twilio_twiml.hang_up())
    return _twiml(
        twilio_twiml.connect(
            registry.voice_addresses(), attempt_id=str(attempt_id), is_recorded=bridge.is_recorded
        )
    )


@from_twilio
def status(request: HttpRequest) -> HttpResponse:
    """Take a report on one of the two telephones."""
    attempt_id, part = _attempt_id(request), request.GET.get("leg", "")
    call_id, word = request.POST.get("CallSid", ""), request.POST.get("CallStatus", "")
    if attempt_id is None or part not in (AGENT, DEBTOR) or not (call_id and word):
        return HttpResponse(status=400)
    call_endings.hear(
        attempt_id, part=part, call_id=call_id, status=word, payload=payload_of(request), now=clock.now()
    )
    return HttpResponse(status=204)


@from_twilio
def recording(request: HttpRequest) -> HttpResponse:
    """Take the name of a recording."""
    attempt_id, form = _attempt_id(request), request.POST
    if attempt_id is None or not form.get("RecordingSid"):
        return HttpResponse(status=400)
    seconds, url = form.get("RecordingDuration", ""), form.get("RecordingUrl", "")
    bridging.keep_recording(
        attempt_id,
        recording_id=form["RecordingSid"],
        url=url if url.startswith("https://") else "",
        seconds=int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 9 else None,
    )
    return HttpResponse(status=204)


def _attempt_id(request: HttpRequest) -> UUID | None:
    return uuid_in(request.GET.get("a", ""))


def _twiml(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/xml")
