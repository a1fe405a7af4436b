"""The walls of the database: each constraint refuses, alone, what its name says; each ledger refuses to be edited.

Every case has its twin: without the guard the same statement passes, so it is this guard that refuses and no other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pgtrigger
import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import DatabaseError, IntegrityError, ProgrammingError, models, transaction
from django.utils import timezone

from inventory.catalog.models import ImportWork
from inventory.confidence.models import CountAdvice, CountList
from inventory.confidence.services import learning
from inventory.places.models import Location
from omni.demo.models import Clock
from omni.lib import sql
from omni.lib.retry import constraint_name
from omni.staff.list_models import BulkItem, BulkRun, ChosenColumns, Export, SavedView
from omni.staff.models import User
from omni.staff.sign_in_models import AtWork, Device, DeviceCode, Draft, Pin, RecoveryCode, Tries
from tests import factories, ways
from tests.catalogue import files
from tests.house import House

pytestmark = pytest.mark.django_db


def again(table: str, where: str = "true", **otherwise: str) -> str:
    """Return the statement that writes a row of the table once more, with some columns otherwise."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    columns = [field.column for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
    chosen = ", ".join(otherwise.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} WHERE {where} LIMIT 1"


def where_first(table: str) -> str:
    return f"WHERE id = (SELECT min(id) FROM {table})"


