"""Photos of products: which files are pictures, what is kept of one, where it is shown, who may."""

import io
import re
import struct
import uuid
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from inventory.catalog import forms, hindrances, photo_files
from inventory.catalog.errors import ImportRefused, PhotoRefused
from inventory.catalog.models import PhotoContent, Product, ProductPhoto, Variant
from inventory.catalog.services import photographing, undoing
from omni.lib import sql, uploads
from omni.staff.access import actor_of
from omni.staff.models import User
from tests import factories
from tests.catalogue import files, pictures
from tests.conftest import House

pytestmark = pytest.mark.django_db
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


@pytest.fixture
def tee(house: House) -> Product:
    product = factories.ProductFactory(code="TEE", name="T-shirt rayé", picture="general")
    for size in ("M", "L"):
        factories.VariantFactory(product=product, sku=f"TEE-{size}", label=size)
    return product


def added(by: User, product: Product, **how: Any) -> ProductPhoto:
    keys = {"actor": actor_of(by), "product_id": product.pk, "picture": pictures.picture()}
    return photographing.add(**{**keys, **how})


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def send(client: Client, content: bytes, name: str = "photo.jpg", key: str = "", **more: Any) -> Any:
    sent = {"file": SimpleUploadedFile(name, content), "idempotency_key": key or str(uuid.uuid4()), **more}
    return client.post(reverse("product-photos", args=["TEE"]), sent, follow=True)


def order_of(product: Product) -> list[tuple[int, str]]:
    return list(product.photos.order_by("position").values_list("position", "alternative"))


