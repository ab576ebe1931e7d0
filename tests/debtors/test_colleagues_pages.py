"""A manager sets the telephones of agents; elsewhere they are masked."""

import pytest

from debtors.services import access
from tests.factories import make_agent, make_manager

pytestmark = pytest.mark.django_db
COLLEAGUES = "/debtors/colleagues/"


@pytest.fixture
def ana():
    return make_agent(username="ana")


@pytest.fixture
def manager(client):
    user = make_manager()
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(11) 98765-4321", "+5511987654321"),
        ("+55 11 3000-0000", "+551130000000"),
        ("11 8765-4321", "+5511987654321"),  # of the time of eight digits
        ("", ""),
    ],
)
def test_a_manager_sets_an_agents_telephone_as_people_write_it(client, manager, ana, typed, kept):
    ana.phone = "+5511900000000"
    ana.save()

    answer = client.post(f"{COLLEAGUES}{ana.pk}/phone/", {"phone": typed})

    ana.refresh_from_db()
    assert (answer.status_code, ana.phone) == (302, kept)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("amanhã", "não é um número de telefone"),
        ("98765-4321", "Falta o DDD"),
        ("(20) 98765-4321", "Não existe esse DDD"),
        ("(11) 1234", "Não existe esse número"),
        ("0800 123 4567", "número brasileiro próprio"),
        ("+1 212 555 0100", "número brasileiro próprio"),
    ],
)
def test_what_is_no_brazilian_number_of_its_own_is_refused_in_words_and_stays_typed(
    client, manager, ana, typed, said
):
    answer = client.post(f"{COLLEAGUES}{ana.pk}/phone/", {"phone": typed})

    text = answer.content.decode()
    assert (answer.status_code, said in text) == (422, True)
    assert typed in text
    ana.refresh_from_db()
    assert ana.phone == ""


def test_the_list_shows_numbers_masked_and_who_has_none(client, manager, ana):
    access.set_phone(ana, phone="+5511987654321", by=manager)

    text = client.get(COLLEAGUES).content.decode().replace("\xa0", " ")

    assert "(11) *****-4321" in text
    assert "98765" not in text
    assert "sem telefone" in text


def test_an_agent_sets_nobodys_telephone(client, ana):
    client.force_login(ana)

    assert client.get(COLLEAGUES).status_code == 403
    assert client.post(f"{COLLEAGUES}{ana.pk}/phone/", {"phone": "11987654321"}).status_code == 403
    ana.refresh_from_db()
    assert ana.phone == ""


def test_the_way_there_is_in_the_managers_menu_only(client, manager, ana):
    assert COLLEAGUES in client.get("/debtors/").content.decode()

    client.force_login(ana)
    assert COLLEAGUES not in client.get("/desk/").content.decode()