NEW_ID = "gen_random_uuid()"
EXPECTED = "kind = 'booked' AND status = 'expected'"
OF_AN_OPEN_COUNT = "count_id = (SELECT id FROM stock_stockcount WHERE status = 'open')"
OF_A_DRAFT = "transfer_id = (SELECT id FROM transfers_transfer WHERE status = 'draft')"
OF_ONE_ON_ITS_WAY = "transfer_id = (SELECT id FROM transfers_transfer WHERE status = 'in_transit')"
OF_ONE_RECEIVED = "transfer_id = (SELECT id FROM transfers_transfer WHERE status = 'received')"
SPECIAL_DAY = (
    'INSERT INTO places_specialday (location_id, "on", opens_at, closes_at, reason)'
    " SELECT min(id), '2030-12-25', {hours}, 'Christmas' FROM places_location"
)
CASES: dict[str, tuple[str, ...]] = {
    "demo_has_one_clock": ("UPDATE demo_clock SET id = 2",),
    "demo_opens_after_its_past": ("UPDATE demo_clock SET past_until = opened_at + interval '1 second'",),
    "demo_clock_goes_forward": ("UPDATE demo_clock SET moved = interval '-1 second'",),
    "staff_store_access_once": (again("staff_storeaccess"),),
    "api_key_expires_after_birth": (
        "INSERT INTO staff_apikey (owner_id, name, prefix, secret_hash, channel, scopes, expires_at)"
        " SELECT id, 'old', 'p', 'h', 'web', '{}', now() - interval '1 day' FROM staff_user LIMIT 1",
    ),
    "device_revoked_by_somebody": ("UPDATE staff_device SET revoked_at = now()",),
    "device_code_expires_after_birth": ("UPDATE staff_devicecode SET expires_at = made_at",),
    "pin_once_per_device_and_person": (again("staff_pin"),),
    "pin_tries_have_an_end": ("UPDATE staff_pin SET wrong_tries = 6",),
    "recovery_code_once_per_person": (again("staff_recoverycode"),),
    "staff_tries_counted_once": (again("staff_tries"),),
    "draft_once_per_person_and_address": (again("staff_draft"),),
    "saved_view_name_once_per_person": (again("staff_savedview", public_id="gen_random_uuid()"),),
    "saved_view_has_a_name": ("UPDATE staff_savedview SET name = ''",),
    "saved_view_shared_with_a_team_or_a_store": (
        "UPDATE staff_savedview SET role_id = (SELECT min(id) FROM staff_role),"
        " location_id = (SELECT min(id) FROM places_location)",
    ),
    "chosen_columns_once_per_person_and_view": (again("staff_chosencolumns"),),
    "bulk_run_once_per_form": (again("staff_bulkrun", public_id="gen_random_uuid()"),),
    "bulk_run_ended_was_begun": ("UPDATE staff_bulkrun SET ended_at = now()",),
    "bulk_item_once_per_run": (again("staff_bulkitem"),),
    "export_rows_not_negative": ("UPDATE staff_export SET rows = -1",),
    "answered_request_client_key_once": (again("staff_answeredrequest"),),
    "reference_version_one_row": ("INSERT INTO reference_version (id, version) VALUES (2, 1)",),
    "identity_leads_to_one_customer": (
        again("customers_identity", customer_id="(SELECT max(id) FROM customers_customer)"),
    ),
    "identity_value_not_empty": (f"UPDATE customers_identity SET value = '' {where_first('customers_identity')}",),
    "message_once_per_cause": (again("customers_message"),),
    "message_sent_has_its_time": ("UPDATE customers_message SET status = 'sent'",),
    "message_dropped_says_why": ("UPDATE customers_message SET status = 'dropped'",),
    "programme_points_have_a_price": ("UPDATE loyalty_programme SET cents_per_point = 0",),
    "account_wallet_has_an_owner": ("UPDATE loyalty_account SET customer_id = NULL WHERE kind = 'wallet'",),
    "account_one_wallet_per_customer": (again("loyalty_account", "kind = 'wallet'"),),
    "account_one_of_each_kind": (again("loyalty_account", "kind = 'issue'"),),
    "account_never_overdrawn": ("UPDATE loyalty_account SET posted = -1 WHERE kind = 'wallet'",),
    "entry_points_positive": (again("loyalty_entry", points="0", reference="'x'"),),
    "entry_has_two_accounts": (again("loyalty_entry", debit_id="credit_id", reference="'x'"),),
    "entry_settlement_names_what_it_settles": (again("loyalty_entry", "stage = 'pending'", stage="'posts'"),),
    "entry_once_per_event": (again("loyalty_entry"),),
    "location_on_earth": ("UPDATE places_location SET latitude = 91",),
    "location_reserves_for_openings": ("UPDATE places_location SET reservation_openings = 0",),
    "location_keeps_a_day": ("UPDATE places_location SET keep_days = 0",),
    "special_day_once_per_location": (SPECIAL_DAY.format(hours="NULL, NULL"),) * 2,
    "special_day_closed_or_open_for_a_while": (SPECIAL_DAY.format(hours="'10:00', '09:00'"),),
    "hold_place_name_once_per_location": (again("places_holdplace"),),
    "variant_gtin_digits": (f"UPDATE catalog_variant SET gtin = '37O1234002149' {where_first('catalog_variant')}",),
    "variant_attributes_are_texts": ("""UPDATE catalog_variant SET attributes = '{"Size": 38}'""",),
    "product_photo_once_per_position": (again("catalog_productphoto", token="'another'"),),
    "product_photo_counts_from_one": ("UPDATE catalog_productphoto SET position = 0 WHERE position = 1",),
    "photo_content_once_per_size": (again("catalog_photocontent"),),
    "photo_content_of_a_bounded_size": ("UPDATE catalog_photocontent SET content = ''",),
    "catalogue_import_applied_by_somebody": ("UPDATE catalog_catalogueimport SET applied_at = now()",),
    "catalogue_import_undone_by_somebody": ("UPDATE catalog_catalogueimport SET undone_at = now()",),
    "catalogue_import_worked_on_once_at_a_time": (again("catalog_importwork"),),
    "import_work_ends_somehow": ("UPDATE catalog_importwork SET ended_at = now()",),
    "import_work_done_within_its_total": ("UPDATE catalog_importwork SET done = total + 1",),
    "import_line_once_per_row": (again("catalog_importline"),),
    "import_row_read_once": (again("catalog_importrow"),),
    "import_change_once_per_row_and_kind": (again("catalog_importchange"),),
    "price_one_start_per_channel": (again("catalog_price"),),
    "price_ends_after_start": ("UPDATE catalog_price SET ends_at = starts_at",),
    "stock_level_one_per_place": (again("stock_stocklevel", version="version + 1000"),),
    "stock_level_not_negative": ("UPDATE stock_stocklevel SET safety_stock = -1",),
    "stock_level_never_oversold": ("UPDATE stock_stocklevel SET reserved = on_hand - damaged + 1",),
    "stock_level_damaged_is_on_hand": ("UPDATE stock_stocklevel SET backorder_limit = 1000, damaged = on_hand + 1",),
    "stock_movement_quantity_positive": (again("stock_stockmovement", quantity="0", reference="'x'"),),
    "stock_movement_once_per_cause": (again("stock_stockmovement"),),
    "reservation_gives_what_it_holds": (
        "UPDATE stock_reservation SET released = quantity - fulfilled + 1 WHERE expires_at IS NULL",
    ),
    "reservation_expired_is_released": ("UPDATE stock_reservation SET expired = released + 1",),
    "reservation_that_ended_is_not_held": (
        "INSERT INTO stock_reservation (location_id, variant_id, reference, quantity, released, expires_at)"
        " SELECT location_id, variant_id, 'x', 2, 2, now() FROM stock_reservation LIMIT 1",
    ),
    "reservation_is_confirmed_before_it_is_fulfilled": (
        "INSERT INTO stock_reservation (location_id, variant_id, reference, quantity, fulfilled, expires_at)"
        " SELECT location_id, variant_id, 'x', 2, 1, now() FROM stock_reservation LIMIT 1",
    ),
    "reservation_once_per_cause": (again("stock_reservation"),),
    "stock_count_ended_by_somebody": ("UPDATE stock_stockcount SET ended_at = now() WHERE status = 'open'",),
    "count_line_once_per_article": (again("stock_countline", OF_AN_OPEN_COUNT),),
    "count_line_not_negative": (f"UPDATE stock_countline SET counted = -1 WHERE {OF_AN_OPEN_COUNT}",),
    "count_line_least_is_not_above_most": (f"UPDATE stock_countline SET least = most + 1 WHERE {OF_AN_OPEN_COUNT}",),
    "count_line_difference_has_a_reason": (
        f"UPDATE stock_countline SET expected = counted + 1 WHERE {OF_AN_OPEN_COUNT}",
    ),
    "count_line_spares_no_more_than_is_missing": (
        f"UPDATE stock_countline SET expected = counted + 1, spared = 2, reason = 'other' WHERE {OF_AN_OPEN_COUNT}",
    ),
    "parked_code_once_per_count": (again("stock_parkedcode", OF_AN_OPEN_COUNT),),
    "parked_code_was_scanned": (f"UPDATE stock_parkedcode SET times = 0 WHERE {OF_AN_OPEN_COUNT}",),
    "transfer_comes_from_another_place_or_a_supplier": (
        "UPDATE transfers_transfer SET origin_id = destination_id WHERE status = 'draft'",
    ),
    "transfer_sent_is_sent_once_it_left": ("UPDATE transfers_transfer SET sent_at = now() WHERE status = 'draft'",),
    "transfer_ended_by_somebody": ("UPDATE transfers_transfer SET ended_at = now() WHERE status = 'draft'",),
    "transfer_line_once_per_article": (again("transfers_transferline", OF_A_DRAFT),),
    "transfer_line_not_negative": (f"UPDATE transfers_transferline SET asked = -1 WHERE {OF_A_DRAFT}",),
    "transfer_line_misses_no_more_than_was_sent": (
        f"UPDATE transfers_transferline SET missing = 1, reason = 'other' WHERE {OF_A_DRAFT}",
    ),
    "transfer_line_damaged_has_been_received": (
        f"UPDATE transfers_transferline SET damaged = 1, reason = 'other' WHERE {OF_A_DRAFT}",
    ),
    "transfer_line_discrepancy_has_a_reason": (f"UPDATE transfers_transferline SET received = 1 WHERE {OF_A_DRAFT}",),
    "unknown_piece_once_per_transfer": (again("transfers_unknownpiece", OF_ONE_ON_ITS_WAY),),
    "unknown_piece_was_scanned": (f"UPDATE transfers_unknownpiece SET times = 0 WHERE {OF_ONE_ON_ITS_WAY}",),
    "sales_rate_sold_something": ("UPDATE transfers_salesrate SET units = 0",),
    "count_finding_once_per_family": (again("confidence_countfinding"),),
    "count_finding_adds_up": ("UPDATE confidence_countfinding SET wrong = lost + 1",),
    "loss_rate_is_never_none": ("UPDATE confidence_lossrate SET per_million = 0",),
    "count_advice_has_its_own_position": (
        again("confidence_countadvice", variant_id="(SELECT max(id) FROM catalog_variant)"),
    ),
    "count_advice_once_per_article": (again("confidence_countadvice", position="9"),),
    "count_advice_is_worth_something": ("UPDATE confidence_countadvice SET value = 0",),
    "appointment_service_offered_once_per_store": (again("appointments_offer"),),
    "appointment_offer_takes_time_and_seats": ("UPDATE appointments_offer SET seats = 0",),
    "appointment_seat_holds_one_at_a_time": (again("appointments_appointment", EXPECTED, public_id=NEW_ID),),
    "appointment_booked_has_a_time": (f"UPDATE appointments_appointment SET ends_at = starts_at WHERE {EXPECTED}",),
    "appointment_seat_is_one_of_the_offer": (
        f"UPDATE appointments_appointment SET of_seats = seat - 1 WHERE {EXPECTED}",
    ),
    "appointment_walk_in_has_a_number": (
        "UPDATE appointments_appointment SET number = NULL WHERE kind = 'walk_in' AND number = 1",
    ),
    "appointment_number_once_per_day": (
        again("appointments_appointment", "kind = 'walk_in' AND number = 1", public_id=NEW_ID),
    ),
    "appointment_is_somebodys": (f"UPDATE appointments_appointment SET name = '' WHERE {EXPECTED}",),
    "appointment_served_by_somebody_once_there": (
        "UPDATE appointments_appointment SET served_by_id = NULL WHERE status = 'with_us'",
    ),
    "appointment_over_has_its_time": (f"UPDATE appointments_appointment SET ended_at = now() WHERE {EXPECTED}",),
    "appointment_walk_in_is_there": (
        "UPDATE appointments_appointment SET status = 'expected' WHERE kind = 'walk_in' AND status = 'waiting'",
    ),
    "brought_article_once_per_appointment": (again("appointments_broughtarticle"),),
    "sourcing_rules_begin_once": (again("sourcing_ruleset"),),
    "sourcing_rules_hold_for_a_while": ("UPDATE sourcing_ruleset SET ends_at = starts_at",),
    "sourcing_parcels_from_1_to_20": ("UPDATE sourcing_ruleset SET most_parcels = 0",),
    "sourcing_weights_add_to_100": ("UPDATE sourcing_ruleset SET for_delay = for_delay + 1",),
    "sourcing_rule_has_its_own_position": (
        again("sourcing_sourcingrule", "kind = 'offers'", kind="'load'", figure="1"),
    ),
    "sourcing_rule_once_per_kind": (again("sourcing_sourcingrule", position="9"),),
    "sourcing_rule_has_the_figure_it_needs": ("UPDATE sourcing_sourcingrule SET figure = NULL",),
    "sourcing_priority_from_0_to_10": (
        "INSERT INTO sourcing_placepriority (location_id, priority) SELECT min(id), 11 FROM places_location",
    ),
    "vat_rate_one_start": (again("pricing_vatrate"),),
    "vat_rate_below_one": ("UPDATE pricing_vatrate SET rate = 10000",),
    "order_external_ref_once_per_channel": ("UPDATE sales_order SET external_ref = 'W-1'",),
    "order_total_is_lines_less_discount": ("UPDATE sales_order SET total = total + 1",),
    "order_total_not_negative": (
        "ALTER TABLE sales_order DROP CONSTRAINT order_drops_no_more_than_its_total",
        "UPDATE sales_order SET lines_total = 0, discount = 1, total = -1",
    ),
    "order_drops_no_more_than_its_total": ("UPDATE sales_order SET dropped = total + 1",),
    "order_line_position_once": (again("sales_orderline"),),
    "order_line_gross_is_quantity_times_price": ("UPDATE sales_orderline SET quantity = quantity + 1",),
    "order_line_total_is_gross_less_discount": ("UPDATE sales_orderline SET total = total - 1",),
    "order_line_drops_no_more_than_ordered": ("UPDATE sales_orderline SET dropped_quantity = quantity + 1",),
    "payment_amount_positive": (again("payments_payment", amount="0", reference="'x'"),),
    "payment_once_per_cause": (again("payments_payment"),),
    "fulfilment_ready_has_place_code_and_end": (
        "UPDATE fulfilment_fulfilment SET hold_place_id = NULL WHERE status = 'ready'",
    ),
    "fulfilment_ended_has_its_time": ("UPDATE fulfilment_fulfilment SET ended_at = now() WHERE status = 'ready'",),
    "fulfilment_collected_was_ready": (
        "UPDATE fulfilment_fulfilment SET ready_at = NULL WHERE status = 'collected' AND kind = 'pickup'",
    ),
    "fulfilment_code_once_per_store": ("UPDATE fulfilment_fulfilment SET code_hash = 'x' WHERE status = 'ready'",),
    "fulfilment_line_once": (again("fulfilment_fulfilmentline"),),
    "fulfilment_line_counts_fit": ("UPDATE fulfilment_fulfilmentline SET picked = quantity - short + 1",),
    "fulfilment_line_collects_what_was_picked": ("UPDATE fulfilment_fulfilmentline SET collected = picked + 1",),
    "fulfilment_line_short_has_a_reason": (
        "UPDATE fulfilment_fulfilmentline SET short_reason = 'damaged' WHERE short = 0",
    ),
    "fulfilment_line_reroutes_what_was_short": ("UPDATE fulfilment_fulfilmentline SET rerouted = short + 1",),
    "fulfilment_relay_keeps_its_point": ("UPDATE fulfilment_fulfilment SET ship_to = NULL WHERE kind = 'relay'",),
    "fulfilment_line_packs_what_was_picked": ("UPDATE fulfilment_fulfilmentline SET packed = picked + 1",),
    "parcel_number_once_per_fulfilment": (
        again("parcels_parcel", "cancelled_at IS NOT NULL", public_id=NEW_ID, tracking_number="'x'"),
    ),
    "parcel_open_one_at_a_time": (again("parcels_parcel", "packed_at IS NULL", public_id=NEW_ID, number="9"),),
    "parcel_packed_by_somebody_for_a_carrier": (
        "UPDATE parcels_parcel SET packed_by_id = NULL WHERE packed_at IS NOT NULL",
    ),
    "parcel_booked_has_number_and_label": ("UPDATE parcels_parcel SET label = NULL WHERE booked_at IS NOT NULL",),
    "parcel_tracking_number_once_per_carrier": (
        again("parcels_parcel", "booked_at IS NOT NULL", public_id=NEW_ID, number="9"),
    ),
    "parcel_weighs_something": ("UPDATE parcels_parcel SET weight_grams = 0",),
    "parcel_line_once_per_slice": (again("parcels_parcelline"),),
    "parcel_line_packs_something": ("UPDATE parcels_parcelline SET quantity = 0",),
    "tracking_event_once_per_carrier": (again("parcels_trackingevent"),),
    "hand_over_line_once": (again("fulfilment_handoverline"),),
    "hand_over_line_gives_something": ("UPDATE fulfilment_handoverline SET collected = 0, refused = 0",),
    "location_has_people_for_seven_days": ("UPDATE places_location SET people_by_day = '{1}'",),
    "at_work_once_per_person_and_store": (again("staff_atwork"),),
    "lowered_promise_once_per_number": (again("fulfilment_loweredpromise"),),
    "lowered_promise_at_most_twice": (again("fulfilment_loweredpromise", number="3"),),
    "lowered_promise_is_later": (again("fulfilment_loweredpromise", number="2", after="before"),),
    "escalation_once_per_point": (again("fulfilment_escalation"),),
    "location_extends_by_days": ("UPDATE places_location SET extension_days = 0",),
    "substitute_question_is_about_something": (
        "UPDATE substitutes_substitutequestion SET quantity = 0",
        "UPDATE substitutes_substitutequestion SET worth = -1",
    ),
    "substitute_question_answered_has_its_time": (
        "UPDATE substitutes_substitutequestion SET answered_at = NULL WHERE status = 'declined'",
    ),
    "substitute_question_accepted_is_bought": (
        "UPDATE substitutes_substitutequestion SET bought_id = NULL WHERE status = 'accepted'",
    ),
    "substitute_asked_once": (again("substitutes_substitutequestion", "status = 'open'", public_id=NEW_ID),),
    "substitute_once_per_question": (again("substitutes_substitute"),),
    "substitute_price_not_negative": ("UPDATE substitutes_substitute SET unit_price = -1",),
    "customer_link_renewed_at_least_once": ("UPDATE waiting_customerlink SET round = 0",),
    "arrival_waits_once_per_fulfilment": (again("waiting_arrival"),),
    "arrival_ends_after_it_began": ("UPDATE waiting_arrival SET ended_at = arrived_at - interval '1 second'",),
    "extension_gives_time": ("UPDATE waiting_extension SET keep_until = kept_until - interval '1 second'",),
    "extension_begins_once_at_an_end": (again("waiting_extension"),),
    "rating_is_one_to_five": ("UPDATE waiting_rating SET stars = 6",),
    "restock_done_by_somebody": ("UPDATE waiting_restock SET done_at = now()",),
    "restock_line_once_per_article": (again("waiting_restockline"),),
    "restock_line_puts_back_what_it_has": ("UPDATE waiting_restockline SET put_back = quantity + 1",),
}

