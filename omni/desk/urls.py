"""The addresses of pages made of several rooms."""

from django.urls import path

from omni.desk import customer_page, home, order_pages, search

urlpatterns = [
    path("", home.home, name="home"),
    path("customers/", search.customers, name="customers"),
    path("customers/<slug:code>/", customer_page.customer, name="customer"),
    path("orders/", order_pages.orders, name="orders"),
    path("orders/<slug:number>/", order_pages.order, name="order"),
]
