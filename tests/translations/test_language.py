"""Which language one is answered in: the cookie of the device, then the person, then the browser; the API's caller."""

import pytest
from django.test import Client
from django.urls import reverse

from omni.staff.middleware import LANGUAGE_COOKIE
from tests import factories
from tests.callers import ApiClient
from tests.conftest import House

pytestmark = pytest.mark.django_db


def _language_of(client: Client, accepted: str = "") -> str:
    html = client.get(reverse("today"), headers={"Accept-Language": accepted} if accepted else {}).content.decode()
    return html.split('<html lang="')[1][:2]


@pytest.fixture
def client_of(house: House):
    def signed_in(language: str, cookie: str = "") -> Client:
        person = factories.PersonFactory(login=f"one-{language}", role="clerk", stores=[house.lille], language=language)
        client = Client()
        client.force_login(person)
        if cookie:
            client.cookies[LANGUAGE_COOKIE] = cookie
        return client

    return signed_in


@pytest.mark.parametrize(
    ("person", "cookie", "accepted", "read"),
    [
        ("fr", "", "", "fr"),
        ("fr", "", "en", "fr"),
        ("en", "", "fr", "en"),
        ("en", "fr", "en", "fr"),
        ("fr", "en", "fr", "en"),
        ("fr", "de", "fr", "en"),  # a language that the house does not speak, though Django would
        ("fr", "../../etc", "fr", "en"),
    ],
)
def test_the_device_comes_before_the_person_and_the_person_before_the_browser(
    client_of, person: str, cookie: str, accepted: str, read: str
) -> None:
    assert _language_of(client_of(person, cookie), accepted) == read


@pytest.mark.parametrize(
    ("accepted", "read"), [("fr-CA,fr;q=0.9", "fr"), ("de,en;q=0.5", "en"), ("", "en"), ("zz", "en")]
)
def test_a_stranger_is_greeted_as_their_browser_asks(db: None, accepted: str, read: str) -> None:
    answer = Client().get(reverse("sign-in"), headers={"Accept-Language": accepted})
    assert f'<html lang="{read}"' in answer.content.decode()


def test_the_button_of_a_language_sets_it_on_this_device(db: None) -> None:
    client = Client(headers={"Accept-Language": "en"})
    answer = client.post(reverse("language"), {"language": "fr", "next": reverse("sign-in")}, follow=True)
    assert "Se connecter" in answer.content.decode()
    client.post(reverse("language"), {"language": "de", "next": reverse("sign-in")})
    assert client.cookies[LANGUAGE_COOKIE].value == "fr"


def test_a_role_is_named_in_the_reader_s_language(client_of) -> None:
    assert "Vente en magasin" in client_of("fr").get(reverse("today")).content.decode()
    assert "Store clerk" in client_of("en").get(reverse("today")).content.decode()


def test_the_api_refuses_in_the_caller_s_language(api: ApiClient, order_body, house: House) -> None:
    body = order_body(currency="USD", total=1)
    french = api.place(body, **{"Accept-Language": "fr-FR"}).json()
    assert french["detail"] == "La commande ne peut pas être passée telle qu’envoyée."
    assert {"field": "currency", "code": "currency_unknown", "message": "Cette maison vend en EUR."} in french["errors"]
    english = api.place(body).json()
    assert english["detail"] == "The order cannot be placed as it was sent."
    assert english["code"] == french["code"]


def test_amounts_in_a_refusal_are_written_in_the_caller_s_language(api: ApiClient, order_body, house: House) -> None:
    problem = api.place(order_body(total=6900), **{"Accept-Language": "fr"}).json()
    assert problem["errors"][0]["message"] == "Vous avez envoyé 69,00\xa0€, la maison calcule 70,00\xa0€."


def test_what_is_refused_before_any_view_speaks_french_too(api: ApiClient, settings) -> None:
    unknown = api.get("/api/v1/rien/", **{"Accept-Language": "fr"}).json()
    assert unknown["detail"] == "Il n’y a rien à cette adresse."
    large = api.place(b"x" * (settings.API_BODY_LIMIT + 1), **{"Accept-Language": "fr"}).json()
    assert large["detail"] == "Le corps dépasse 262144 octets."
    stranger = ApiClient("").availability("SKU-1", **{}).json()
    assert stranger["detail"].startswith("Send a valid key")
    nobody = Client().get("/api/v1/availability/", {"sku": "A"}, headers={"Accept-Language": "fr"}).json()
    assert nobody["detail"].startswith("Envoyez une clé valable\u202f: «\u202fAuthorization: Bearer omni_…\u202f»")