EDITS = {
    ("loyalty_entry", "append_only"): ["UPDATE loyalty_entry SET points = points + 1", "DELETE FROM loyalty_entry"],
    ("stock_stockmovement", "append_only"): [
        *("UPDATE stock_stockmovement SET quantity = quantity + 1", "DELETE FROM stock_stockmovement"),
    ],
    ("stock_stockchange", "append_only"): [
        *("UPDATE stock_stockchange SET on_hand = on_hand + 1", "DELETE FROM stock_stockchange"),
    ],
    ("stock_reservation", "never_deleted"): ["DELETE FROM stock_reservation"],
    ("stock_reservation", "goes_forward"): [
        "UPDATE stock_reservation SET released = released - 1 WHERE released > 0",
        "UPDATE stock_reservation SET quantity = quantity - 1 WHERE quantity > fulfilled + released + 1",
        "UPDATE stock_reservation SET reference = 'x' || reference",
    ],
    ("stock_reservation", "is_not_held_again"): [
        "UPDATE stock_reservation SET expires_at = now() WHERE fulfilled = 0 AND quantity > released",
    ],
    ("stock_stockcount", "never_deleted"): ["DELETE FROM stock_stockcount WHERE status = 'abandoned'"],
    ("stock_stockcount", "ended_stays"): [
        "UPDATE stock_stockcount SET name = 'x' WHERE status = 'closed'",
        "UPDATE stock_stockcount SET status = 'open', ended_at = NULL, ended_by_id = NULL WHERE status = 'abandoned'",
    ],
    ("stock_countline", "kept_with_its_count"): [
        "UPDATE stock_countline SET least = 0 WHERE expected IS NOT NULL",
        "DELETE FROM stock_countline WHERE expected IS NOT NULL",
        again("stock_countline", "expected IS NOT NULL", variant_id="(SELECT max(id) FROM catalog_variant)"),
    ],
    ("stock_parkedcode", "kept_with_its_count"): [
        "UPDATE stock_parkedcode SET times = times + 1",
        "DELETE FROM stock_parkedcode",
        again("stock_parkedcode", f"NOT {OF_AN_OPEN_COUNT}", code="'x'"),
    ],
    ("transfers_transfer", "never_deleted"): ["DELETE FROM transfers_transfer WHERE status = 'cancelled'"],
    ("transfers_transfer", "ended_stays"): [
        "UPDATE transfers_transfer SET delivery_note = 'x' WHERE status = 'received'",
        "UPDATE transfers_transfer SET status = 'draft', ended_at = NULL, ended_by_id = NULL"
        " WHERE status = 'cancelled'",
    ],
    ("transfers_transferline", "kept_with_its_transfer"): [
        "UPDATE transfers_transferline SET scanned = 1 WHERE missing > 0",
        "DELETE FROM transfers_transferline WHERE missing > 0",
        again("transfers_transferline", "missing > 0", variant_id="(SELECT min(id) FROM catalog_variant)"),
    ],
    ("transfers_unknownpiece", "kept_with_its_transfer"): [
        "UPDATE transfers_unknownpiece SET times = times + 1",
        "DELETE FROM transfers_unknownpiece",
        again("transfers_unknownpiece", OF_ONE_RECEIVED, code="'x'"),
    ],
    ("payments_payment", "append_only"): [
        *("UPDATE payments_payment SET amount = amount + 1", "DELETE FROM payments_payment"),
    ],
    ("parcels_trackingevent", "append_only"): [
        *("UPDATE parcels_trackingevent SET text = 'x'", "DELETE FROM parcels_trackingevent"),
    ],
    ("fulfilment_loweredpromise", "append_only"): [
        "UPDATE fulfilment_loweredpromise SET before = before - interval '1 hour'",
        "DELETE FROM fulfilment_loweredpromise",
    ],
    ("appointments_appointmentevent", "never_deleted"): ["DELETE FROM appointments_appointmentevent"],
    ("appointments_appointmentevent", "append_only"): [
        f"UPDATE appointments_appointmentevent SET {column} = {column}"
        for column in ("appointment_id", "kind", "data", "created_at", "actor_id", "location_id", "device")
    ],
    ("sales_orderevent", "never_deleted"): ["DELETE FROM sales_orderevent"],
    ("sales_orderevent", "append_only"): [
        f"UPDATE sales_orderevent SET {column} = {column}"
        for column in ("order_id", "kind", "data", "created_at", "actor_id", "location_id")
    ],
}


