"""Ships the courteous ladder, its texts and the playbook of calls to a house that has none."""

from contacts.services import templates
from contacts.services.templates import Words
from dunning.models import DelayReason, Objection, OutcomeWord, ScriptText, Step, Strategy
from dunning.rules import default_ladder, default_script
from dunning.rules.default_objections import OBJECTIONS
from dunning.rules.default_texts import TEXTS


def ship() -> Strategy:
    """Put texts and ladder in place where they are missing; return the ladder for every creditor.

    What a manager changed, or put in their place, stays as it is.
    """
    for text in TEXTS:
        words = Words(
            title=text.title, tone=text.tone, disclosure=text.disclosure, subject=text.subject, body=text.body
        )
        templates.ship(key=text.key, channel=text.channel, words=words)
    ship_playbook()
    in_use = Strategy.objects.filter(creditor=None, is_active=True).first()
    return in_use or _ship_ladder()


def ship_playbook() -> None:
    """Put script, dispositions and reasons of delay in place where they are missing."""
    for line in default_script.LINES:
        ScriptText.objects.get_or_create(
            part=line.part, language=line.language, defaults={"text": line.text, "hint": line.hint}
        )
    for place, (meaning, name, english) in enumerate(default_script.OUTCOMES, start=1):
        kept = {"name": name, "name_en": english, "position": place * 10}
        OutcomeWord.objects.get_or_create(meaning=meaning, is_own=False, defaults=kept)
    for language, objections in OBJECTIONS.items():
        if not Objection.objects.filter(language=language).exists():
            Objection.objects.bulk_create(
                Objection(language=language, says=each.says, reply=each.reply, position=place * 10)
                for place, each in enumerate(objections, start=1)
            )
    if not DelayReason.objects.exists():
        DelayReason.objects.bulk_create(
            DelayReason(name=name, name_en=english, position=place)
            for place, (name, english) in enumerate(default_script.REASONS, start=1)
        )


def _ship_ladder() -> Strategy:
    strategy = Strategy.objects.create(
        name=default_ladder.NAME,
        minimum_gap_days=default_ladder.MINIMUM_GAP_DAYS,
        first_delay_grace_days=default_ladder.FIRST_DELAY_GRACE_DAYS,
        old_customer_after_days=default_ladder.OLD_CUSTOMER_AFTER_DAYS,
    )
    Step.objects.bulk_create(
        Step(strategy=strategy, offset_days=step.offset_days, **step.row) for step in default_ladder.STEPS
    )
    return strategy
