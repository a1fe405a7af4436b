"""What the catalogue promises, added up again: what lists show is the first photo, and every photo is there."""

from django.utils.translation import gettext_lazy as _

from inventory.catalog.models import PhotoContent
from omni.lib.invariants import Invariant

SIZES = len(PhotoContent.Size.values)
PICTURE_IS_FIRST_PHOTO = f"""
SELECT product.code AS product, product.picture, known.first, known.photos, known.last, known.whole,
       product.picture = split_part(product.picture, '/', 1) || coalesce('/' || known.first, '')
       AND coalesce(known.photos = known.last AND known.photos = known.whole, true) AS holds
FROM catalog_product product
LEFT JOIN (
    SELECT photo.product_id, count(*) AS photos, max(photo.position) AS last,
           (array_agg(token ORDER BY position))[1] AS first,
           count(*) FILTER (WHERE drawn.sizes = {SIZES}) AS whole
    FROM catalog_productphoto photo
    LEFT JOIN (SELECT photo_id, count(*) AS sizes FROM catalog_photocontent GROUP BY 1) drawn
           ON drawn.photo_id = photo.id
    GROUP BY 1
) known ON known.product_id = product.id
"""  # noqa: S608  (a number of ours)

INVARIANTS = [
    Invariant("C1", _("Lists show a product's first photo, and every photo is there."), PICTURE_IS_FIRST_PHOTO),
]
