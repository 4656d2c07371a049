"""Commands about review sessions: list, export, import."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from analytics.cli.options import DAY, corpus_argument, load, main, store_option, today
from analytics.errors import ReviewError

FORMS = ("md", "html", "judgements", "decisions", "agenda", "changes", "zip", "folder")


@main.group()
def review() -> None:
    """List review sessions, take their minutes away, bring in decisions from elsewhere."""


@review.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@store_option
def sessions(form: Any, store: str | None) -> None:
    """List the sessions, the newest first: state, items, people, how far they are."""
    from analytics.reports.minutes.files import written

    with _opened(store) as opened:
        click.echo(written(opened, form), nl=False)


@review.command()
@click.argument("session", type=click.IntRange(1))
@click.option("--out", type=click.Path(path_type=Path), help="Folder, FILE.zip, FILE.md, FILE.html or FILE.csv.")
@click.option(
    "--format", "form", type=click.Choice(FORMS), help="What to write; the name of --out says it if not given."
)
@click.option("--corpus", type=click.Path(path_type=Path), help="Name files as they are called in this corpus now.")
@click.option("--disclose", is_flag=True, help="Also while it is judged, when people do not see each other's verdicts.")
@click.option("--raw", is_flag=True, help="Leave text that a spreadsheet would run as a formula as it is.")
@click.option("--date", "day", type=DAY, help="The day that the minutes bear; today (UTC) if not given.")
@store_option
def export(
    session: int,
    out: Path | None,
    form: str | None,
    corpus: Path | None,
    disclose: bool,
    raw: bool,
    day: datetime | None,
    store: str | None,
) -> None:
    """Write the minutes of SESSION: as text, as a page, as a CSV, or all together in a folder or zip.

    Without --out one form is written to standard output: Markdown, or the one of --format. `changes` is what settled
    decisions would change: path, field, from, to. The corpus itself is never written.
    """
    from analytics.reports.minutes.files import Order, form_of, text_of, write_minutes
    from analytics.reviews.session_record import placed, proceedings

    if out is None and form in ("zip", "folder"):
        raise click.UsageError(f"Name the {form} to write with --out.")
    wanted = form_of(out or Path("minutes.md"), form)
    with _opened(store) as opened:
        held = proceedings(opened, session)
    if held.session.state == "judging" and not disclose:
        raise ReviewError(
            f"Session {session} ({held.session.title}) is still being judged, and people do not see each other's "
            "verdicts yet. Bring it to settling first, or add --disclose."
        )
    if corpus is not None:
        held = placed(held, load(corpus))
    order = Order(today(day), raw=raw)
    if out is None:
        click.echo(text_of(held, wanted, order), nl=False)
        return
    write_minutes(held, out, wanted, order)
    click.echo(f"{out}: session {session}, {held.session.title}")


@review.command("import")
@click.argument("source", metavar="FILE.csv", type=click.Path(path_type=Path))
@corpus_argument
@click.option("--session", type=click.IntRange(1), help="Add to this session.")
@click.option("--title", help="Make a session of this title, or add to the one that an import has made.")
@click.option("--by", default="", metavar="NAME", help="Who decided, where a row does not say it.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that make no sense; without it one stops the import.")
@store_option
def bring_in(
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
    from analytics.reviews.exchange import TITLE, Target, import_decisions
    from analytics.reviews.store.store import open_store

    data = Slice(load(corpus))
    opened = open_store(store)
    try:
        done = import_decisions(opened, source, data, Target(session, title or TITLE, by, skip_bad=skip_bad))
    finally:
        opened.close()
    click.echo("\n".join(done.told()))


@contextmanager
def _opened(url: str | None) -> Iterator[Any]:
    """The store, which must be there."""
    from analytics.reviews.store.database import address, shown, store_url
    from analytics.reviews.store.lookup import is_there
    from analytics.reviews.store.store import open_store

    if not is_there(url):
        place = shown(address(store_url(url)))
        raise ReviewError(f"There is no store of reviews at {place}. Name it with --store, or open a session first.")
    opened = open_store(url)
    try:
        yield opened
    finally:
        opened.close()
