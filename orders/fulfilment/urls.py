"""The stock room's and the counter's addresses."""

from django.urls import path

from orders.fulfilment import counter, packing_views, promise_views, scanning, views, waves
from orders.fulfilment.printing import views as papers

urlpatterns = [
    path("today/", views.today, name="today"),
    path("ready/", views.ready, name="ready"),
    path("promises/", promise_views.in_danger, name="promises-in-danger"),
    path("scan/", scanning.scan, name="scan"),
    path("scan/camera/", scanning.camera, name="scan-camera"),
    path("pickups/<uuid:public_id>/picking/", views.pick, name="picking"),
    path("pickups/<uuid:public_id>/picking/scans/", views.pick_scan, name="pick-scans"),
    path("pickups/<uuid:public_id>/picking/return/", views.return_to_queue, name="queue-return"),
    path("pickups/<uuid:public_id>/lines/<int:position>/picked/", views.pick_line, name="pick-line"),
    path("pickups/<uuid:public_id>/lines/<int:position>/short/", views.short_line, name="short-line"),
    path("pickups/<uuid:public_id>/ready/", views.declare_ready, name="ready-declaration"),
    path("pickups/<uuid:public_id>/packing/", packing_views.pack_page, name="packing"),
    path("pickups/<uuid:public_id>/packing/scans/", packing_views.pack_scan, name="packing-scans"),
    path("pickups/<uuid:public_id>/packing/lines/<int:position>/", packing_views.pack_line, name="packing-line"),
    path("pickups/<uuid:public_id>/packing/parcels/", packing_views.close_parcel, name="packing-parcels"),
    path("parcels/<uuid:public_id>/label/", packing_views.parcel_label, name="parcel-label"),
    path("parcels/<uuid:public_id>/unpacking/", packing_views.unpack, name="parcel-unpacking"),
    path("pickups/<uuid:public_id>/dispatch/", views.dispatch, name="dispatch"),
    path("pickups/<uuid:public_id>/cancellation/", views.cancel_nothing_found, name="cancellation"),
    path("waves/", waves.wave, name="waves"),
    path("waves/scans/", waves.scan, name="wave-scans"),
    path("waves/picks/", waves.pick, name="wave-picks"),
    path("pick-lists/", papers.pick_lists, name="pick-lists"),
    path("pickups/<uuid:public_id>/label/", papers.label, name="label"),
    path("pickups/<uuid:public_id>/hold-label/", papers.hold_label, name="hold-label"),
    path("pickups/<uuid:public_id>/receipt/", papers.receipt, name="receipt"),
    path("pickups/<uuid:public_id>/hand-over/", counter.hand_over, name="hand-over"),
    path("pickups/<uuid:public_id>/hand-over/code/", counter.check_code, name="hand-over-code"),
    path("pickups/<uuid:public_id>/hand-over/identity/", counter.check_identity, name="hand-over-identity"),
    path("pickups/<uuid:public_id>/hand-over/refusal/", counter.refusal, name="hand-over-refusal"),
    path("pickups/<uuid:public_id>/hand-over/undo/", counter.undo, name="hand-over-undo"),
    path("pickups/<uuid:public_id>/handed-over/", counter.handed_over, name="handed-over"),
]
