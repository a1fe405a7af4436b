"""A shared tablet for tests: enrolled by a manager's code, with the PIN of a person who signed in on it."""

from django.test import Client

from omni.staff.access import actor_of
from omni.staff.devices import COOKIE, DeviceHere
from omni.staff.models import User
from omni.staff.services import devices, pins

PIN = "258036"


def enrolled(store, *, by: User, name: str = "Till 2") -> DeviceHere:
    """A tablet of the store, by the services that make one in life."""
    _code, text = devices.make_code(actor=actor_of(by), location_id=store.pk, device_name=name)
    device, secret = devices.enrol(code=text, address="127.0.0.1")
    return DeviceHere(device.pk, device.name, store.pk, store.name, secret)


def client_of(device: DeviceHere, **more) -> Client:
    """A browser on that tablet."""
    client = Client(**more)
    client.cookies[COOKIE] = device.secret
    return client


def with_pin(device: DeviceHere, person: User, pin: str = PIN) -> None:
    """Give somebody a PIN on the tablet."""
    pins.set_pin(device=device, actor=actor_of(person), pin=pin)
