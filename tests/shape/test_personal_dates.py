"""Nobody who works here reads a debtor's birth date off a page: a refusal names a personal date only.

Managers keep the date in the admin. Everywhere else the house knows it and does not tell it.
"""

import html
from datetime import date

import pytest
from django.utils import timezone

from contacts import queries
from contacts.models import Contact
from contacts.vocabulary import Channel, ContactState
from debtors.models import Debtor
from dunning.models import Case
from tests.factories import make_contact
from tests.shape.addresses import ADDRESSES
from tests.shape.asking import address_of, ask
from tests.shape.office import Office, build_office

pytestmark = pytest.mark.django_db

YEAR = 1932  # a leap year, and no other date on any page has it
#: The policy's own pages name the rule, and no debtor.
PAGES = [name for name in ADDRESSES if not name.startswith(("admin:", "contacts:policy"))]
#: Lists that show something else when they are asked for it.
LISTS = ["/desk/?view=later", "/desk/?view=held", "/debtors/?q=maria", "/contacts/messages/?state=blocked"]


@pytest.fixture
def office() -> Office:
    """An office in which every debtor has his birthday today, by his own clock, and was refused for it."""
    now = timezone.now()
    office = build_office(now=now)
    today = timezone.localdate(now)
    Debtor.objects.update(birth_date=date(YEAR, today.month, today.day))
    for corner in (office.here, office.elsewhere):
        corner.debtor.refresh_from_db()
        refused = make_contact(debtor=corner.debtor, at=now, state=ContactState.BLOCKED)
        Contact.objects.filter(pk=refused.pk).update(objections=["BIRTHDAY"], decided_at=now)
        Case.objects.filter(pk=corner.case.pk).update(put_off_because=["BIRTHDAY"])
    asked = queries.may_contact(debtor=office.here.debtor, channel=Channel.VOICE, now=now)
    assert "BIRTHDAY" in asked.best.reasons
    return office


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ["agent", "manager"])
def test_no_page_says_when_a_debtor_was_born_nor_that_it_is_his_birthday(office, role, method):
    pages = [address_of(name, office.here) for name in PAGES]
    for page in [*pages, *LISTS]:
        answer = ask(office, role, method, page)
        if answer.get("Content-Type") == "application/pdf":
            continue  # its bytes hold every number by chance
        text = html.unescape(answer.content.decode(errors="replace")).lower()
        words = ["birthday", "aniversário", "nasceu", str(YEAR), f"/{YEAR % 100} ", "nascimento:"]
        assert [word for word in words if word in text] == [], page


@pytest.mark.parametrize("language", ["pt-br", "en"])
@pytest.mark.parametrize("name", ["dunning:case", "contacts:debtor"])
def test_the_refusal_names_a_personal_date(office, name, language):
    client = office.client("agent")
    client.cookies["django_language"] = language

    text = client.get(address_of(name, office.here)).text

    assert {"pt-br": "data pessoal", "en": "personal date"}[language] in text.lower()