def refusal(content: bytes) -> str:
    with pytest.raises(PhotoRefused) as refused:
        photo_files.read(io.BytesIO(content))
    return str(refused.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_in_two_sizes_as_webp(kind: str) -> None:
    picture = photo_files.read(io.BytesIO(pictures.made(kind, (2000, 1000))))
    assert (picture.width, picture.height) == (1600, 800)
    large, small = (pictures.opened(picture.contents[size]) for size in ("large", "small"))
    assert [(one.format, one.size) for one in (large, small)] == [("WEBP", (1600, 800)), ("WEBP", (320, 160))]
    red, green, blue = large.convert("RGB").getpixel((800, 400))
    assert red > 245
    assert max(green, blue) < 12


def test_a_small_picture_is_not_blown_up() -> None:
    picture = pictures.picture(size=(60, 40))
    assert (picture.width, picture.height) == (60, 40)


def test_place_maker_and_comments_are_not_kept_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Zqcamera"
    exif.get_ifd(GPS)[1] = "N"
    sent = pictures.made(size=(60, 40), exif=exif, comment=b"Zqcomment")
    assert pictures.opened(sent).getexif()[MAKER] == "Zqcamera"
    picture = photo_files.read(io.BytesIO(sent))
    assert (picture.width, picture.height) == (40, 60)
    for content in picture.contents.values():
        kept = pictures.opened(content)
        kept.load()
        assert dict(kept.getexif()) == {}
        assert {"exif", "xmp", "icc_profile", "comment"}.isdisjoint(kept.info)
        assert b"Zq" not in content


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"),
                                            ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGBA")])  # fmt: skip
def test_every_way_to_write_colours_is_read(kind: str, mode: str) -> None:
    assert pictures.picture(kind=kind, mode=mode, colour=0).width == 60


def test_what_can_be_seen_through_is_white() -> None:
    picture = pictures.picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0))
    assert min(pictures.opened(picture.contents["large"]).convert("RGB").getpixel((30, 20))) > 250


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("side", "most"), [(5_100, 25), (20_000, 50), (60_000, 50)])
def test_a_file_that_claims_more_pixels_than_a_camera_makes_is_refused_unread(side: int, most: int) -> None:
    assert refusal(bomb(side, side)) == f"This picture has more than {most} million pixels."


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg><script>alert(1)</script></svg>", b"%PDF-1.7", pictures.made("GIF"), pictures.made("TIFF"), b"<html>"],
    ids=["nothing", "svg", "pdf", "gif", "tiff", "html"],
)
def test_what_is_no_picture_by_its_content_is_refused(content: bytes) -> None:
    assert refusal(content) == "This is no JPEG, PNG or WebP picture."


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_was_cut_off_is_refused(kind: str) -> None:
    whole = pictures.made(kind, (400, 400), colour=None, mode="RGB")
    assert refusal(whole[: len(whole) * 2 // 3]) == "This picture is damaged. Save it anew and send it again."


def test_the_first_photo_is_shown_in_lists_and_the_drawing_comes_back(tee: Product, manager: User) -> None:
    first, second = added(manager, tee), added(manager, tee)
    tee.refresh_from_db()
    assert tee.picture == f"general/{first.token}"
    photographing.describe(actor=actor_of(manager), photo=second, alternative="", position=1, skus=[])
    tee.refresh_from_db()
    assert tee.picture == f"general/{second.token}"
    for photo in (second, second, first):
        photographing.remove(actor=actor_of(manager), photo=photo)
    tee.refresh_from_db()
    assert tee.picture == "general"
    assert not PhotoContent.objects.exists()


def test_photos_stand_in_the_order_that_is_asked_for(tee: Product, manager: User) -> None:
    photos = [added(manager, tee, alternative=words) for words in "abcd"]
    keys = {"actor": actor_of(manager), "alternative": "d", "skus": []}
    photographing.describe(photo=photos[3], position=2, **keys)
    assert order_of(tee) == [(1, "a"), (2, "d"), (3, "b"), (4, "c")]
    photographing.describe(photo=photos[3], position=9, **keys)
    photographing.remove(actor=actor_of(manager), photo=photos[1])
    assert order_of(tee) == [(1, "a"), (2, "c"), (3, "d")]


def test_a_product_has_twelve_photos_at_most(tee: Product, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographing, "MOST_PHOTOS", 2)
    for _time in range(2):
        added(manager, tee)
    with pytest.raises(PhotoRefused, match="at most 2 photos"):
        added(manager, tee)
    assert tee.photos.count() == 2


def test_an_article_shows_its_own_photo_and_loses_it_with_the_photo(tee: Product, manager: User) -> None:
    first, second = added(manager, tee), added(manager, tee)
    photographing.describe(actor=actor_of(manager), photo=second, alternative="", position=2, skus=["TEE-M", "SKU-1"])
    shown = {one.sku: one.picture for one in Variant.objects.select_related("product").filter(product=tee)}
    assert shown == {"TEE-M": f"general/{second.token}", "TEE-L": f"general/{first.token}"}
    assert Variant.objects.get(sku="SKU-1").photo_id is None
    photographing.remove(actor=actor_of(manager), photo=second)
    assert Variant.objects.get(sku="TEE-M").photo_id is None


def test_an_article_never_shows_another_products_photo(tee: Product, manager: User, house: House) -> None:
    photo = added(manager, tee)
    statement = "UPDATE catalog_variant SET photo_id = %s WHERE sku = 'SKU-1'"
    with pytest.raises(DatabaseError, match="one of another product"), transaction.atomic():
        sql.run(statement, [photo.token])
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")
    sql.run("ALTER TABLE catalog_variant DISABLE TRIGGER USER")
    assert sql.run(statement, [photo.token]) == 1


def test_a_manager_adds_changes_and_removes_a_photo_on_the_product_page(manager_client: Client, tee: Product) -> None:
    for _time in range(2):
        page = send(manager_client, pictures.made(), key="the-form", alternative="De face")
    photo = ProductPhoto.objects.get()
    assert "The photo was added." in said(page)
    assert f'src="/photos/{photo.token}/small.webp" alt="De face"' in page.content.decode()
    assert f'<img src="/photos/{photo.token}/small.webp" alt=""' in page.content.decode()
    address = reverse("product-photo", args=["TEE", photo.token])
    assert "TEE-M" in said(manager_client.get(address))
    sent = {"alternative": "De dos", "position": "1", "articles": ["TEE-L"], "idempotency_key": str(uuid.uuid4())}
    manager_client.post(address, sent)
    photo.refresh_from_db()
    assert photo.alternative == "De dos"
    assert Variant.objects.get(sku="TEE-L").photo_id == photo.token
    manager_client.post(reverse("product-photo-removal", args=["TEE", photo.token]), {"idempotency_key": "gone"})
    assert not ProductPhoto.objects.exists()


def test_a_refused_photo_says_why_and_changes_nothing(manager_client: Client, tee: Product) -> None:
    page = send(manager_client, b"MZ\x90 not a picture", name="photo.jpg")
    assert page.status_code == 422
    assert "This is no JPEG, PNG or WebP picture." in said(page)
    page = manager_client.post(reverse("product-photos", args=["TEE"]), {"idempotency_key": "none"})
    assert "Choose a photo." in said(page)
    assert not ProductPhoto.objects.exists()


def test_a_photo_that_is_too_large_is_refused_unopened(
    manager_client: Client, tee: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_BYTES", 100)
    assert "The photo is larger than 15 MB." in said(send(manager_client, pictures.made()))
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    page = send(manager_client, pictures.made())
    assert page.status_code == 422
    assert "The photo is larger than 15 MB." in said(page)
    assert not ProductPhoto.objects.exists()


def test_a_clerk_sees_photos_and_changes_none(clerk_client: Client, manager: User, tee: Product) -> None:
    photo = added(manager, tee, alternative="De face")
    page = clerk_client.get(reverse("product", args=["TEE"])).content.decode()
    assert 'alt="De face"' in page
    assert "Add the photo" not in page
    assert clerk_client.post(reverse("product-photos", args=["TEE"])).status_code == 403
    assert clerk_client.get(reverse("product-photo", args=["TEE", photo.token])).status_code == 403


def test_a_picture_is_kept_by_the_browser_and_never_taken_for_a_page(
    clerk_client: Client, manager: User, tee: Product
) -> None:
    photo = added(manager, tee)
    answer = clerk_client.get(reverse("photo", args=[photo.token, "small"]))
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert pictures.opened(answer.content).format == "WEBP"
    assert clerk_client.get(reverse("photo", args=[photo.token, "huge"])).status_code == 404
    assert Client().get(reverse("photo", args=[photo.token, "small"])).status_code == 302


def test_lists_show_the_photo_without_another_statement(clerk_client: Client, manager: User, tee: Product) -> None:
    photo = added(manager, tee)
    page = clerk_client.get(reverse("stock"), {"q": "T-shirt"}).content.decode()
    assert page.count(f"/photos/{photo.token}/small.webp") == 2


def test_a_product_of_a_file_that_was_photographed_since_stays(manager: User, house: House) -> None:
    found = files.applied(manager, files.text([f"NEW;Neuf;;;NEW-1;{factories.gtin(501)};5"]))
    added(manager, Product.objects.get(code="NEW"))
    with pytest.raises(ImportRefused):
        undoing.undo(actor=actor_of(manager), import_id=found.pk)
    found.refresh_from_db()
    why = hindrances.of(found.pk, applied_at=found.applied_at, most=10)
    assert [(one.row, one.key, one.code) for one in why] == [(2, "NEW", "used_since")]


def test_the_log_of_changes_names_the_product_of_a_photo(client: Client, manager: User, tee: Product) -> None:
    photo = added(manager, tee, alternative="De face")
    photographing.remove(actor=actor_of(manager), photo=photo)
    client.force_login(factories.PersonFactory(login="boss", role="administrator", stores=[]))
    log = said(client.get(f"{reverse('audit')}?kind=photo"))
    assert "T-shirt rayé: a photo was added" in log
    assert "T-shirt rayé: a photo was removed" in log
    assert "De face" in log
