"""Commands about review sessions: list, export, import, and a new store in place of one that is gone."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analytics.cli.options import (
    CORPUS_PATH,
    DAY,
    PATH,
    corpus_and_profile_arguments,
    day_or_current,
    excel_option,
    load,
    main,
    profile_option,
    review_store_option,
)
from analytics.errors import ReviewError

if TYPE_CHECKING:
    from analytics.reports.session_list import SessionListFormat
    from analytics.reviews.store.store import Store

FORMS = ("md", "html", "judgements", "decisions", "agenda", "changes", "zip", "folder")


@main.group()
def review() -> None:
    """List review sessions, take their minutes away, bring in decisions from elsewhere."""


@review.command("list")
@click.option("--format", "format_", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@excel_option
@review_store_option
def sessions(format_: "SessionListFormat", excel: bool, store: str | None) -> None:
    """List the sessions, the newest first: state, items, people, how far they are.

    Before the first session there is no store yet, and the list is empty; a store that --store names must be there.
    """
    from analytics.reports.session_list import session_list_text
    from analytics.reviews.store.store import store_exists

    if store is None and not store_exists():
        click.echo(session_list_text(None, format_, excel=excel), nl=False)
        return
    with _existing_store(store) as opened:
        click.echo(session_list_text(opened, format_, excel=excel), nl=False)


@review.command()
@click.argument("session", type=click.IntRange(1))
@click.option("--out", type=PATH, help="Folder, FILE.zip, FILE.md, FILE.html or FILE.csv.")
@click.option(
    "--format", "format_", type=click.Choice(FORMS), help="What to write; the name of --out says it if not given."
)
@click.option("--corpus", type=CORPUS_PATH, help="Name files as they are called in this corpus now.")
@profile_option
@click.option("--disclose", is_flag=True, help="Also while it is judged, when people do not see each other's verdicts.")
@click.option("--as", "person", metavar="NAME", help="Who discloses: the maker, or one with a verdict on each article.")
@click.option("--raw", is_flag=True, help="Leave text that a spreadsheet would run as a formula as it is.")
@excel_option
@click.option("--date", "day", type=DAY, help="The day that the minutes bear; today (UTC) if not given.")
@review_store_option
def export(
    session: int,
    out: Path | None,
    format_: str | None,
    corpus: Path | None,
    disclose: bool,
    person: str | None,
    raw: bool,
    excel: bool,
    day: datetime | None,
    store: str | None,
) -> None:
    """Write the minutes of SESSION: as text, as a page, as a CSV, or all together in a folder or zip.

    Without --out one form is written to standard output: Markdown, or the one of --format. `changes` is what settled
    decisions would change: path, field, from, to. The corpus itself is never written.
    """
    from analytics.reports.minutes_files import (
        MinutesOptions,
        check_minutes_target,
        format_of,
        minutes_text,
        write_minutes,
    )
    from analytics.reviews.session_record import read_session_record, with_matched_tables

    if out is None and format_ in ("zip", "folder"):
        raise click.UsageError(f"Name the {format_} to write with --out.")
    wanted = format_of(out or Path("minutes.md"), format_)
    if out is not None:
        check_minutes_target(out, wanted)
    with _existing_store(store) as opened:
        record = read_session_record(opened, session)
        if record.session.state == "judging":
            if not disclose or person is None:
                raise ReviewError(
                    f"Session {session} ({record.session.title}) is still being judged, and people do not see each "
                    "other's verdicts yet. Bring it to settling first, or add --disclose and --as NAME."
                )
            if refusal := opened.reveal_refusal(session, person):
                raise ReviewError(refusal)
    if corpus is not None:
        record = with_matched_tables(record, load(corpus))
    options = MinutesOptions(day_or_current(day), raw=raw, excel=excel)
    if out is None:
        click.echo(minutes_text(record, wanted, options), nl=False)
        return
    write_minutes(record, out, wanted, options)
    click.echo(f"{out}: session {session}, {record.session.title}")


@review.command("import")
@click.argument("source", metavar="FILE.csv", type=PATH)
@corpus_and_profile_arguments
@click.option("--session", type=click.IntRange(1), help="Add to this session.")
@click.option("--title", help="Make a session of this title, or add to the one that an import has made.")
@click.option("--by", default="", metavar="NAME", help="Who decided, where a row does not say it.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that make no sense; without it one stops the import.")
@review_store_option
def import_csv(
    source: Path,
    corpus: Path | None,
    session: int | None,
    title: str | None,
    by: str,
    skip_bad: bool,
    store: str | None,
) -> None:
    """Bring in the decisions of FILE.csv on articles of CORPUS.

    Columns: path or url, verdict, and if wanted quality, note, present (names with ; between), by, decided_at, state.
    What was imported before is not added again.
    """
    if session is not None and title is not None:
        raise click.UsageError("Give --session or --title, not both.")
    from analytics.engine.slice import Slice
    from analytics.reviews.import_decisions import DEFAULT_TITLE, ImportTarget, check_import, import_decisions
    from analytics.reviews.store.store import open_store

    target = ImportTarget(session, title or DEFAULT_TITLE, by, skip_bad=skip_bad)
    check_import(store, source, target)
    data = Slice(load(corpus))
    with closing(open_store(store)) as opened:
        result = import_decisions(opened, source, data, target)
    click.echo("\n".join(result.summary()))


@review.command("new-store")
@review_store_option
def new_store(store: str | None) -> None:
    """Make a new, empty store where a damaged or deleted one was; the copies of that one stay beside it."""
    from analytics.reviews.store.database import parse_store_url, printable_url, sqlite_path, store_url
    from analytics.reviews.store.store import open_store

    url = parse_store_url(store_url(store))
    path = sqlite_path(url)
    if path is None or path.exists():
        raise ReviewError(f"{printable_url(url)} is left as it is: a new store is made only where a file was lost.")
    with closing(open_store(store, ignore_copies=True)):
        click.echo(f"{path}: a new, empty store")


@contextmanager
def _existing_store(url: str | None) -> Iterator["Store"]:
    """The store of a URL while it is used. Raises ReviewError when there is none."""
    from analytics.reviews.store.database import parse_store_url, printable_url, store_url
    from analytics.reviews.store.store import open_store, store_exists

    if not store_exists(url):
        location = printable_url(parse_store_url(store_url(url)))
        raise ReviewError(f"There is no store of reviews at {location}. Name it with --store, or open a session first.")
    with closing(open_store(url)) as opened:
        yield opened
