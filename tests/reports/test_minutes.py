"""Minutes of a session in all their forms, also when notes are hostile."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from analytics.errors import ExportError, ReviewError
from analytics.formula_safety import FORMULA_STARTS
from analytics.reports.escaping import escape_controls
from analytics.reports.minutes import minutes, summary
from analytics.reports.minutes_files import FORMATS, MinutesOptions, format_of, minutes_text, write_minutes
from analytics.reviews.models import Opinion, Settlement
from analytics.reviews.session_record import SessionRecord, read_session_record
from analytics.reviews.store.store import Store
from tests.conftest import lacking
from tests.reports.test_escaping import HOSTILE, inlines, shown, texts
from tests.reports.test_workbook import formulas
from tests.reviews.monday import candidate, draft, monday, store_in

ORDER = MinutesOptions(date(2026, 11, 2))
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

MINUTES = r"""# Minutes: Monday \*review\*

- Session: 1, still being judged
- Selection: topic AI
- Selection as link: topic=AI
- Corpus: sample
- Fingerprint: abc
- Commit: c0ffee
- Agenda: made NOW by Ana, for 45 minutes
- Articles: 5, 1 of the control sample, 1 added later
- Made: 2026-11-02 by article-analytics 0.1.0

## In short

- 3 of 5 articles are settled.
- Open: 1 another look, 1 not judged.
- Everybody's first verdict was the same on 1 of 2 articles that two or more people judged.

## People

| Who | Judged | Skipped | Left |
|---|---:|---:|---:|
| Ana | 2 | 1 | 2 |
| Bo | 4 | 0 | 1 |

## Agenda

- Near the cut-off: 3 articles
- Random control sample: 1 article
- Picked by hand: 1 article

## Decisions (3)

### 2. Beta (Alpha)

- File: \_news/beta.md
- Address: https://alpha.example/beta
- Recorded: quality 69, heat 80, unpublished
- On the agenda: beta is near
- Decision: promote, quality 75; present: Ana, Bo; written down by Ana, NOW

Note on the decision:

> Good.

| Who | Verdict | Quality | Reasons |
|---|---|---:|---|
| Ana | promote | 75 | score too low |
| Bo | demote | 60 |  |

Note of Ana:

> \=1\+1\
> \| a \|

### 1. Atlas (Alpha)

- File: \_news/atlas.md
- Address: https://alpha.example/atlas
- Recorded: quality 72, heat 80, published
- On the agenda: atlas is near
- Decision: keep; present: Ana, Bo; written down by Ana, NOW

| Who | Verdict | Quality | Reasons |
|---|---|---:|---|
| Ana | keep |  | out of date |
| Bo | keep |  |  |

### 3. Chips (Alpha)

- File: \_news/chips.md
- Address: https://alpha.example/chips
- Recorded: quality 72, unranked, published
- On the agenda: drawn at random as one of 1 of 5
- Decision: fix data; written down by Bo, NOW

| Who | Verdict | Quality | Reasons |
|---|---|---:|---|
| Bo | fix data |  |  |

## Open points (3)

### Needs another look (1)

#### 4. Delta (Alpha)

- File: \_news/delta.md
- Address: https://alpha.example/delta
- Recorded: quality 72, heat 80, published
- On the agenda: delta is near
- Decision: hold, another look; written down by Bo, NOW

Note on the decision:

> Next week.

| Who | Verdict | Quality | Reasons |
|---|---|---:|---|
| Bo | hold |  |  |

Note of Bo:

> Ask the author.

### Not judged (1)

#### 5. Late (Alpha)

- File: \_news/late.md
- Recorded: no quality, heat 80, published
- On the agenda: picked by hand; added later by Bo

### Data to mend (1)

