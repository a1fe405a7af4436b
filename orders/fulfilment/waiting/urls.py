"""The customer's own page, and what the store does while an order waits."""

from django.urls import path

from orders.fulfilment.waiting import counter_views, views

urlpatterns = [
    path("o/<str:token>/", views.customer_order, name="customer-order"),
    path("o/<str:token>/<uuid:public_id>/here/", views.here, name="customer-here"),
    path("o/<str:token>/<uuid:public_id>/longer/", views.longer, name="customer-longer"),
    path("o/<str:token>/<uuid:public_id>/cancellation/", views.cancellation, name="customer-cancellation"),
    path("o/<str:token>/<uuid:public_id>/rating/", views.visit_rating, name="customer-rating"),
    path("pickups/<uuid:public_id>/keeping/", counter_views.keep_longer, name="keep-longer"),
    path("put-back/", counter_views.bags, name="put-back"),
    path("put-back/scans/", counter_views.scan_piece, name="put-back-scans"),
    path("put-back/<int:pk>/", counter_views.bag_emptied, name="put-back-bag"),
    path("orders/<str:number>/customer-link/", counter_views.renew_link, name="customer-link"),
]
