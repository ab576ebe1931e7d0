"""Ships the courteous ladder and its texts to a house that has none."""

from contacts.services import templates
from contacts.services.templates import Words
from dunning.models import Step, Strategy
from dunning.rules import default_ladder
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
    in_use = Strategy.objects.filter(creditor=None, is_active=True).first()
    return in_use or _ship_ladder()


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
