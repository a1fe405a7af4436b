"""The catalogue's addresses."""

from django.urls import path

from inventory.catalog import import_views, photo_views

urlpatterns = [
    path("photos/<str:token>/<str:size>.webp", photo_views.picture, name="photo"),
    path("products/<str:code>/photos/", photo_views.photos, name="product-photos"),
    path("products/<str:code>/photos/<str:token>/", photo_views.photo, name="product-photo"),
    path("products/<str:code>/photos/<str:token>/removal/", photo_views.removal, name="product-photo-removal"),
    path("catalogue/imports/", import_views.imports, name="catalogue-imports"),
    path("catalogue/imports/<uuid:public_id>/", import_views.one, name="catalogue-import"),
    path("catalogue/imports/<uuid:public_id>/check/", import_views.check, name="catalogue-import-check"),
    path(
        "catalogue/imports/<uuid:public_id>/application/",
        import_views.application,
        name="catalogue-import-application",
    ),
    path("catalogue/imports/<uuid:public_id>/undo/", import_views.undo, name="catalogue-import-undo"),
    path(
        "catalogue/imports/<uuid:public_id>/abandonment/",
        import_views.abandonment,
        name="catalogue-import-abandonment",
    ),
    path("catalogue/imports/<uuid:public_id>/problems/", import_views.problems, name="catalogue-import-problems"),
]
