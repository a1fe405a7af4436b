"""What no service does, for every condition of every invariant: the audit must find each."""


def without_guard(table: str, constraint: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"


def unguarded(table: str) -> str:
    return f"ALTER TABLE {table} DISABLE TRIGGER USER"


LEVEL, LINE, ORDER, VISIT = "stock_stocklevel", "sales_orderline", "sales_order", "appointments_appointment"
COPIED_MOVEMENT = (
    "INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference)"
    " SELECT location_id, variant_id, kind, quantity, reference FROM stock_stockmovement LIMIT 1"
)
COPIED_RESERVATION = (
    "INSERT INTO stock_reservation (location_id, variant_id, reference, quantity)"
    " SELECT location_id, variant_id, reference, quantity FROM stock_reservation LIMIT 1"
)
NOT_OVERSOLD = without_guard(LEVEL, "stock_level_never_oversold")

NO_QUESTIONS = ("DELETE FROM substitutes_substitute", "DELETE FROM substitutes_substitutequestion")

ANSWERED = "INSERT INTO staff_answeredrequest (client, key, fingerprint, status, body) VALUES ('c', 'k', 'f', 1, '')"

NO_PARCELS = [
    unguarded("parcels_trackingevent"),
    *(f"DELETE FROM parcels_{one}" for one in ("trackingevent", "parcelline", "parcel")),
]

TAMPERINGS: dict[str, list[list[str]]] = {
    "S1": [
        [NOT_OVERSOLD, "UPDATE stock_stocklevel SET reserved = on_hand + 1"],
        [
            without_guard(LEVEL, "stock_level_not_negative"),
            *("UPDATE stock_stocklevel SET safety_stock = -1",),
        ],
        [
            NOT_OVERSOLD,
            without_guard(LEVEL, "stock_level_damaged_is_on_hand"),
            "UPDATE stock_stocklevel SET damaged = on_hand + 1, backorder_limit = 1000",
        ],
        [NOT_OVERSOLD, "UPDATE stock_stocklevel SET backorder_limit = -1 WHERE reserved = 0"],
    ],
    "S2": [
        ["UPDATE stock_stocklevel SET on_hand = on_hand + 1"],
        ["UPDATE stock_stocklevel SET damaged = damaged + 1"],
        [
            "INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference)"
            " SELECT location_id, variant_id, 'vanished', 1, 'x' FROM stock_stocklevel LIMIT 1"
        ],
        [
            "INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference)"
            " SELECT (SELECT min(id) FROM places_location), max(id), 'opened', 1, 'x' FROM catalog_variant",
            "DELETE FROM stock_stocklevel WHERE location_id = (SELECT min(id) FROM places_location)"
            " AND variant_id = (SELECT max(id) FROM catalog_variant)",
        ],
    ],
    "S3": [
        ["UPDATE stock_stocklevel SET reserved = reserved + 1"],
        [unguarded("stock_reservation"), "DELETE FROM stock_reservation"],
        ["UPDATE stock_stocklevel SET reserved = 0"],
    ],
    "S4": [
        [without_guard("stock_stockmovement", "stock_movement_once_per_cause"), COPIED_MOVEMENT],
        [
            unguarded("stock_stockmovement"),
            without_guard("stock_stockmovement", "stock_movement_quantity_positive"),
            "UPDATE stock_stockmovement SET quantity = -quantity",
        ],
    ],
    "S7": [[unguarded("stock_stockmovement"), "UPDATE stock_stockmovement SET reason = '' WHERE kind = 'damaged'"]],
    "R1": [
        [
            unguarded("stock_reservation"),
            without_guard("stock_reservation", "reservation_gives_what_it_holds"),
            without_guard("stock_reservation", "reservation_expired_is_released"),
            f"UPDATE stock_reservation SET {change} WHERE expires_at IS NULL",
        ]
        for change in (
            "released = quantity + 1",
            "quantity = 0, fulfilled = 0, released = 0",
            "fulfilled = -1, released = 0",
            "released = -1, fulfilled = 0",
        )
    ],
    "S8": [
        [unguarded("stock_stockchange"), "DELETE FROM stock_stockchange"],
        [unguarded("stock_stockchange"), "UPDATE stock_stockchange SET reserved = reserved + 1"],
        [unguarded("stock_stocklevel"), "UPDATE stock_stocklevel SET version = version + 1"],
        [unguarded("stock_stocklevel"), "UPDATE stock_stocklevel SET incoming = incoming + 1"],
    ],
    "S9": [
        [unguarded("stock_countline"), "UPDATE stock_countline SET counted = counted + 1 WHERE reason <> ''"],
        [
            unguarded("stock_countline"),
            "UPDATE stock_countline SET expected = NULL WHERE expected IS NOT NULL AND counted = expected",
        ],
        [unguarded("stock_countline"), "UPDATE stock_countline SET reason = 'other' WHERE reason <> ''"],
        [unguarded("stock_countline"), "DELETE FROM stock_countline WHERE reason <> ''"],
        ["UPDATE stock_countline SET expected = counted WHERE expected IS NULL"],
        [
            "INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference, reason)"
            " SELECT count.location_id, line.variant_id, 'counted_less', 1, 'count:' || count.public_id, 'other'"
            " FROM stock_stockcount count JOIN stock_countline line ON line.count_id = count.id"
            " WHERE count.status = 'open' LIMIT 1"
        ],
    ],
    "S5": [
        [unguarded("transfers_transferline"), f"UPDATE transfers_transferline SET {change}"]
        for change in (
            "sent = sent + 1 WHERE transfer_id = (SELECT id FROM transfers_transfer WHERE status = 'in_transit')",
            "missing = 0 WHERE missing > 0",
            "damaged = 0 WHERE damaged > 0",
            "missing = 1, reason = 'other' WHERE transfer_id ="
            " (SELECT id FROM transfers_transfer WHERE status = 'in_transit')",
        )
    ]
    + [
        [
            unguarded("transfers_transferline"),
            without_guard("transfers_transferline", "transfer_line_misses_no_more_than_was_sent"),
            "UPDATE transfers_transferline SET received = received + 1 WHERE missing > 0",
        ],
        [unguarded("transfers_transferline"), "DELETE FROM transfers_transferline WHERE missing > 0"],
        [
            unguarded("transfers_transfer"),
            "UPDATE transfers_transfer SET status = 'draft', sent_at = NULL, sent_by_id = NULL"
            " WHERE status = 'in_transit'",
        ],
        [
            "INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference)"
            " SELECT goods.destination_id, line.variant_id, 'transferred_in', 1, 'transfer:' || goods.public_id || '/9'"
            " FROM transfers_transfer goods JOIN transfers_transferline line ON line.transfer_id = goods.id LIMIT 1"
        ],
    ],
    "S10": [
        ["UPDATE stock_stocklevel SET incoming = incoming + 1"],
        ["UPDATE stock_stocklevel SET incoming = 0"],
        [
            unguarded("transfers_transferline"),
            "UPDATE transfers_transferline SET received = sent WHERE received < sent AND missing = 0",
        ],
    ],
    "C1": [
        ["UPDATE catalog_product SET picture = 'general/AAAAAAAAAAAAAAAA'"],
        ["UPDATE catalog_product SET picture = split_part(picture, '/', 1)"],
        ["UPDATE catalog_productphoto SET position = position + 1"],
        ["DELETE FROM catalog_photocontent WHERE size = 'small'"],
    ],
    "R7": [
        [
            "UPDATE transfers_transferline SET asked = asked + 1 WHERE transfer_id ="
            " (SELECT id FROM transfers_transfer WHERE status = 'ready')"
        ],
        ["UPDATE transfers_transfer SET status = 'draft' WHERE status = 'ready'"],
        [
            "INSERT INTO stock_reservation (location_id, variant_id, reference, quantity)"
            " SELECT location_id, variant_id, 'transfer:nobody', 1 FROM stock_stocklevel LIMIT 1"
        ],
    ],
    "R2": [
        [
            unguarded("stock_reservation"),
            without_guard("stock_reservation", constraint),
            f"UPDATE stock_reservation SET {change}",
        ]
        for constraint, change in (
            ("reservation_expired_is_released", "expired = released + 1"),
            ("reservation_that_ended_is_not_held", "expires_at = now() WHERE quantity = released"),
            (
                "reservation_is_confirmed_before_it_is_fulfilled",
                "expires_at = now(), quantity = quantity + 1 WHERE fulfilled > 0",
            ),
        )
    ],
    "R4": [[without_guard("stock_reservation", "reservation_once_per_cause"), COPIED_RESERVATION]],
    "R5": [
        [
            "UPDATE stock_reservation SET released = released + 1"
            " WHERE quantity > fulfilled + released AND expires_at IS NULL"
        ],
        [
            "UPDATE stock_reservation SET fulfilled = fulfilled + 1"
            " WHERE quantity > fulfilled + released AND expires_at IS NULL"
        ],
        ["UPDATE stock_reservation SET quantity = quantity + 1"],
        [unguarded("stock_reservation"), "DELETE FROM stock_reservation"],
        [
            "INSERT INTO stock_reservation (location_id, variant_id, reference, quantity)"
            " SELECT location_id, variant_id, 'nobody', 1 FROM stock_stocklevel LIMIT 1"
        ],
    ],
    "R6": [
        ["UPDATE fulfilment_fulfilmentline SET collected = 0"],
        [
            "INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference)"
            " SELECT location_id, variant_id, 'sold', 1, 'nobody/1' FROM stock_stocklevel LIMIT 1"
        ],
    ],
    "O1": [
        ["UPDATE sales_orderline SET dropped_quantity = 1"],
        ["UPDATE sales_orderline SET dropped_quantity = 0"],
        ["UPDATE fulfilment_fulfilmentline SET quantity = quantity + 1"],
        ["UPDATE fulfilment_fulfilmentline SET rerouted = short WHERE short > 0"],
        ["UPDATE fulfilment_fulfilmentline SET refused = 1 WHERE picked > collected"],
        [*NO_QUESTIONS, *NO_PARCELS, "DELETE FROM fulfilment_handoverline", "DELETE FROM fulfilment_fulfilmentline"],
    ],
    "O2": [
        ["UPDATE sales_order SET status = 'open' WHERE status = 'completed'"],
        ["UPDATE sales_order SET status = 'completed' WHERE status = 'open'"],
        ["UPDATE sales_order SET status = 'cancelled' WHERE status = 'open'"],
        ["UPDATE sales_order SET also_at = ARRAY[(SELECT max(id) FROM places_location)]"],
        ["UPDATE sales_order SET closed_under = '' WHERE status = 'completed'"],
        [
            "DELETE FROM fulfilment_handoverline",
            *NO_QUESTIONS,
            *NO_PARCELS,
            "DELETE FROM fulfilment_fulfilmentline",
            "DELETE FROM fulfilment_handover",
            unguarded("fulfilment_loweredpromise"),
            "DELETE FROM fulfilment_loweredpromise",
            "DELETE FROM fulfilment_escalation",
            *(f"DELETE FROM waiting_{one}" for one in ("arrival", "extension", "rating", "restockline", "restock")),
            "DELETE FROM fulfilment_fulfilment",
        ],
    ],
    "P5": [
        ["UPDATE fulfilment_handover SET undone_at = now()"],
        ["DELETE FROM fulfilment_handoverline"],
        ["UPDATE fulfilment_handoverline SET refused = refused + 1"],
        ["UPDATE fulfilment_fulfilment SET status = 'collected', ended_at = now() WHERE status = 'ready'"],
        ["UPDATE fulfilment_fulfilment SET kind = 'ship' WHERE status = 'ready'"],
        [
            "UPDATE fulfilment_fulfilment SET hold_place_id = (SELECT max(id) FROM places_holdplace)"
            " WHERE status = 'ready'"
        ],
        *(
            [
                without_guard("fulfilment_fulfilment", "fulfilment_ready_has_place_code_and_end"),
                f"UPDATE fulfilment_fulfilment SET {change} WHERE id = (SELECT min(id) FROM fulfilment_fulfilment"
                " WHERE status = 'ready')",
            ]
            for change in ("code_hash = ''", "keep_until = NULL", "hold_place_id = NULL")
        ),
        ["UPDATE fulfilment_fulfilment SET kind = 'pickup' WHERE status = 'dispatched'"],
        ["UPDATE fulfilment_fulfilment SET kind = 'ship' WHERE status = 'expired'"],
    ],
    "P6": [[unguarded("stock_reservation"), "UPDATE stock_reservation SET released = 0"]],
    "P6b": [["UPDATE fulfilment_fulfilment SET keep_until = now() - interval '11 minutes'"]],
    "O3": [
        ["UPDATE sales_order SET reserved = NOT reserved"],
        ["UPDATE sales_order SET customer_id = NULL WHERE reserved"],
        ["UPDATE fulfilment_fulfilment SET kind = 'pickup' WHERE kind = 'reservation'"],
        [
            "INSERT INTO payments_payment (order_id, kind, tender, amount, currency, reference)"
            " SELECT id, 'capture', 'cash', 100, 'EUR', 'early' FROM sales_order WHERE reserved"
        ],
        [
            "INSERT INTO loyalty_entry (debit_id, credit_id, points, kind, stage, cause, reference, location_id)"
            " SELECT debit_id, credit_id, 1, 'earn', 'pending', placed.number, placed.number, placed.location_id"
            " FROM sales_order placed, (SELECT debit_id, credit_id FROM loyalty_entry LIMIT 1) known"
            " WHERE placed.reserved AND placed.status = 'open'"
        ],
    ],
    "P7": [
        ["UPDATE fulfilment_fulfilment SET promised_at = promised_at + interval '1 hour'"],
        [unguarded("fulfilment_loweredpromise"), "DELETE FROM fulfilment_loweredpromise"],
        [unguarded("fulfilment_loweredpromise"), "UPDATE fulfilment_loweredpromise SET number = 2"],
        [unguarded("sales_orderevent"), "DELETE FROM sales_orderevent WHERE kind = 'promise_lowered'"],
        [
            "INSERT INTO fulfilment_loweredpromise (fulfilment_id, number, before, after)"
            " SELECT fulfilment_id, 2, before, after + interval '1 hour' FROM fulfilment_loweredpromise LIMIT 1",
        ],
    ],
    "M1": [
        *(
            [without_guard(LINE, "order_line_total_is_gross_less_discount"), f"UPDATE sales_orderline SET {change}"]
            for change in ("total = total + 1", "discount = -1, total = gross + 1", "discount = gross + 1, total = -1")
        ),
        *(
            [
                without_guard(LINE, "order_line_gross_is_quantity_times_price"),
                without_guard(LINE, "order_line_total_is_gross_less_discount"),
                without_guard(LINE, "order_line_drops_no_more_than_ordered"),
                f"UPDATE sales_orderline SET {change}",
            ]
            for change in (
                *("gross = gross + 1, total = total + 1", "quantity = 0, gross = 0, total = 0, dropped_quantity = 0"),
                "unit_price = -1, gross = -quantity, discount = 0, total = -quantity",
            )
        ),
        [
            without_guard(LINE, "order_line_drops_no_more_than_ordered"),
            "UPDATE sales_orderline SET dropped_quantity = quantity + 1",
        ],
    ],
    "M2": [
        ["UPDATE sales_orderline SET tax = tax + 1"],
        ["UPDATE sales_order SET lines_total = lines_total + 1, total = total + 1"],
        ["UPDATE sales_order SET dropped = 1 WHERE dropped = 0"],
        ["UPDATE sales_orderline SET dropped_quantity = 1 WHERE dropped_quantity = 0"],
        [without_guard(ORDER, "order_total_is_lines_less_discount"), "UPDATE sales_order SET total = total + 1"],
        [
            without_guard(ORDER, "order_total_not_negative"),
            without_guard(ORDER, "order_drops_no_more_than_its_total"),
            "UPDATE sales_order SET discount = lines_total + 1, total = -1",
        ],
        [
            without_guard(ORDER, "order_total_is_lines_less_discount"),
            "UPDATE sales_order SET discount = -1, total = lines_total + 1",
        ],
        [
            "DELETE FROM fulfilment_handoverline",
            *NO_QUESTIONS,
            *NO_PARCELS,
            "DELETE FROM fulfilment_fulfilmentline",
            "DELETE FROM sales_orderline",
        ],
    ],
    "M5": [
        [
            without_guard(ORDER, "order_external_ref_once_per_channel"),
            "UPDATE sales_order SET external_ref = 'W-1'",
        ],
        [
            without_guard("staff_answeredrequest", "answered_request_client_key_once"),
            *([ANSWERED] * 2),
        ],
    ],
    "X1": [
        [unguarded("sales_orderevent"), "DELETE FROM sales_orderevent WHERE kind = 'order_placed'"],
        [unguarded("sales_orderevent"), "DELETE FROM sales_orderevent WHERE kind = 'dispatched'"],
        [unguarded("sales_orderevent"), "DELETE FROM sales_orderevent WHERE kind = 'order_cancelled'"],
        ["UPDATE sales_order SET imported = true"],
    ],
    "X1c": [
        [unguarded("sales_orderevent"), "DELETE FROM sales_orderevent WHERE kind = 'handed_over'"],
        [unguarded("sales_orderevent"), "DELETE FROM sales_orderevent WHERE kind = 'dispatched'"],
        [unguarded("sales_orderevent"), "DELETE FROM sales_orderevent WHERE kind = 'order_cancelled'"],
    ],
    "X1b": [[unguarded("sales_orderevent"), "UPDATE sales_orderevent SET created_at = now() - interval '2 minutes'"]],
    "M3": [
        [unguarded("payments_payment"), "UPDATE payments_payment SET currency = 'CHF'"],
        [unguarded("payments_payment"), "UPDATE payments_payment SET currency = 'CHF' WHERE kind = 'refund'"],
        [unguarded("payments_payment"), "UPDATE payments_payment SET currency = 'USD' WHERE kind = 'refund'"],
        [unguarded("payments_payment"), "UPDATE payments_payment SET amount = amount * 9 WHERE kind = 'refund'"],
        [
            unguarded("payments_payment"),
            without_guard("payments_payment", "payment_amount_positive"),
            "UPDATE payments_payment SET amount = 0",
        ],
    ],
    "M6": [
        [unguarded("payments_payment"), "UPDATE payments_payment SET amount = amount + 1"],
        [unguarded("payments_payment"), "DELETE FROM payments_payment"],
        [
            "INSERT INTO payments_payment (order_id, kind, tender, amount, currency, reference)"
            f" SELECT id, 'capture', 'cash', total + 1, 'EUR', 'x' FROM sales_order WHERE status = '{status}'"
            for status in ("cancelled",)
        ],
        [
            "INSERT INTO payments_payment (order_id, kind, tender, amount, currency, reference)"
            " SELECT id, 'capture', 'cash', total + 1, 'EUR', 'x' FROM sales_order WHERE status = 'open'"
        ],
    ],
    "M9": [[unguarded("payments_payment"), "UPDATE payments_payment SET tender = 'other' WHERE kind = 'refund'"]],
    "L1": [
        [
            unguarded("loyalty_entry"),
            without_guard("loyalty_entry", "entry_has_two_accounts"),
            "UPDATE loyalty_entry SET debit_id = credit_id",
        ],
        [
            unguarded("loyalty_entry"),
            without_guard("loyalty_entry", "entry_points_positive"),
            "UPDATE loyalty_entry SET points = 0",
        ],
        [
            "INSERT INTO loyalty_programme (code, name, cents_per_point, posts_after_days) VALUES ('x', 'X', 1, 0)",
            "UPDATE loyalty_account SET programme_id = (SELECT max(id) FROM loyalty_programme) WHERE kind = 'wallet'",
        ],
    ],
    "L2": [
        [unguarded("loyalty_entry"), "UPDATE loyalty_entry SET points = points + 1 WHERE stage = 'pending'"],
        ["UPDATE loyalty_account SET posted = posted + 1 WHERE kind = 'wallet'"],
    ],
    "L3": [
        [without_guard("loyalty_account", "account_never_overdrawn"), f"UPDATE loyalty_account SET {balance} = -1"]
        for balance in ("posted", "pending")
    ],
    "L4": [
        [
            "INSERT INTO loyalty_entry (debit_id, credit_id, points, kind, stage, cause, reference)"
            " SELECT debit_id, credit_id, points, 'earn', 'posted', cause, 'twice/' || id FROM loyalty_entry"
            " WHERE stage = 'posts'"
        ],
        [
            "INSERT INTO loyalty_entry (debit_id, credit_id, points, kind, stage, cause, reference)"
            " SELECT credit_id, debit_id, points + 1, 'reverse', 'posted', cause, 'back/' || id FROM loyalty_entry"
            " WHERE stage = 'pending'"
        ],
        [unguarded("loyalty_entry"), "UPDATE loyalty_entry SET cause = 'nobody' WHERE stage = 'posts'"],
        [
            "INSERT INTO loyalty_entry (debit_id, credit_id, points, kind, stage, cause, reference)"
            " SELECT debit_id, credit_id, points, 'earn', 'posted', cause, cause FROM loyalty_entry"
            " WHERE reference = cause"
        ],
    ],
    "L6": [
        ["UPDATE loyalty_account SET posted = posted + 1 WHERE kind = 'wallet'"],
        ["UPDATE loyalty_account SET pending = pending + 1 WHERE kind = 'wallet'"],
        ["UPDATE loyalty_account SET posted = 1 WHERE kind = 'issue'"],
        ["UPDATE loyalty_account SET pending = 1 WHERE kind = 'issue'"],
    ],
    "L10": [
        [unguarded("loyalty_entry"), "UPDATE loyalty_entry SET points = points + 1 WHERE stage = 'voids'"],
        [unguarded("loyalty_entry"), "UPDATE loyalty_entry SET cause = 'nobody' WHERE stage = 'posts'"],
        [
            unguarded("loyalty_entry"),
            "UPDATE loyalty_entry SET debit_id = credit_id, credit_id = debit_id WHERE stage = 'posts'",
        ],
        [
            unguarded("loyalty_entry"),
            "UPDATE loyalty_entry SET settles_id = id WHERE stage = 'posts'",
        ],
        [
            unguarded("loyalty_entry"),
            "UPDATE loyalty_entry SET settles_id = (SELECT max(id) FROM loyalty_entry WHERE stage = 'posted')"
            " WHERE id = (SELECT max(id) FROM loyalty_entry WHERE stage = 'posts')",
        ],
    ],
    "A1": [
        [
            without_guard(VISIT, "appointment_seat_is_one_of_the_offer"),
            f"UPDATE {VISIT} SET of_seats = 1 WHERE kind = 'booked'",
        ],
    ],
    "A2": [
        [
            without_guard(VISIT, "appointment_seat_holds_one_at_a_time"),
            f"UPDATE {VISIT} SET seat = 1 WHERE kind = 'booked'",
        ],
        [
            without_guard(VISIT, "appointment_seat_is_one_of_the_offer"),
            f"UPDATE {VISIT} SET seat = of_seats + 1 WHERE status = 'expected' AND seat = 1",
        ],
    ],
    "A3": [
        [
            unguarded("appointments_appointmentevent"),
            "DELETE FROM appointments_appointmentevent WHERE kind = 'appointment_booked'",
        ],
        [f"UPDATE {VISIT} SET status = 'cancelled', ended_at = now() WHERE kind = 'booked' AND status = 'expected'"],
        [f"UPDATE {VISIT} SET starts_at = starts_at - interval '1 minute' WHERE status = 'expected' AND seat = 1"],
        [
            unguarded("appointments_appointmentevent"),
            "UPDATE appointments_appointmentevent SET data = data - 'event' WHERE kind = 'step_undone'",
        ],
        [
            "INSERT INTO appointments_appointmentevent (appointment_id, location_id, actor_id, kind, data, device)"
            " SELECT appointment_id, location_id, actor_id, 'came_without_appointment', '{}', ''"
            " FROM appointments_appointmentevent WHERE kind = 'customer_served' LIMIT 1"
        ],
    ],
    "U1": [
        ["UPDATE substitutes_substitutequestion SET quantity = 99"],
        ["UPDATE substitutes_substitutequestion SET worth = 1 WHERE status = 'accepted'"],
        ["UPDATE sales_orderline SET instead_of_id = id WHERE instead_of_id IS NOT NULL"],
        [
            "DELETE FROM substitutes_substitute WHERE question_id IN"
            " (SELECT id FROM substitutes_substitutequestion WHERE status = 'accepted')"
        ],
    ],
    "U2": [
        [
            "UPDATE stock_reservation SET quantity = quantity + 1 WHERE reference ^@ 'hold:substitute'"
            " AND quantity > released"
        ],
        ["UPDATE substitutes_substitutequestion SET status = 'expired', answered_at = now() WHERE status = 'open'"],
    ],
    "U3": [
        ["UPDATE substitutes_substitutequestion SET status = 'declined', bought_id = NULL WHERE status = 'accepted'"]
    ],
    "W1": [["UPDATE fulfilment_fulfilment SET status = 'cancelled', ended_at = now() WHERE status = 'ready'"]],
    "W2": [
        ["DELETE FROM waiting_restockline", "DELETE FROM waiting_restock"],
        ["DELETE FROM waiting_restockline WHERE put_back > 0"],
        ["UPDATE waiting_restockline SET quantity = quantity + 1"],
        ["UPDATE waiting_restock SET done_at = now(), done_by_id = (SELECT min(id) FROM staff_user)"],
        [
            without_guard("waiting_restock", "waiting_restock_fulfilment_id_key"),
            "INSERT INTO waiting_restock (fulfilment_id, location_id, created_at)"
            " SELECT fulfilment_id, location_id, now() FROM waiting_restock LIMIT 1",
        ],
        [
            "UPDATE waiting_restock SET fulfilment_id ="
            " (SELECT min(id) FROM fulfilment_fulfilment WHERE status = 'ready')"
            " WHERE id = (SELECT min(id) FROM waiting_restock)"
        ],
    ],
    "W3": [
        [
            "INSERT INTO customers_message (customer_id, channel, template, language, recipient, subject, reference,"
            " facts, location_id, status, attempts) SELECT customer_id, channel, template, language, recipient,"
            " subject, 'again', facts, location_id, status, attempts FROM customers_message"
            " WHERE template = 'pickup_reminder'",
        ],
        ["UPDATE fulfilment_fulfilment SET ready_at = now() + interval '1 hour'"],
    ],
    "W4": [
        ["UPDATE fulfilment_fulfilment SET keep_until = keep_until + interval '1 day' WHERE status = 'ready'"],
        ["UPDATE waiting_extension SET kept_until = kept_until - interval '1 day' WHERE actor_id IS NOT NULL"],
    ],
    "W5": [["UPDATE waiting_rating SET created_at = created_at - interval '1 day'"]],
    "K1": [
        ["UPDATE fulfilment_fulfilmentline SET packed = packed - 1 WHERE packed > 0"],
        ["UPDATE fulfilment_fulfilmentline SET packed = picked WHERE picked > packed"],
        ["UPDATE parcels_parcelline SET quantity = quantity + 1"],
        ["UPDATE parcels_parcel SET cancelled_at = now() WHERE cancelled_at IS NULL"],
        [
            without_guard("fulfilment_fulfilmentline", "fulfilment_line_packs_what_was_picked"),
            without_guard("fulfilment_fulfilmentline", "fulfilment_line_collects_what_was_picked"),
            "UPDATE fulfilment_fulfilmentline SET picked = 0 WHERE packed > 0",
        ],
    ],
    "K2": [
        ["UPDATE fulfilment_fulfilment SET kind = 'pickup' WHERE kind = 'ship'"],
        ["DELETE FROM parcels_parcelline"],
        [
            "UPDATE parcels_parcelline SET line_id = (SELECT min(id) FROM fulfilment_fulfilmentline)"
            " WHERE id = (SELECT min(id) FROM parcels_parcelline)"
        ],
        [
            "UPDATE parcels_parcel SET cancelled_at = NULL WHERE cancelled_at IS NOT NULL",
            "UPDATE fulfilment_fulfilment SET status = 'cancelled' WHERE status = 'dispatched'",
        ],
        [
            "UPDATE fulfilment_fulfilment SET status = 'dispatched', ended_at = now()"
            " WHERE id IN (SELECT fulfilment_id FROM parcels_parcel WHERE packed_at IS NULL)"
        ],
    ],
    "K3": [
        ["UPDATE fulfilment_fulfilmentline SET packed = 1 WHERE packed = 2"],
        [
            "UPDATE fulfilment_fulfilment SET status = 'dispatched', ended_at = now()"
            " WHERE id IN (SELECT fulfilment_id FROM parcels_parcel WHERE packed_at IS NULL)"
        ],
    ],
    "K4": [
        [unguarded("parcels_trackingevent"), "UPDATE parcels_trackingevent SET carrier = 'other'"],
        [unguarded("parcels_trackingevent"), "UPDATE parcels_trackingevent SET kind = 'lost'"],
        [
            without_guard("parcels_parcel", "parcel_booked_has_number_and_label"),
            "UPDATE parcels_parcel SET booked_at = NULL",
        ],
    ],
    "K5": [
        [unguarded("sales_orderevent"), "DELETE FROM sales_orderevent WHERE kind = 'parcel_packed'"],
        [unguarded("sales_orderevent"), "DELETE FROM sales_orderevent WHERE kind = 'parcel_taken_apart'"],
        ["UPDATE parcels_parcel SET cancelled_at = NULL"],
    ],
    "K6": [
        [
            "INSERT INTO customers_message (customer_id, channel, template, language, recipient, subject, reference,"
            " facts, location_id, status, attempts) SELECT customer_id, channel, template, language, recipient,"
            " subject, 'again', facts, location_id, status, attempts FROM customers_message"
            " WHERE template = 'parcel_at_relay'",
        ],
        ["UPDATE fulfilment_fulfilment SET kind = 'ship' WHERE kind = 'relay'"],
        [unguarded("parcels_trackingevent"), "DELETE FROM parcels_trackingevent WHERE kind = 'at_relay'"],
    ],
    "DB": [
        [unguarded("loyalty_entry")],
        [NOT_OVERSOLD],
        ["DROP INDEX fulfilment_code_once_per_store"],
        [f"{NOT_OVERSOLD}, ADD CONSTRAINT stock_level_never_oversold CHECK (reserved <= on_hand) NOT VALID"],
    ],
}
