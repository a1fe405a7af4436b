"""Who may call what: every route of the house, by name. A route that is not here fails the build.

The word beside each method is the permission code it needs; `public` and `signed_in` are what they say, `api:` is a
scope.
"""

PUBLIC = "public"
SIGNED_IN = "signed_in"

ROUTES: dict[str, dict[str, str]] = {
    "home": {"GET": SIGNED_IN},
    "sign-in": {"GET": PUBLIC, "POST": PUBLIC},
    "demo-sign-in": {"POST": PUBLIC},
    "sign-out": {"POST": PUBLIC},
    "language": {"POST": PUBLIC},
    "store": {"POST": SIGNED_IN},
    "today": {"GET": "pickups.view"},
    "ready": {"GET": "pickups.view"},
    "scan": {"GET": "pickups.view", "POST": "pickups.view"},
    "picking": {"GET": "pickups.prepare", "POST": "pickups.prepare"},
    "pick-scans": {"POST": "pickups.prepare"},
    "queue-return": {"POST": "pickups.prepare"},
    "pick-line": {"POST": "pickups.prepare"},
    "short-line": {"GET": "pickups.prepare", "POST": "pickups.prepare"},
    "ready-declaration": {"POST": "pickups.prepare"},
    "dispatch": {"POST": "pickups.prepare"},
    "cancellation": {"POST": "pickups.prepare"},
    "label": {"GET": "pickups.view"},
    "hand-over": {"GET": "pickups.hand_over", "POST": "pickups.hand_over"},
    "hand-over-code": {"POST": "pickups.hand_over"},
    "hand-over-identity": {"POST": "pickups.hand_over"},
    "hand-over-undo": {"POST": "pickups.hand_over"},
    "handed-over": {"GET": "pickups.hand_over"},
    "customers": {"GET": "customers.view"},
    "customer": {"GET": "customers.view"},
    "orders": {"GET": "orders.view"},
    "order": {"GET": "orders.view"},
    "day": {"GET": "insights.view"},
    "day-of": {"GET": "insights.view"},
    "day-rows": {"GET": "insights.view"},
    "outbox": {"GET": "messages.view"},
    "message": {"GET": "messages.view"},
    "message-as-customer": {"GET": "messages.view"},
    "api-orders": {"POST": "api:orders.place"},
    "api-order": {"GET": "api:orders.view"},
    "api-availability": {"GET": "api:availability.view"},
    "api-nothing": {"GET": PUBLIC, "POST": PUBLIC},
}

OF_A_STORE = {
    "picking", "pick-scans", "queue-return", "pick-line", "short-line", "ready-declaration", "dispatch", "cancellation",
    "label", "hand-over", "hand-over-code", "hand-over-identity", "hand-over-undo", "handed-over", "order", "message",
    "message-as-customer",
}  # fmt: skip
"""Routes of a thing that belongs to a store: to anybody of another store it does not exist (404)."""