- 3\. Chips (Alpha): \_news/chips.md
"""

JUDGEMENTS = """\
judgement,session,item,position,collection,path,url,title,person,verdict,rank,agrees,quality,reasons,note,at,current,\
recorded_provider,recorded_quality,recorded_heat,recorded_published
1,1,1,1,news,_news/atlas.md,https://alpha.example/atlas,Atlas,Ana,keep,3,true,,out of date,,NOW,true,Alpha,72,80,true
2,1,1,1,news,_news/atlas.md,https://alpha.example/atlas,Atlas,Bo,keep,3,true,,,,NOW,true,Alpha,72,80,true
3,1,2,2,news,_news/beta.md,https://alpha.example/beta,Beta,Ana,drop,1,false,,,,NOW,false,Alpha,69,80,false
4,1,2,2,news,_news/beta.md,https://alpha.example/beta,Beta,Ana,promote,4,false,75,score too low,"'=1+1
| a |",NOW,true,Alpha,69,80,false
5,1,2,2,news,_news/beta.md,https://alpha.example/beta,Beta,Bo,demote,2,false,60,,,NOW,true,Alpha,69,80,false
6,1,3,3,news,_news/chips.md,https://alpha.example/chips,Chips,Bo,fix data,,,,,,NOW,true,Alpha,72,-1,true
7,1,4,4,news,_news/delta.md,https://alpha.example/delta,Delta,Ana,,,,,,,NOW,true,Alpha,72,80,true
8,1,4,4,news,_news/delta.md,https://alpha.example/delta,Delta,Bo,hold,,,,,Ask the author.,NOW,true,Alpha,72,80,true
"""

CHANGES = """\
collection,path,field,from,to,session,item,decided_at,by
news,_news/beta.md,quality,69,75,1,2,NOW,Ana
news,_news/beta.md,published,false,true,1,2,NOW,Ana
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the session `monday`, its first, and room for more."""
    opened = store_in(tmp_path_factory.mktemp("reviews"))
    monday(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def held(store: Store) -> SessionRecord:
    return read_session_record(store, 1)


class Page(HTMLParser):
    """The tags of a page, its links, and the text of each quote."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.quotes: list[str] = []
        self.directions: list[str | None] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag == "blockquote":
            self.quotes.append("")
            self.directions.append(dict(attributes).get("dir"))
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.quotes[-1] += data


def noted(store: Store, notes: list[str]) -> SessionRecord:
    """A session in which each note stands on an article of its own, and once on its decision."""
    session = store.create(draft([candidate(f"n{place}") for place in range(len(notes))]), "Ana")
    for item, note in zip(store.items(session), notes, strict=True):
        store.judge(item.number, "Ana", Opinion("keep", note=note))
    store.settle(item.number, "Ana", Settlement("settled", "keep", note=note))
    return read_session_record(store, session)


