"""Decisions from elsewhere: found, checked, and brought in once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.engine.slice import Slice
from analytics.errors import ReviewError
from analytics.reports.minutes_files import MinutesOptions, minutes_text
from analytics.reviews.import_decisions import (
    COLUMNS,
    ImportResult,
    ImportTarget,
    import_decisions,
    read_decision_csv,
)
from analytics.reviews.models import Settlement
from analytics.reviews.session_record import read_session_record
from analytics.reviews.store.store import Store
from tests.corpora import article, corpus_of, paths_of
from tests.reports.test_minutes import ORDER
from tests.reviews.monday import candidate, draft, store_in

ARTICLES = [article(title=name, quality=70 + n, published=n > 0) for n, name in enumerate(("A", "B", "C", "D"))]
for n, address in enumerate(
    ("https://x.example/a", "https://x.example/b", "https://x.example/cd", "https://x.example/cd")
):
    ARTICLES[n].fields["webUrl"] = address
PART = Slice(corpus_of(ARTICLES))
A, B, C, D = paths_of(ARTICLES)

FILE = f"""\
Path,url,Verdict,quality,note,present,by,decided_at,extra
{A},,keep,,,Ana;Bo,Ana,,x
,https://x.example/b,PROMOTE,80,"two
lines",,Bo,2026-03-31,
,,,,,,,,

