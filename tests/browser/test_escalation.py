"""Beyond asking in the browser: what stands in the way is said, at both widths, light and dark."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from debtors.rules.escalation import Step
from debtors.vocabulary import EscalationKind
from dunning.services import escalation
from tests.browser.pages import is_wider_than_the_screen, log_in, picture, serious_findings, use_theme
from tests.factories import make_agent, make_debt, make_debtor, make_manager


@pytest.mark.parametrize(("width", "theme", "language"), [(1440, "light", "pt-br"), (390, "dark", "en")])
def test_a_debt_shows_each_step_and_the_list_what_is_under_way(
    transactional_db, watched, live_server, width, theme, language
):
    now = timezone.now()
    today = timezone.localdate(now)
    ana = make_agent(username="Ana", permissions=["request_escalation"])
    debt = make_debt(
        debtor=make_debtor(name="Rosângela Prado"), installments=[(today - timedelta(days=90), 150_000)]
    )
    kept = {"step": Step.BUREAU_NOTICE, "by": ana, "now": now}
    escalation.note_proof(debt, kind=EscalationKind.PROVEN, on=today, reference="contrato 17", **kept)
    escalation.ask(debt, reason="não responde há dois meses", **kept)
    debt.limitation_on = today + timedelta(days=40)
    debt.save()
    log_in(watched, base=live_server.url, user=make_manager(username="Helena"), language=language)
    use_theme(watched, base=live_server.url, theme=theme)
    watched.set_viewport_size({"width": width, "height": 900})

    for name, address in (
        ("debt", reverse("escalation", args=[debt.pk])),
        ("list", reverse("escalations")),
        ("limitation", reverse("debtors:limitations")),
    ):
        watched.goto(live_server.url + address)
        picture(watched, f"escalation-{name}-{theme}", width=width)
        assert not is_wider_than_the_screen(watched)
        assert serious_findings(watched) == []
