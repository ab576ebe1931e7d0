"""What the debtor wished: opt-outs forbid, consents permit."""

from datetime import datetime, timedelta

from contacts.rules import codes
from contacts.rules.facts import ConsentFacts, Facts, HoldFacts, Objection, OptOutFacts, PolicyTerms

OPT_OUT_GLOBAL = Objection(codes.OPT_OUT_GLOBAL)
OPT_OUT_CHANNEL = Objection(codes.OPT_OUT_CHANNEL)
OPT_OUT_POINT = Objection(codes.OPT_OUT_POINT)
CONSENT_MISSING = (Objection(codes.CONSENT_MISSING),)
WHATSAPP_WINDOW = (Objection(codes.WHATSAPP_WINDOW),)

#: How long after the debtor's last WhatsApp message words of our own may be sent to him there.
ANSWER_WINDOW = timedelta(hours=24)


def opted_out(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to what the debtor asked us not to do: at all, by this channel, at this point (R9)."""
    if not facts.opt_outs:
        return ()
    objections = [_objection_of(wish, facts) for wish in facts.opt_outs if is_active(wish, now=now)]
    return tuple([objection for objection in objections if objection is not None])


def without_consent(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object when the channel needs a consent and none is active for it or for every channel (R10)."""
    if facts.channel not in terms.consent_required:
        return ()
    for consent in facts.consents:
        if consent.channel in (facts.channel, "*") and is_active(consent, now=now):
            return ()
    return CONSENT_MISSING


def outside_whatsapp_window(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to free text on WhatsApp more than 24 hours after the debtor wrote: then templates only.

    Source: WhatsApp Business platform, customer service window; refused there with code 63016.
    """
    if facts.channel != "whatsapp" or not facts.is_free_text:
        return ()
    if facts.wrote_at is not None and timedelta(0) <= now - facts.wrote_at < ANSWER_WINDOW:
        return ()
    return WHATSAPP_WINDOW


def is_active(interval: HoldFacts | OptOutFacts | ConsentFacts, *, now: datetime) -> bool:
    """Return whether active_from <= now < active_until; None is open on that side."""
    if interval.active_from is not None and now < interval.active_from:
        return False
    return interval.active_until is None or now < interval.active_until


def _objection_of(wish: OptOutFacts, facts: Facts) -> Objection | None:
    if wish.scope == "global":
        return OPT_OUT_GLOBAL
    if wish.scope == "channel":
        return OPT_OUT_CHANNEL if wish.channel == facts.channel else None
    if wish.scope == "point":
        return OPT_OUT_POINT if wish.point_id == facts.point.id else None
    return None