def constraints() -> dict[str, str]:
    """Return every named constraint of our models with its table."""
    return {
        constraint.name: model._meta.db_table
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint | models.UniqueConstraint | ExclusionConstraint)
    }


@pytest.fixture
def full_house(house, clerk) -> None:
    """A row of everything that a constraint looks at."""
    ways.every_way(house, clerk)
    Clock.objects.create(past_until=timezone.now() - timedelta(days=1))
    factories.MessageFactory()
    what_was_learnt(house)
    what_is_kept_of(clerk, house.lille)
    checked = files.checked(clerk, files.text(["NEW;New;;;NEW-1;;"]))
    ImportWork.objects.create(owner=checked, kind="apply", asked_by=clerk)
    sql.run(
        "INSERT INTO staff_answeredrequest (client, key, fingerprint, status, body) VALUES ('key:1', 'k', 'f', 201, '')"
    )
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")


def what_was_learnt(house: House) -> None:
    """What the closed count found, the rates of it, and a list of one article."""
    learning.take_in()
    learning.learn()
    made = CountList.objects.create(location=house.lille, listed_on=timezone.now().date())
    CountAdvice.objects.create(count_list=made, variant=house.variants[0], position=1, value=1, missing=1)


def what_is_kept_of(person: User, store: Location) -> None:
    """A tablet with a PIN, a recovery code, tries, a draft; a view, columns, a run over many rows."""
    later = timezone.now() + timedelta(minutes=10)
    device = Device.objects.create(location=store, name="Tablet 1", secret_hash="s", enrolled_by=person)
    DeviceCode.objects.create(location=store, device_name="Tablet 2", code_hash="c", made_by=person, expires_at=later)
    AtWork.objects.create(person=person, location=store, seen_at=later)
    Pin.objects.create(device=device, person=person, pin_hash="p")
    RecoveryCode.objects.create(person=person, code_hash="r")
    Tries.objects.create(what="pin", whom="w", tries=1, began_at=later)
    Draft.objects.create(person=person, address="/a/", page="/a/", fields={}, saved_at=later)
    SavedView.objects.create(listing="orders", name="Late", owner=person)
    ChosenColumns.objects.create(owner=person, listing="orders", columns=["number"])
    run = BulkRun.objects.create(listing="orders", action="cancel", actor=person, key="k")
    BulkItem.objects.create(run=run, thing=1, label="W-1")
    Export.objects.create(actor=person, listing="orders", rows=1)


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def run_all(statements: tuple[str, ...]) -> None:
    for statement in statements:
        sql.run(statement)


