"""The addresses of transfers."""

from django.urls import path

from inventory.transfers import views, working

ONE = "transfers/<uuid:public_id>/"

urlpatterns = [
    path("transfers/", views.transfers, name="transfers"),
    path("transfers/new/", views.begin, name="transfer-begin"),
    path("transfers/suggestions/", views.suggestions, name="transfer-suggestions"),
    path(ONE, views.transfer, name="transfer"),
    path(f"{ONE}label/", views.label, name="transfer-label"),
    path(f"{ONE}scans/", working.scan, name="transfer-scans"),
    path(f"{ONE}lines/<int:pk>/", working.line, name="transfer-line"),
    path(f"{ONE}lines/<int:pk>/removal/", working.line_removal, name="transfer-line-removal"),
    path(f"{ONE}readiness/", working.readiness, name="transfer-readiness"),
    path(f"{ONE}reopening/", working.reopening, name="transfer-reopening"),
    path(f"{ONE}departure/", working.departure, name="transfer-departure"),
    path(f"{ONE}booking/", working.booking, name="transfer-booking"),
    path(f"{ONE}closing/", working.closing, name="transfer-closing"),
    path(f"{ONE}cancellation/", working.cancellation, name="transfer-cancellation"),
]
