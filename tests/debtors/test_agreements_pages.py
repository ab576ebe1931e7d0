"""Negotiating on the pages: offers, the debtor's own proposal, approvals, and what no request can do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collections_crm.roles import ROLES
from debtors.models import Agreement, OfferRules
from debtors.services import agreement_papers
from debtors.services.access import AGENT, SUPERVISOR, set_up_roles
from debtors.vocabulary import AgreementState
from tests.factories import make_agent, make_debt, make_manager
from tests.factories.agreements import make_agreement, make_offer_rules

pytestmark = pytest.mark.django_db
NEGOTIATES = ["negotiate_agreement", "view_agreement"]


@pytest.fixture
def debt():
    today = timezone.localdate()
    made = make_debt(installments=[(today - timedelta(days=200), 100_000)], contract="CT-77")
    make_offer_rules(creditor=made.creditor)
    return made


@pytest.fixture
def agent(client):
    user = make_agent(permissions=NEGOTIATES)
    client.force_login(user)
    return user


def page_of(debt) -> str:
    return reverse("debtors:negotiate", args=[debt.debtor_id, debt.creditor_id])


def typed(total: str, **changes) -> dict:
    day = (timezone.localdate() + timedelta(days=3)).strftime("%d/%m/%Y")
    return {
        "total": total, "payments": "1", "first_on": day, "first": "", "first_method": "pix",
        "method": "boleto",
    } | changes  # fmt: skip


def test_an_offer_is_chosen_kept_and_put_in_force(client, agent, debt):
    offer = client.get(page_of(debt)).context["offers"][1]
    total = f"{offer.total_cents // 100},{offer.total_cents % 100:02d}"

    judged = client.post(page_of(debt), typed(total, payments="3"))
    kept = client.post(page_of(debt), typed(total, payments="3", keep="1"), follow=True)
    found = Agreement.objects.get()
    proof = {"evidence": "verbal", "reference": "gravação 17"}
    client.post(reverse("debtors:agreement_accept", args=[found.pk]), proof)

    found.refresh_from_db()
    assert judged.context["judged"].verdict == "accepted"
    assert kept.status_code == 200
    assert (found.state, found.payments.count()) == (AgreementState.ACTIVE, 3)
    assert [each.method for each in found.payments.all()] == ["pix", "boleto", "boleto"]


def test_looking_at_what_comes_of_it_keeps_nothing(client, agent, debt):
    response = client.post(page_of(debt), typed("100,00"))

    assert response.context["is_refused"]
    assert not Agreement.objects.exists()


def test_what_goes_beyond_an_agent_waits_for_a_supervisor_of_the_roles(client, debt):
    set_up_roles(permissions={name: set(wanted) for name, wanted in ROLES.items()})
    colleagues = {}
    for role in (AGENT, SUPERVISOR):
        colleagues[role] = make_agent(permissions=[])
        colleagues[role].groups.set(Group.objects.filter(name=role))
    client.force_login(colleagues[AGENT])
    client.post(page_of(debt), typed("950,00", keep="1"))
    found = Agreement.objects.get()
    decide = reverse("debtors:agreement_decide", args=[found.pk])

    assert client.post(decide, {"reason": "perdeu o emprego", "approve": "1"}).status_code == 403
    client.force_login(colleagues[SUPERVISOR])
    assert client.get(reverse("debtors:agreements")).context["page"].object_list[0] == found
    client.post(decide, {"reason": "perdeu o emprego", "approve": "1"})

    assert found.decisions.get().is_approved


def test_the_document_names_the_creditor_and_every_item(debt):
    agent = make_agent(permissions=NEGOTIATES)
    made = make_agreement(debt, total_cents=105_000, by=agent, now=timezone.now())

    page = agreement_papers.page_of(made)

    creditor = debt.creditor
    for fact in (creditor.name, creditor.address, "CT-77", "R$\xa01.050,00", "Multa", "Juros"):
        assert fact in page
    assert agreement_papers.print_of(made).startswith(b"%PDF")


def test_rules_below_their_own_floor_are_not_kept(client):
    debt = make_debt()
    manager = make_manager()
    manager.is_staff = True
    manager.save()
    client.force_login(manager)
    rules = make_offer_rules(creditor=debt.creditor)
    address = reverse("admin:debtors_offerrules_change", args=[rules.pk])
    form = client.get(address).context["adminform"].form
    values = {name: form.initial.get(name) for name in form.fields}
    data = {name: value for name, value in values.items() if value is not None and value is not False}
    data |= {"is_active": "on", "min_payment": "10,00", "floor_percent": "95"}
    band = rules.bands.get()
    data |= {
        "bands-TOTAL_FORMS": "1", "bands-INITIAL_FORMS": "1", "bands-0-id": band.pk,
        "bands-0-rules": rules.pk,
        "bands-0-from_days_late": "1", "bands-0-one_off_percent": "10", "bands-0-installments_percent": "5",
    }  # fmt: skip

    refused = client.post(address, data)
    kept = client.post(address, data | {"floor_percent": "80"})

    assert "piso" in refused.content.decode()
    assert (kept.status_code, OfferRules.objects.get().floor_percent) == (302, Decimal(80))


AMOUNTS = st.one_of(
    st.integers(-10, 300_000).map(lambda cents: f"{cents // 100},{cents % 100:02d}"),
    st.sampled_from(["", "0", "1e9", "NaN", "-1", "0,01", "R$ 1", "999999999999", "½"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    total=AMOUNTS,
    first=AMOUNTS,
    payments=st.sampled_from(["", "0", "1", "2", "6", "12", "13", "120", "-1", "x"]),
    forged=st.dictionaries(
        st.sampled_from(
            ["total_cents", "floor_cents", "needed", "state", "discount_cents", "approve", "by", "keep"]
        ),
        st.sampled_from(["0", "1", "3", "active"]),
    ),
)
def test_no_request_of_an_agent_puts_less_in_force_than_is_offered(
    client, agent, debt, total, first, payments, forged
):
    client.post(page_of(debt), forged | typed(total, first=first, payments=payments, keep="1"))
    for found in Agreement.objects.filter(state=AgreementState.PROPOSED):
        for name in ("agreement_decide", "agreement_accept"):
            address = reverse(f"debtors:{name}", args=[found.pk])
            client.post(address, forged | {"reason": "x", "evidence": "online", "reference": "x"})

    for made in Agreement.objects.exclude(state=AgreementState.PROPOSED):
        rate = Decimal("0.90") if made.payments.count() == 1 else Decimal("0.95")
        assert made.state == AgreementState.WITHDRAWN or made.total_cents >= made.owed_cents * rate


def test_an_agreement_stands_in_what_happened_to_the_debtor(client, debt):
    agent = make_agent(permissions=[*NEGOTIATES, "view_debtor"])
    make_agreement(debt, total_cents=105_000, by=agent, now=timezone.now())
    client.force_login(agent)

    page = client.get(reverse("contacts:debtor", args=[debt.debtor_id])).content.decode()

    assert "Acordo de R$ 1.050,00 · em vigor" in page.replace("\xa0", " ")
