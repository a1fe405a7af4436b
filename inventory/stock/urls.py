"""The stock's addresses; its first page stands above, in `inventory.confidence.urls`, the page of a product in
`omni.desk.urls`."""

from django.urls import path

from inventory.stock import count_views, damage_views, ledger_views

urlpatterns = [
    path("stock/<str:sku>/movements/", ledger_views.ledger, name="stock-movements"),
    path("stock/<str:sku>/damaged/", damage_views.damage, name="stock-damage"),
    path("stock/<str:sku>/repaired/", damage_views.repair, name="stock-repair"),
    path("counts/", count_views.counts, name="counts"),
    path("counts/<uuid:public_id>/", count_views.count, name="count"),
    path("counts/<uuid:public_id>/scans/", count_views.scan, name="count-scans"),
    path("counts/<uuid:public_id>/lines/<int:pk>/", count_views.line, name="count-line"),
    path("counts/<uuid:public_id>/lines/<int:pk>/removal/", count_views.line_removal, name="count-line-removal"),
    path("counts/<uuid:public_id>/closing/", count_views.end, name="count-closing"),
    path("counts/<uuid:public_id>/abandonment/", count_views.abandonment, name="count-abandonment"),
]
