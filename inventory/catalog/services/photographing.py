"""Photos of a product: added, put in their order, told what they show, removed."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.catalog import locks
from inventory.catalog.errors import PhotoRefused
from inventory.catalog.models import PhotoContent, Product, ProductPhoto, Variant
from inventory.catalog.photo_files import Picture
from omni.lib import sql
from omni.staff import history
from omni.staff.access import Actor

MOST_PHOTOS = 12

IN_ORDER = """
UPDATE catalog_productphoto photo SET position = wanted.position
FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, position)
WHERE photo.id = wanted.id AND photo.position <> wanted.position
"""


@transaction.atomic
def add(*, actor: Actor, product_id: int, picture: Picture, alternative: str = "") -> ProductPhoto:
    """Put a picture behind the product's others; the first stands for it in lists at once.

    Raises `PhotoRefused` when the product has twelve.
    """
    history.sign(actor)
    product = locks.lock_product(product_id)
    position = product.photos.count() + 1
    if position > MOST_PHOTOS:
        raise PhotoRefused(_("A product has at most %(most)s photos. Remove one first.") % {"most": MOST_PHOTOS})
    photo = ProductPhoto.objects.create(
        product=product, position=position, alternative=alternative, width=picture.width, height=picture.height,
        added_by_id=actor.user_id,
    )  # fmt: skip
    PhotoContent.objects.bulk_create(
        [PhotoContent(photo=photo, size=size, content=content) for size, content in picture.contents.items()]
    )
    _show_first(product)
    return photo


@transaction.atomic
def describe(*, actor: Actor, photo: ProductPhoto, alternative: str, position: int, skus: Collection[str]) -> None:
    """Say what a photo shows, which of the product's articles it is, and put it at a place (from 1 on; what is beyond
    the last is the last). Raises `ProductPhoto.DoesNotExist` when it was removed meanwhile."""
    history.sign(actor)
    product = locks.lock_product(photo.product_id)
    if photo.alternative != alternative:
        ProductPhoto.objects.filter(pk=photo.pk).update(alternative=alternative)
    ids = list(product.photos.order_by("position").values_list("pk", flat=True))
    if photo.pk not in ids:
        raise ProductPhoto.DoesNotExist
    ids.remove(photo.pk)
    ids.insert(max(0, position - 1), photo.pk)
    sql.run(IN_ORDER, [sql.numbers(ids)])
    own = Variant.objects.filter(product=product)
    own.filter(photo=photo).exclude(sku__in=skus).update(photo=None)
    own.filter(sku__in=skus).exclude(photo=photo).update(photo=photo)
    _show_first(product)


@transaction.atomic
def remove(*, actor: Actor, photo: ProductPhoto) -> None:
    """Remove a photo for good; those behind it move up, and articles that it showed are shown as their product is.
    Nothing happens to one that is gone already."""
    history.sign(actor)
    product = locks.lock_product(photo.product_id)
    ProductPhoto.objects.filter(pk=photo.pk).delete()
    sql.run(IN_ORDER, [sql.numbers(product.photos.order_by("position").values_list("pk", flat=True))])
    _show_first(product)


def _show_first(product: Product) -> None:
    first = product.photos.order_by("position").values_list("token", flat=True).first()
    drawing = product.picture.partition("/")[0]
    shown = f"{drawing}/{first}" if first else drawing
    if shown != product.picture:
        Product.objects.filter(pk=product.pk).update(picture=shown)