def quotes(markdown: str) -> list[str]:
    """The text of each quote of a Markdown text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    starts = [place for place, token in enumerate(tokens) if token.type == "blockquote_open"]
    ends = [place for place, token in enumerate(tokens) if token.type == "blockquote_close"]
    return [shown(tokens[start:end]) for start, end in zip(starts, ends, strict=True)]


def test_the_minutes_say_how_often_people_agreed_at_first(store: Store) -> None:
    """They differ on one of two articles, and agree on both after they have talked."""
    session = store.create(draft([candidate("one"), candidate("two")]), "Ana")
    one, two = (item.number for item in store.items(session))
    for item, person, verdict in ((one, "Ana", "keep"), (one, "Bo", "drop"), (two, "Ana", "hold"), (two, "Bo", "hold")):
        store.judge(item, person, Opinion(verdict))
    store.judge(one, "Bo", Opinion("keep"))
    sentences = summary(read_session_record(store, session))
    assert sentences[-1] == "Everybody's first verdict was the same on 1 of 2 articles that two or more people judged."


def check(held: SessionRecord, notes: list[str]) -> None:
    """All notes are in all forms, whatever they hold; the last one is also that of the first thing told."""
    told = [escape_controls(note).strip() for note in [notes[-1], notes[-1], *notes[:-1]]]
    expected = [note for note in told if note]
    markdown = minutes_text(held, "md", ORDER)
    assert quotes(markdown) == expected
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    assert {token.type for token in inlines(tokens)} <= {"text", "text_special", "softbreak", "hardbreak"}
    page = Page(minutes_text(held, "html", ORDER))
    assert page.quotes == expected
    assert set(page.directions) <= {"auto"}
    raw = list(
        csv.DictReader(io.StringIO(minutes_text(held, "judgements", MinutesOptions(ORDER.made, raw=True)), newline=""))
    )
    assert [row["note"] for row in raw] == [judgement.opinion.note for judgement in held.judgements]
    safe = list(csv.DictReader(io.StringIO(minutes_text(held, "judgements", ORDER), newline="")))
    for plain, row in zip(raw, safe, strict=True):
        assert row["note"] == ("'" if plain["note"].startswith(FORMULA_STARTS) else "") + plain["note"]


def test_minutes_as_markdown(held: SessionRecord) -> None:
    assert TIME.sub("NOW", minutes_text(held, "md", ORDER)) == MINUTES


def test_a_row_a_judgement_and_a_row_a_change(held: SessionRecord) -> None:
    assert STAMP.sub("NOW", minutes_text(held, "judgements", ORDER)) == JUDGEMENTS
    assert STAMP.sub("NOW", minutes_text(held, "changes", ORDER)) == CHANGES


def test_a_row_a_decision_and_a_row_an_item(held: SessionRecord) -> None:
    decisions = list(csv.DictReader(io.StringIO(minutes_text(held, "decisions", ORDER))))
    assert {row["collection"] for row in decisions} == {"news"}
    assert [(row["path"], row["verdict"], row["state"], row["quality"], row["present"]) for row in decisions] == [
        ("_news/atlas.md", "keep", "settled", "", "Ana; Bo"),
        ("_news/beta.md", "promote", "settled", "75", "Ana; Bo"),
        ("_news/chips.md", "fix data", "settled", "", ""),
        ("_news/delta.md", "hold", "another look", "", ""),
    ]
    agenda = list(csv.DictReader(io.StringIO(minutes_text(held, "agenda", ORDER))))
    assert list(agenda[0])[:5] == ["item", "session", "position", "collection", "path"]
    assert {row["collection"] for row in agenda} == {"news"}
    assert [(row["reasons"], row["why"], row["control"], row["added"]) for row in agenda[2:]] == [
        ("control", "drawn at random as one of 1 of 5", "true", "false"),
        ("near-miss", "delta is near", "false", "false"),
        ("hand-picked", "picked by hand", "false", "true"),
    ]


def test_the_page_says_what_the_text_says_and_runs_nothing(held: SessionRecord) -> None:
    page = minutes_text(held, "html", ORDER)
    read = Page(page)
    assert page.startswith("<!doctype html>")
    assert "Content-Security-Policy" in page[:600]
    assert read.tags.isdisjoint({"script", "img", "a", "link", "iframe", "form"})
    assert not [name for name in read.attributes if name.startswith("on") or name in ("src", "href", "style")]
    for words in ("Minutes: Monday *review*", "Decisions (3)", "Open points (3)", "Data to mend (1)", "Not judged (1)"):
        assert f">{words}</h" in page
    assert read.quotes == ["Good.", "=1+1\n| a |", "Next week.", "Ask the author."]
    assert page.index("2. Beta (Alpha)") < page.index("1. Atlas (Alpha)") < page.index("3. Chips (Alpha)")


def test_further_sentences_are_told_in_short(held: SessionRecord) -> None:
    told = minutes(held, ORDER.made, ["Kappa is *low*."])
    assert told.summary[-1] == "Kappa is *low*."
    assert "\n- Kappa is \\*low\\*.\n" in told.markdown()
    assert "<li>Kappa is *low*.</li>" in told.html()


def test_hostile_notes_come_out_as_they_were_written(store: Store) -> None:
    check(noted(store, HOSTILE), HOSTILE)


@pytest.mark.slow
@given(texts)
def test_any_note_comes_out_as_it_was_written(store: Store, note: str) -> None:
    held = noted(store, [note])
    check(held, [held.judgements[0].opinion.note])


@pytest.mark.slow
def test_libreoffice_runs_no_formula_of_a_note(store: Store, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        lacking("LibreOffice is not installed")
    notes = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "=1+1\nand\n=2+2", '=cmd|" /C calc"!A0', 'a",=1+1\n"=2']
    held = noted(store, notes)
    (tmp_path / "safe.csv").write_text(minutes_text(held, "judgements", ORDER), newline="")
    (tmp_path / "raw.csv").write_text(
        minutes_text(held, "judgements", MinutesOptions(ORDER.made, raw=True)), newline=""
    )
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    files = [str(tmp_path / name) for name in ("safe.csv", "raw.csv")]
    command = [office, home, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=os.environ)
    assert formulas(load_workbook(tmp_path / "out" / "raw.xlsx")) != []
    safe = load_workbook(tmp_path / "out" / "safe.xlsx")
    assert formulas(safe) == []
    head, *rows = safe.active.iter_rows(values_only=True)
    assert "'=1+1\nand\n=2+2" in [row[head.index("note")] for row in rows]


def test_what_decisions_would_change(store: Store) -> None:
    cases = [
        (True, 72, "keep", 72, []),
        (True, 72, "keep", 60, [("quality", "72", "60")]),
        (True, None, "promote", 60, [("quality", "", "60")]),
        (False, 72, "promote", None, [("published", "false", "true")]),
        (None, 72, "promote", None, [("published", "", "true")]),
        (True, 72, "demote", None, [("published", "true", "false")]),
        (True, 72, "drop", 10, [("quality", "72", "10"), ("published", "true", "false")]),
        (False, 72, "drop", None, []),
        (None, 72, "demote", None, []),
        (True, 72, "fix data", None, []),
        (True, 72, "hold", None, []),
    ]
    named = [candidate(f"c{n}", published=known, quality=q) for n, (known, q, *_) in enumerate(cases)]
    session = store.create(draft(named), "Ana")
    for item, (_, _, verdict, quality, _) in zip(store.items(session), cases, strict=True):
        store.settle(item.number, "Ana", Settlement("settled", verdict, quality))
    rows = list(csv.DictReader(io.StringIO(minutes_text(read_session_record(store, session), "changes", ORDER))))
    expected = [(f"_news/c{n}.md", *change) for n, (*_, changes) in enumerate(cases) for change in changes]
    assert [(row["path"], row["field"], row["from"], row["to"]) for row in rows] == expected


def test_only_what_stands_is_proposed(store: Store) -> None:
    session = store.create(draft([candidate("a"), candidate("b")]), "Ana")
    a, b = (item.number for item in store.items(session))
    store.settle(a, "Ana", Settlement("settled", "drop"))
    store.settle(a, "Ana", Settlement("reopened", None))
    store.settle(b, "Ana", Settlement("another look", "drop", 10))
    assert minutes_text(read_session_record(store, session), "changes", ORDER).count("\n") == 1
    store.settle(a, "Ana", Settlement("settled", "keep", 70))
    assert "_news/a.md,quality,72,70," in minutes_text(read_session_record(store, session), "changes", ORDER)


@pytest.mark.slow
def test_all_files_together(held: SessionRecord, tmp_path: Path) -> None:
    write_minutes(held, tmp_path / "out", "folder", ORDER)
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert sorted(files) == [
        "agenda.csv", "columns.csv", "decisions.csv", "judgements.csv", "manifest.json", "minutes.html", "minutes.md",
        "proposed_changes.csv",
    ]  # fmt: skip
    assert files["minutes.md"].decode() == minutes_text(held, "md", ORDER)
    assert files["judgements.csv"].decode() == minutes_text(held, "judgements", ORDER)
    manifest = json.loads(files["manifest.json"])
    assert (manifest["session"]["number"], manifest["made"]) == (1, "2026-11-02")
    assert manifest["files"]["judgements.csv"]["rows"] == 8
    described = {(row["file"], row["column"]) for row in csv.DictReader(io.StringIO(files["columns.csv"].decode()))}
    for name in (name for name in files if name.endswith(".csv")):
        head = files[name].decode().splitlines()[0].split(",")
        assert {(name, column) for column in head} <= described
    write_minutes(held, tmp_path / "out.zip", "zip", ORDER)
    with ZipFile(tmp_path / "out.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
    first = (tmp_path / "out.zip").read_bytes()
    write_minutes(held, tmp_path / "out.zip", "zip", ORDER)
    assert (tmp_path / "out.zip").read_bytes() == first


def test_what_is_not_an_export_stays(held: SessionRecord, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(ExportError, match="not an export"):
        write_minutes(held, tmp_path, "folder", ORDER)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("target", "named", "expected"),
    [("a.md", None, "md"), ("A.HTML", None, "html"), ("a", None, "folder"), ("a.zip", None, "zip")]
    + [("a.csv", form, form) for form in FORMATS],
)
def test_the_name_says_the_form(target: str, named: str | None, expected: str) -> None:
    assert format_of(Path(target), named) == expected


@pytest.mark.parametrize(("target", "says"), [("a.csv", "--format judgements, decisions"), ("a.pdf", "ends in .md,")])
def test_a_name_that_says_nothing_is_refused(target: str, says: str) -> None:
    with pytest.raises(ExportError, match=says):
        format_of(Path(target))


def test_a_session_that_is_not_there(store: Store) -> None:
    with pytest.raises(ReviewError, match="9999"):
        read_session_record(store, 9999)
