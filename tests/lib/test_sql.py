"""One statement, and its rows."""

import pytest
from django.db import DataError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError

from omni.lib import sql

pytestmark = pytest.mark.django_db

TWO_ROWS = "SELECT place, %s::int * 2 AS twice FROM unnest('{north,south}'::text[]) AS place"


def test_rows_have_names_tuples_have_none_and_the_one_does_not_disturb_the_other():
    assert [(one.place, one.twice) for one in sql.rows(TWO_ROWS, [21])] == [("north", 42), ("south", 42)]
    assert sql.tuples(TWO_ROWS, [1]) == [("north", 2), ("south", 2)]
    assert not hasattr(sql.tuples(TWO_ROWS, [1])[0], "place")
    assert sql.tuples("SELECT 1, 2 AS one, 3 AS one") == [(1, 2, 3)]
    assert sql.row(TWO_ROWS, [3]).twice == 6
    assert sql.row("SELECT 1 WHERE %(no)s", {"no": False}) is None
    assert sql.run("SELECT generate_series(1, %s)", [7]) == 7


def test_what_watches_statements_sees_them(statements):
    with statements() as seen:
        sql.rows(TWO_ROWS, [1])
        sql.run(TWO_ROWS, [1])
    assert seen == [TWO_ROWS, TWO_ROWS]


def test_a_refusal_of_the_server_is_django_s_and_the_next_statement_runs():
    with pytest.raises(DataError), transaction.atomic():
        sql.rows("SELECT 1 / %s::int", [0])
    assert sql.tuples("SELECT 1 / %s::int", [1]) == [(1,)]


def test_nothing_runs_in_a_transaction_that_is_to_be_taken_back():
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            sql.run("SELECT 1")


def test_many_rows_are_not_kept():
    assert len(sql.tuples("SELECT generate_series(0, %s)", [sql.MANY_ROWS])) == sql.MANY_ROWS + 1
    assert sql.kept.cursors == {}
    assert sql.tuples("SELECT 1") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_dropped_is_replaced_for_the_next_request():
    (own,) = sql.row("SELECT pg_backend_pid()")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [own])
    other.close()
    with pytest.raises(OperationalError):
        sql.row("SELECT 1")
    connection.close_if_unusable_or_obsolete()
    assert sql.row("SELECT 1 AS one").one == 1
