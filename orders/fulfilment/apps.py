from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "orders.fulfilment"
    label = "fulfilment"

    def ready(self) -> None:
        """The stores are below the orders and know no queue: tell them."""
        from inventory.places import workload
        from orders.fulfilment.workload import lately_in

        workload.told_by(lately_in)