{C},,drop,0,'=1+1,,Bo,2026-03-31T16:00:00+02:00,
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = store_in(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def bring(store: Store, tmp_path: Path):
    def imported(text: str | bytes, **target: object) -> ImportResult:
        source = tmp_path / "decisions.csv"
        source.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_decisions(store, source, PART, ImportTarget(**target))

    return imported


def said(store: Store, session: int) -> dict[str, tuple[str, Settlement]]:
    """Path → who decided, and what, without its token."""
    decisions = store.decisions(session)
    return {
        item.candidate.path: (decisions[item.number].by, without_token(decisions[item.number].settlement))
        for item in store.items(session)
        if item.number in decisions
    }


def without_token(found: Settlement) -> Settlement:
    return Settlement(found.outcome, found.verdict, found.quality, found.note, found.present)


def test_decisions_make_a_session_of_their_own(store: Store, bring) -> None:
    found = bring(FILE)
    assert found == ImportResult(found.session, 3, 0, 3, (), ("extra",))
    assert said(store, found.session) == {
        A: ("Ana", Settlement("settled", "keep", present=("Ana", "Bo"))),
        B: ("Bo", Settlement("settled", "promote", 80, "two\nlines\nDecided elsewhere: 2026-03-31")),
        C: ("Bo", Settlement("settled", "drop", 0, "=1+1\nDecided elsewhere: 2026-03-31T14:00:00Z")),
    }
    session = store.session(found.session)
    assert (session.title, session.state) == ("Imported decisions", "settling")
    assert [(item.candidate.quality, item.candidate.reasons[0].name) for item in store.items(found.session)] == [
        (70, "imported"), (71, "imported"), (72, "imported"),
    ]  # fmt: skip


def test_the_same_file_again_adds_nothing(store: Store, bring) -> None:
    first = bring(FILE)
    stamp = store.stamp()
    assert bring(FILE) == ImportResult(first.session, 0, 3, 0, (), ("extra",))
    assert store.stamp() == stamp
    store.move(first.session, "closed", "Ana")
    assert bring(FILE).known == 3
    assert bring(FILE.replace("keep", "hold") + f"{D},,keep,,,,Bo,,\n", title="Other").new == 4


def test_a_decision_is_the_same_however_its_people_are_spelled(store: Store, bring) -> None:
    head = "path,verdict,by,present\n"
    first = bring(f"{head}{A},keep,Ana,Bo;ana\n{A},keep,ANA,bo; Ana\n{B},keep,bo,\n")
    assert (first.new, first.known) == (2, 1)
    again = bring(f"{head}{A},keep,\uff21na,BO;Ana\n{B},keep,Bo,\n", session=first.session)
    assert (again.new, again.known) == (0, 2)
    assert store.people() == ["Ana", "Bo"]
    assert {by for by, _ in said(store, first.session).values()} == {"Ana", "Bo"}


def test_a_longer_file_adds_what_is_new_and_the_last_decision_stands(store: Store, bring) -> None:
    first = bring(f"path,verdict,by\n{A},keep,Ana\n{A},keep,Ana\n")
    assert (first.new, first.known) == (1, 1)
    second = bring(f"path,verdict,by\n{A},keep,Ana\n{A},drop,Ana\n{B},hold,Ana\n")
    assert (second.session, second.new, second.known, second.added) == (first.session, 2, 1, 1)
    assert {path: found.verdict for path, (_, found) in said(store, first.session).items()} == {A: "drop", B: "hold"}


def test_decisions_go_into_a_session_that_is_there(store: Store, bring) -> None:
    listed = [candidate("gone", url="https://x.example/old"), candidate("moved", url="https://x.example/a")]
    session = store.create(draft(listed), "Ana")
    text = (
        f"path;url;verdict;by\n_news/gone.md;;keep;Ana\n{A};;drop;Ana\n;https://x.example/old;hold;Bo\n{B};;keep;Bo\n"
    )
    found = bring(text, session=session)
    assert (found.session, found.new, found.added) == (session, 4, 1)
    assert {path: each.verdict for path, (_, each) in said(store, session).items()} == {
        "_news/gone.md": "hold", "_news/moved.md": "drop", B: "keep",
    }  # fmt: skip
    with pytest.raises(ReviewError, match="99"):
        bring(text, session=99)


def test_a_session_of_people_is_not_taken_for_an_imported_one(store: Store, bring) -> None:
    session = store.create(draft([candidate("a")], title="Imported decisions"), "Ana")
    assert bring(FILE).session != session


BAD = f"""\
path,url,verdict,state,quality,by,decided_at
{A},,keep,,,Ana,
,,keep,,,Ana,
nowhere.md,https://x.example/no,keep,,,Ana,
,https://x.example/cd,keep,,,Ana,
{A},,kept,,,Ana,
{A},,,,,Ana,
{A},,keep,done,,Ana,
{A},,keep,,7.5,Ana,
{A},,keep,,1001,Ana,
{A},,keep,,,,
{A},,keep,,,Ana,yesterday
{A},,keep,reopened,,Ana,
"""
WHY = [
    (3, "no article is named. Give its path or its url."),
    (4, "there is no article nowhere.md or https://x.example/no in"),
    (5, "have the address https://x.example/cd. Give the path."),
    (6, "There is no verdict 'kept' in this session; it has keep, promote"),
    (7, "A settled item needs a verdict."),
    (8, "there is no state 'done'. Use settled, another look, reopened"),
    (9, "quality '7.5' is not a whole number"),
    (10, "A quality of 1001 is not possible"),
    (11, "it is not said who decided"),
    (12, "decided_at 'yesterday' is no time"),
    (13, "A reopened item has no verdict"),
]


def test_a_bad_row_is_told_with_its_line_and_nothing_goes_in(store: Store, bring) -> None:
    with pytest.raises(ReviewError) as refused:
        bring(BAD)
    head, *lines = str(refused.value).splitlines()
    assert head.endswith("decisions.csv: nothing was imported, for what makes no sense:")
    for line, (number, why) in zip(lines, WHY, strict=True):
        assert line.startswith(f"line {number}: ")
        assert why in line
    assert store.sessions() == []


def test_bad_rows_can_be_left_out(store: Store, bring) -> None:
    found = bring(BAD, skip_bad=True)
    assert (found.new, [row.line for row in found.bad]) == (1, [line for line, _ in WHY])
    assert found.summary()[1].startswith("Left out, line 3: no article")
    assert bring(BAD, skip_bad=True, by="Bo").new == 1


def test_the_line_of_a_row_is_where_it_begins(bring) -> None:
    with pytest.raises(ReviewError, match="line 5: "):
        bring(f'path,verdict,by,note\n{A},keep,Ana,"one\ntwo\nthree"\nnowhere.md,keep,Ana,"x\ny"\n')


def test_many_bad_rows_are_counted(bring) -> None:
    with pytest.raises(ReviewError, match=r"line 21: .*\nand 5 more$"):
        bring("path,verdict,by\n" + "x,keep,Ana\n" * 25)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it has nothing"),
        ("title,verdict\n", "verdict and path or url among them; it has title, verdict"),
        ("path,verdict,path\n", "the column path is there twice"),
        (b"path,verdict\n\xff,keep\n", r"is not UTF-8 \(byte 13\)"),
        ("path,verdict\n" + "x" * 200_000, "this is no CSV"),
        ("path,verdict\n", "holds no decision"),
        (f"path,verdict,by\n{A},keep,\u202eeva\n", "cannot hold the character U.202E"),
    ],
)
def test_what_is_no_such_csv_is_refused(text: str | bytes, says: str, bring) -> None:
    with pytest.raises(ReviewError, match=says):
        bring(text)


def test_a_file_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match=r"none\.csv cannot be read: No such file"):
        import_decisions(store, tmp_path / "none.csv", PART, ImportTarget())


