"""The addresses of pages made of several rooms."""

from django.urls import path

from omni.desk import (
    audit_log,
    customer_page,
    health,
    home,
    jobs,
    more,
    order_pages,
    product_page,
    search,
    style_guide,
    tabs,
)
from omni.desk.order_list import ORDERS
from omni.staff.list_views import routes

urlpatterns = [
    path("", home.home, name="home"),
    path("more/", more.more, name="more"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("changes/", audit_log.audit, name="audit"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/retry/", jobs.retry, name="jobs-retry"),
    path("customers/", search.customers, name="customers"),
    path("customers/<slug:code>/", customer_page.customer, name="customer"),
    path("products/<str:code>/", product_page.product, name="product"),
    path("tabs/close/", tabs.close, name="tab-close"),
    path("ui/", style_guide.style_guide, name="ui"),
    path("ui/dialog/", style_guide.dialog, name="ui-dialog"),
    path("orders/", order_pages.orders, name="orders"),
    *routes(ORDERS),
    path("orders/<slug:number>/", order_pages.order, name="order"),
    path("orders/<slug:number>/cancellation/", order_pages.cancellation, name="order-cancellation"),
]