def refusal_of(*statements: str) -> DatabaseError:
    """Return how the database refuses the statements."""
    with pytest.raises((IntegrityError, ProgrammingError)) as refused, transaction.atomic():
        run_all(statements)
    return refused.value


def remove(table: str, constraint: str) -> None:
    """Take a constraint away; a conditional one is an index."""
    known = sql.row("SELECT count(*) AS count FROM pg_constraint WHERE conname = %s", [constraint]).count
    sql.run(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if known else f"DROP INDEX {constraint}")


def test_every_constraint_has_a_case():
    assert set(CASES) == set(constraints())


def test_each_constraint_refuses_alone_what_its_name_says(full_house, subtests):
    for name, table in constraints().items():
        with subtests.test(name), taken_back():
            assert constraint_name(refusal_of(*CASES[name])) == name
            remove(table, name)
            run_all(CASES[name])


def test_every_guard_of_a_ledger_has_a_case():
    protected = [
        (model, trigger) for model, trigger in pgtrigger.registered() if isinstance(trigger, pgtrigger.Protect)
    ]
    assert set(EDITS) == {(model._meta.db_table, trigger.name) for model, trigger in protected}


def test_each_ledger_refuses_to_be_edited(full_house, subtests):
    for (table, name), statements in EDITS.items():
        for statement in statements:
            with subtests.test(statement), taken_back():
                assert "pgtrigger: Cannot" in str(refusal_of(statement))
                sql.run(f"ALTER TABLE {table} DISABLE TRIGGER {trigger_of(table, name)}")
                sql.run(statement)


def trigger_of(table: str, name: str) -> str:
    return next(
        trigger.get_pgid(model)
        for model, trigger in pgtrigger.registered()
        if model._meta.db_table == table and trigger.name == name
    )


def test_an_event_notes_that_it_was_handled(full_house):
    assert sql.run("UPDATE sales_orderevent SET handled_at = now(), attempts = 1, failure = 'late'") > 0