def test_what_is_exported_can_be_imported_elsewhere(store: Store, bring, tmp_path: Path) -> None:
    first = bring(FILE)
    item = store.items(first.session)[0].number
    store.settle(item, "Ana", Settlement("reopened", None))
    store.settle(item, "Ana", Settlement("another look", "hold", note="@later"))
    (tmp_path / "out.csv").write_text(
        minutes_text(read_session_record(store, first.session), "decisions", ORDER), newline=""
    )
    other = store_in(tmp_path / "other")
    found = import_decisions(other, tmp_path / "out.csv", PART, ImportTarget())
    assert (found.new, found.bad) == (5, ())
    assert {path: each.verdict for path, (_, each) in said(other, found.session).items()} == {
        A: "hold", B: "promote", C: "drop",
    }  # fmt: skip
    assert said(other, found.session)[A][1].note.startswith("@later\nDecided elsewhere: ")
    again = minutes_text(read_session_record(other, found.session), "decisions", MinutesOptions(ORDER.made, raw=True))
    assert '"=1+1\nDecided elsewhere: 2026-03-31T14:00:00Z"' in again
    other.close()


@pytest.mark.parametrize("excel", [False, True])
def test_an_export_comes_back_without_the_signs_that_guard_formulas(
    excel: bool,
    store: Store,
    bring,
    tmp_path: Path,
) -> None:
    notes = {
        A: "To do:\n- mend the title\n- ask = Bo; +1",
        B: "＝later",
        C: 'He said "-5"; "=x"',
        D: "it's '-5', not '=x'",
    }
    rows = [f'{path},keep,"{note.replace(chr(34), chr(34) * 2)}",Ana,Ana; +Bo' for path, note in notes.items()]
    first = bring("\n".join(["path,verdict,note,by,present", *rows]))
    options = MinutesOptions(ORDER.made, excel=excel)
    exported = minutes_text(read_session_record(store, first.session), "decisions", options)
    if excel:
        assert all(guarded in exported for guarded in ("\n'- mend", "; '+1", "'＝later", "Ana; '+Bo"))
    other = store_in(tmp_path / "other")
    (tmp_path / "out.csv").write_text(exported, newline="", encoding="utf-8")
    found = import_decisions(other, tmp_path / "out.csv", PART, ImportTarget())
    brought = {path: settled for path, (_, settled) in said(other, found.session).items()}
    assert {path: each.note.rpartition("\n")[0] for path, each in brought.items()} == notes
    assert {each.present for each in brought.values()} == {("Ana", "+Bo")}
    other.close()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("20260331", "2026-03-31"),
        ("2026-W14-2", "2026-03-31"),
        ("2026-03-31 14:00", "2026-03-31T14:00:00Z"),
        ("20260331T140000+0200", "2026-03-31T12:00:00Z"),
    ],
)
def test_the_day_of_a_decision_stays_a_day(written: str, kept: str, store: Store, bring) -> None:
    found = bring(f"path,verdict,by,decided_at\n{A},keep,Ana,{written}\n")
    assert said(store, found.session)[A][1].note == f"Decided elsewhere: {kept}"


def test_a_week_is_no_time_of_a_decision(bring) -> None:
    with pytest.raises(ReviewError, match="decided_at '2026-W14' is no time"):
        bring(f"path,verdict,by,decided_at\n{A},keep,Ana,2026-W14\n")


def test_a_file_with_or_without_the_collection_of_its_articles_is_the_same(store: Store, bring, tmp_path: Path) -> None:
    first = bring(FILE)
    with_it = minutes_text(read_session_record(store, first.session), "decisions", ORDER)
    without = with_it.replace(",collection,path,", ",path,").replace(",news,_news/", ",_news/")
    assert without.count(",") == with_it.count(",") - 4
    other = store_in(tmp_path / "other")
    for text, new in ((without, 3), (with_it, 0)):
        (tmp_path / "out.csv").write_text(text, newline="")
        assert import_decisions(other, tmp_path / "out.csv", PART, ImportTarget()).new == new
    other.close()


def test_the_columns_of_a_sheet(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf URL ,verdict,odd\r\n a ,'=x\r\n")
    sheet = read_decision_csv(tmp_path / "a.csv")
    assert sheet.ignored == ("odd",)
    assert sheet.rows == ((2, dict.fromkeys(COLUMNS, "") | {"url": "a", "verdict": "=x"}),)


def test_a_title_finds_its_session_however_it_is_composed(bring, store: Store) -> None:
    composed, parts = "Caf\u00e9", "Cafe\u0301 "
    assert bring(FILE, title=parts).session == bring(FILE, title=composed).session == bring(FILE, title=parts).session
