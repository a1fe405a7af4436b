"""The addresses of appointments."""

from django.urls import path

from orders.appointments import booking_views, settings_views, views

ONE = "appointments/<uuid:public_id>/"

urlpatterns = [
    path("appointments/", views.appointments, name="appointments"),
    path("appointments/new/", booking_views.book, name="appointment-booking"),
    path("appointments/queue/", views.walk_in, name="walk-in"),
    path(ONE, views.appointment, name="appointment"),
    path(f"{ONE}steps/<slug:step>/", views.step, name="appointment-step"),
    path(f"{ONE}time/", booking_views.move, name="appointment-time"),
    path(f"{ONE}cancellation/", booking_views.cancel, name="appointment-cancellation"),
    path("stores/<slug:code>/appointments/", settings_views.settings, name="store-appointments"),
    path("stores/<slug:code>/appointments/<int:pk>/", settings_views.change, name="store-appointment-offer"),
]
