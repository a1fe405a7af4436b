"""Answers to what may come instead of missing pieces."""

from django.urls import path

from orders.fulfilment.substitutes import views

urlpatterns = [
    path(
        "o/<str:token>/<uuid:public_id>/substitutes/<uuid:question_id>/", views.customer_answer, name="customer-answer"
    ),
    path("pickups/<uuid:public_id>/substitutes/", views.still_asked, name="substitutes-asked"),
    path("pickups/<uuid:public_id>/substitutes/<uuid:question_id>/", views.clerk_answer, name="substitute-answer"),
]
