"""How a store comes to its tables: from nothing, from each earlier schema with data, or not at all."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect, select, text

from analytics.errors import ReviewError
from analytics.reviews.models import VERDICTS, Opinion, Settlement
from analytics.reviews.store.database import Database, parse_store_url, sqlite_path
from analytics.reviews.store.database_tables import METADATA
from analytics.reviews.store.migrations import MIGRATION_LOG, MIGRATIONS, migrate
from analytics.reviews.store.store import open_store
from tests.reviews.made import begun

VERDICTS_THEN = '[["keep", 3, true], ["drop", 1, false]]'

JUDGING = (
    "INSERT INTO review_sessions (title, selection, corpus, fingerprint, budget, seed, eligible, verdicts, reasons,"
    f" person, at) VALUES ('Old', '', 'sample', 'abc', 30, 1, 9, '{VERDICTS_THEN}', '[\"duplicate\"]', 'Ann', :at)",
    "INSERT INTO review_states (session, state, person, at) VALUES (1, 'judging', 'Ann', :at)",
    "INSERT INTO review_items (session, position, path, title, published, topics, reasons, control, added, person, at)"
    " VALUES (1, 1, 'old.md', 'Ünï', true, '[\"AI\"]', '[[\"near miss\", \"so\"]]', true, false, 'Ann', :at)",
    "INSERT INTO review_judgements (item, verdict, quality, reasons, note, person, at)"
    " VALUES (1, 'drop', 12, '[\"duplicate\"]', 'Why?', 'Bob', :at)",
)

SETTLING = (
    "INSERT INTO review_attendance (session, person, at) VALUES (1, 'Cem', :at)",
    "INSERT INTO review_decisions (item, outcome, verdict, note, present, person, at)"
    " VALUES (1, 'settled', 'keep', '', '[\"Ann\", \"Bob\"]', 'Ann', :at)",
)


def engine_of(url: str) -> Engine:
    return create_engine(parse_store_url(url))


def run(url: str, *statements: str, **values: Any) -> None:
    engine = engine_of(url)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)
    finally:
        engine.dispose()


def earlier(url: str, schema: int) -> None:
    """Make a store as the program of that schema left it, with data in all of its tables."""
    if (path := sqlite_path(parse_store_url(url))) is not None:
        path.touch()
    database = Database(parse_store_url(url))
    migrate(database, MIGRATIONS[:schema])
    database.close()
    at = "2026-01-02 03:04:05.000006" + ("" if url.startswith("sqlite") else "+00")
    run(url, *JUDGING, *(SETTLING if schema > 1 else ()), at=at)


@pytest.mark.slow
@pytest.mark.parametrize("schema", range(1, len(MIGRATIONS) + 1))
def test_an_earlier_schema_is_brought_up_to_date_with_its_data(store_address: str, schema: int) -> None:
    earlier(store_address, schema)
    store = open_store(store_address)
    (session,), (item,) = store.sessions(), store.items(1)
    assert (session.title, session.state, session.rules.verdicts) == ("Old", "judging", (VERDICTS[0], VERDICTS[5]))
    assert session.made_at.isoformat() == "2026-01-02T03:04:05.000006+00:00"
    assert (item.candidate.title, item.candidate.published, item.candidate.control) == ("Ünï", True, True)
    (judgement,) = store.history(1)
    assert (judgement.person, judgement.opinion) == ("Bob", Opinion("drop", 12, ("duplicate",), "Why?"))
    assert [each.person for each in store.participants(1)] == (["Bob", "Cem"] if schema > 1 else ["Bob"])
    decided = {1: Settlement("settled", "keep", present=("Ann", "Bob"))} if schema > 1 else {}
    assert {of: each.settlement for of, each in store.decisions(1).items()} == decided
    store.judge(1, "Bob", Opinion("keep", token="new"))
    assert [each.opinion.verdict for each in store.history(1)] == ["drop", "keep"]
    assert begun(store, "one") == (2, [2])
    store.close()
    with pytest.raises(Exception, match="never changed or taken away"):
        run(store_address, "DELETE FROM review_judgements")


def test_people_whom_an_older_program_took_for_several_are_one(store_address: str) -> None:
    earlier(store_address, 4)
    at = "2026-01-03 03:04:05.000006" + ("" if store_address.startswith("sqlite") else "+00")
    typed = (
        "INSERT INTO review_judgements (item, verdict, reasons, note, person, at)"
        " VALUES (1, 'keep', '[]', '', 'BOB', :at)",
        "INSERT INTO review_attendance (session, person, at) VALUES (1, 'bob', :at)",
        "INSERT INTO review_decisions (item, outcome, note, present, person, at)"
        " VALUES (1, 'reopened', '', '[\"ann\", \"Ann\", \"Zo\u00eb\", \"ZO\u00cb\"]', 'bob', :at)",
    )
    run(store_address, *typed, at=at)
    store = open_store(store_address)
    assert store.people() == ["Ann", "Bob", "Cem", "Zo\u00eb"]
    assert [(each.person, each.opinion.verdict) for each in store.history(1)] == [("Bob", "drop"), ("Bob", "keep")]
    assert [(each.person, each.opinion.verdict) for each in store.judgements(1)] == [("Bob", "keep")]
    assert [(each.person, each.judged) for each in store.participants(1)] == [("Bob", 1), ("Cem", 0)]
    assert (store.decisions(1)[1].by, store.decisions(1)[1].settlement.present) == ("Bob", ("Ann", "Zo\u00eb"))
    assert list(store.snapshot().judgements["current"]) == [False, True]
    before = store.stamp()
    for name in ("cem", "Bob"):
        store.attend(1, name)
    assert store.stamp() == before
    store.close()
    engine = engine_of(store_address)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT person FROM review_judgements ORDER BY number")).scalars()
        assert list(rows) == ["Bob", "BOB"]
    engine.dispose()


def test_the_tables_are_those_that_the_queries_know(store_address: str) -> None:
    open_store(store_address).close()
    engine = engine_of(store_address)
    found = inspect(engine)
    assert {name for name in found.get_table_names() if name.startswith("review_")} == {
        *METADATA.tables,
        MIGRATION_LOG.name,
    }
    for name, table in METADATA.tables.items():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        columns["number"] = False
        assert columns == {column.name: column.nullable for column in table.columns}
    with engine.connect() as connection:
        records = list(
            connection.execute(select(MIGRATION_LOG.c.number, MIGRATION_LOG.c.name).order_by(MIGRATION_LOG.c.number))
        )
    engine.dispose()
    assert records == [(number, step.name) for number, step in enumerate(MIGRATIONS, 1)]


def test_a_step_that_fails_leaves_no_trace(store_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier(store_address, 2)
    bad = (*MIGRATIONS[:2], MIGRATIONS[2].__class__("bad", (*MIGRATIONS[2].both[:3], "ALTER TABLE nowhere ADD x TEXT")))
    database = Database(parse_store_url(store_address))
    with pytest.raises(ReviewError, match=r"^The store of reviews was not opened: .*nowhere"):
        migrate(database, bad)
    database.close()
    store = open_store(store_address)
    assert store.history(1)[0].opinion.note == "Why?"
    store.close()


def test_a_newer_schema_is_left_as_it_is(store_address: str, tmp_path: Path) -> None:
    store = open_store(store_address)
    begun(store, "one")
    store.close()
    newer = len(MIGRATIONS) + 1
    run(store_address, f"INSERT INTO review_migrations VALUES ({newer}, 'to come', '2030-01-01 00:00:00')")
    files = {path.name: path.read_bytes() for path in tmp_path.glob("*.db")}
    for _ in range(2):
        with pytest.raises(ReviewError, match=rf"has schema {newer}, and this .* up to {newer - 1}: a newer program"):
            open_store(store_address)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.db")} == files
    engine = engine_of(store_address)
    with engine.connect() as connection:
        assert len(list(connection.execute(select(MIGRATION_LOG)))) == newer
        assert connection.execute(text("SELECT count(*) FROM review_sessions")).scalar() == 1
    engine.dispose()


@pytest.mark.parametrize("schema", [0, 1])
def test_openers_at_once_do_not_clash(store_address: str, schema: int) -> None:
    if schema:
        earlier(store_address, schema)
    together, found = threading.Barrier(6), []

    def opened() -> None:
        together.wait()
        store = open_store(store_address)
        found.append(len(store.sessions()))
        store.close()

    threads = [threading.Thread(target=opened) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [schema] * 6
