"""The catalogue's addresses."""

from django.urls import path

from inventory.catalog import import_views

urlpatterns = [
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
