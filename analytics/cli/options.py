"""The group of all commands, and what they share: arguments, options, loading of data, a progress bar."""

import codecs
import errno
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

import analytics
from analytics.errors import AnalyticsError, ReviewError, ViewError
from analytics.progress import Progress
from analytics.selection.fields import FILTER_FIELDS
from analytics.selection.selection import Selection, from_pairs
from analytics.settings import corpus_address, corpus_path, ensure_home_variable, expand_home_or_file_url, profile_path

if TYPE_CHECKING:
    from analytics.catalog.view import View
    from analytics.corpus.loader import Corpus
    from analytics.corpus.site_profile import Profile
    from analytics.engine.history_and_reviews import SideData


class _Refusal(click.ClickException):
    """An error that the user sees as a sentence."""

    exit_code = 2


UNFORESEEN = 4
"""The exit code when the program itself failed, which no other outcome of a command shares."""

UNREAD = 141
"""The exit code when nobody reads the output any more: 128 and the number of SIGPIPE, as shells say it."""

INTERRUPTED = 130
"""The exit code after Ctrl-C: 128 and the number of SIGINT, as shells have it."""


class _Command(click.Command):
    """Refuses arguments that are not text, except names of files, which may be any bytes."""

    def invoke(self, context: click.Context) -> Any:
        for parameter in self.params:
            value = context.params.get(str(parameter.name))
            texts = [value] if isinstance(value, str) else value if isinstance(value, tuple) else ()
            try:
                "".join(text for text in texts if isinstance(text, str)).encode()
            except UnicodeEncodeError:
                raise click.BadParameter(
                    "holds bytes that are not text. Write it in UTF-8.", context, parameter
                ) from None
        return super().invoke(context)


class _Group(click.Group):
    """Shows an AnalyticsError as a sentence, with exit code 2, and an unforeseen error as one, with UNFORESEEN.

    Python's developer mode (`python -X dev -m analytics`) shows the traceback of an unforeseen error instead.
    """

    command_class = _Command
    group_class = type

    def invoke(self, context: click.Context) -> Any:
        if sys.flags.optimize > 1:
            raise _Refusal("Python runs with -OO (PYTHONOPTIMIZE=2), which Altair cannot. Use -O, or leave it out.")
        try:
            result = super().invoke(context)
            sys.stdout.flush()
        except AnalyticsError as error:
            raise _Refusal(str(error)) from error
        except KeyboardInterrupt:
            click.echo("Aborted!", err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            _discard_output(1)
            sys.exit(UNREAD)
        except OSError as error:
            if not _is_of_full_output(error):
                raise
            _discard_output(1)
            raise _Refusal(f"The output cannot be written: {error.strerror}.") from error
        return result

    def main(self, *args: Any, **options: Any) -> Any:
        ensure_home_variable()
        _open_closed_outputs()
        for stream in (sys.stdout, sys.stderr):
            _escape_unknown_signs(stream)
        try:
            return super().main(*args, **options)
        except Exception as error:
            if sys.flags.dev_mode:
                raise
            if isinstance(error, OSError) and _is_of_full_output(error):
                _discard_output(2)  # which took no error message
                sys.exit(_Refusal.exit_code)
            with suppress(OSError):
                click.echo(f"Error: {_unforeseen(error)}", err=True)
            sys.exit(UNFORESEEN)


def _is_of_full_output(error: OSError) -> bool:
    """Whether an output that was open already takes no more."""
    return error.filename is None and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def _discard_output(descriptor: int) -> None:
    """Send what a stream still holds, and what comes, to nowhere: Python would fail at its end otherwise."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if nowhere != descriptor:  # a closed one is given out again
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def _open_closed_outputs() -> None:
    """Open the outputs that the caller closed (`>&-`), to nowhere, before another file takes their place."""
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            _discard_output(descriptor)
            setattr(sys, name, os.fdopen(descriptor, "w", encoding="utf-8", closefd=False))


def _unforeseen(error: Exception) -> str:
    """What to say of an error that the program did not foresee, in one line."""
    found = " ".join("".join(traceback.format_exception_only(error)).split())
    step = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"The program failed, which is a fault of its own ({found}; {Path(step.filename).name}, line {step.lineno}). "
        "Report it to those who maintain it, with this line and the command."
    )


def _escape_unknown_signs(stream: TextIO) -> None:
    """Let a stream write signs that its encoding lacks as `\\u20ac`, which JSON reads back, instead of failing."""
    if getattr(stream, "errors", None) == "strict" and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="json_escape")


def _json_escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error("json_escape", _json_escape)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(analytics.__version__, prog_name="article-analytics")
def main() -> None:
    """Quality, heat, topics and providers of a corpus of curated articles, over time.

    CORPUS is a folder of articles; without one, that of ARTICLE_ANALYTICS_CORPUS, else the sample.
    """


Command = Callable[..., Any]


class _PathType(click.Path):
    """The path that a person types; `~` leads home. An empty text, as of a variable that is not set, is no path."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        if value in ("", b""):
            self.fail("is empty. Name a file or folder; . is the folder you are in.", parameter, context)
        return self.expand(Path(os.fsdecode(super().convert(value, parameter, context))))

    def expand(self, typed: Path) -> Path:
        """The path that is meant."""
        return expand_home_or_file_url(typed)


class _CorpusPathType(_PathType):
    """The path of a corpus that a person types, which may be a git address of this machine."""

    def expand(self, typed: Path) -> Path:
        """The path that is meant, `REPOSITORY@HEAD` for a git address."""
        return corpus_address(typed)


PATH = _PathType(path_type=Path)
"""The type of every argument and option that names a file or folder."""

CORPUS_PATH = _CorpusPathType(path_type=Path)
"""The type of every argument and option that names a corpus."""

DAY = click.DateTime(["%Y-%m-%d"])


def corpus_and_profile_arguments(command: Command) -> Command:
    """The optional argument CORPUS, and the option for its profile."""
    return click.argument("corpus", required=False, type=CORPUS_PATH)(profile_option(command))


_PROFILE = "analytics.profile"
"""Under this name the context of a command holds the file of `--profile`."""


def profile_option(command: Command) -> Command:
    """The option for the profile of a corpus, which `load` looks up."""
    help_text = "Read CORPUS by this profile instead of its own corpus.yml."
    option = click.option(
        "--profile", metavar="FILE", type=PATH, help=help_text, expose_value=False, callback=_note_profile
    )
    return option(command)


def _note_profile(context: click.Context, _option: click.Parameter, given: Path | None) -> None:
    context.meta[_PROFILE] = given


def chosen_profile() -> Path | None:
    """The profile that the command names, else that of ARTICLE_ANALYTICS_PROFILE, if any."""
    context = click.get_current_context(silent=True)
    return profile_path(context.meta.get(_PROFILE) if context else None)


def selection_options(command: Command) -> Command:
    """An option for each filter, named as its parameter in a link, and one for a saved selection."""
    kinds: dict[str, dict[str, Any]] = {
        "day": {"type": DAY},
        "labels": {"multiple": True},
        "number": {},
        "flag": {"is_flag": True},
        "words": {"default": ""},
        "choice": {},
    }
    for field in reversed(FILTER_FIELDS):
        extra: dict[str, Any] = {"type": click.Choice(field.choices)} if field.choices else {}
        if field.kind == "number":
            extra = {"type": click.IntRange(*field.bounds)}
        name = f"--{field.parameter.replace('_', '-')}"
        help_text = f"{field.meaning[0].upper()}{field.meaning[1:]}."
        command = click.option(name, field.attribute, help=help_text, **(kinds[field.kind] | extra))(command)
    saved = "Start from this saved selection; each option given replaces the saved part of the same name."
    return click.option("--selection", "saved", metavar="NAME", help=saved)(command)


def selection_of(given: dict[str, Any]) -> Selection:
    """The selection of the options given; they replace the same filters of the saved selection, if one is named."""
    saved = given.pop("saved")
    for name in (field.attribute for field in FILTER_FIELDS if field.kind == "day"):
        given[name] = given[name].date() if given[name] else None
    selection = Selection(**given)
    if saved is None:
        return selection
    from analytics.userdata.saved_selections import find

    replaced = {parameter for parameter, _ in selection.pairs()}
    return from_pairs([*(pair for pair in find(saved).pairs() if pair[0] not in replaced), *selection.pairs()])


def excel_option(command: Command) -> Command:
    """The flag that makes CSVs for Excel."""
    help_text = "CSVs for Excel: a byte order mark, and safe also where it parts cells at ;."
    return click.option("--excel", is_flag=True, help=help_text)(command)


def today_option(command: Command) -> Command:
    """The option for the day that counts as today, as a date; None without it."""
    help_text = "The day that counts as today; by default the current one (UTC). Give it to make the same files again."
    return click.option("--today", type=DAY, callback=_date_of, metavar="DATE", help=help_text)(command)


def _date_of(_context: click.Context, _option: click.Parameter, given: datetime | None) -> date | None:
    return None if given is None else given.date()


def load(corpus: Path | None, today: date | None = None, profile: "Profile | None" = None) -> "Corpus":
    """The corpus, with a progress bar while it loads; read by `profile`, else by the one that the command names, if
    any."""
    from analytics.corpus.loader import load_corpus

    with progress_bar("Loading") as progress:
        return load_corpus(corpus_path(corpus), profile=profile or chosen_profile(), today=today, progress=progress)


def selection_and_profile_in_words(selection: Selection, corpus: "Corpus") -> str:
    """A selection in words and the profile of the corpus, if any, for the line that a command prints."""
    read_by = f"; read by {corpus.profile.in_words}" if corpus.profile.in_words else ""
    return f"{selection.in_words()}{read_by}"


def review_store_option(command: Command) -> Command:
    """The option for the store of reviews."""
    help_text = "The store of reviews; ARTICLE_ANALYTICS_REVIEWS if not given, else a file of the data folder."
    return click.option("--store", metavar="URL", help=help_text, callback=_usable_store)(command)


def _usable_store(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    if given:
        from analytics.reviews.store.database import check_store_url

        check_store_url(given)
    return given


def history_and_reviews_for(views: "Iterable[View]", corpus: "Corpus", store: str | None) -> "SideData":
    """The history and the reviews of a corpus, each only if a view requires it and it can be read."""
    from analytics.engine.history_and_reviews import SideData
    from analytics.history.loader import history_of
    from analytics.reviews.article_matching import read_review_tables

    required = {view.requires for view in views}
    history = None
    if "history" in required:
        with progress_bar("Reading the history") as progress:
            history = history_of(corpus, progress=progress)
    try:
        reviewed = read_review_tables(corpus, store) if "reviewed" in required else None
    except ReviewError as error:
        click.echo(f"Left out what was reviewed. {error}", err=True)
        return SideData(history=history, reviews_missing=str(error))
    return SideData(history=history, reviewed=reviewed)


def refuse_missing_side_data(views: "Iterable[View]", corpus: Path | None, store: str | None) -> None:
    """Raise ViewError for a view whose history or reviews are not there, before the corpus is loaded for it."""
    from analytics.reports.available_views import side_data_faults

    for slug, fault in side_data_faults(views, corpus_path(corpus), store).items():
        raise ViewError(f"{slug}: {fault}")


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A progress bar on standard error, hidden when that is no terminal."""
    with click.progressbar(length=0, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def show(done: int, total: int, _label: str = "") -> None:
            if done < bar.pos:
                bar.finished, bar.pos = False, 0
            bar.length = total
            bar.update(done - bar.pos)

        yield show


def views_named_or_all(slugs: Iterable[str]) -> "list[View]":
    """The views of some names, or those of the whole catalog without a name. Raises ViewError."""
    from analytics.catalog import VIEWS

    return [view_named(slug) for slug in slugs] or list(VIEWS.values())


def view_named(slug: str) -> "View":
    """The view of a name. Raises ViewError, with the name that was probably meant."""
    from analytics.catalog import VIEWS
    from analytics.name_suggestions import did_you_mean

    if slug not in VIEWS:
        suggestion = did_you_mean(slug, VIEWS)
        raise ViewError(f"There is no view {slug!r}.{suggestion} `article-analytics views` lists them.")
    return VIEWS[slug]


def day_or_current(day: datetime | None) -> date:
    """The day given, else the current one (UTC)."""
    return (day or datetime.now(UTC)).date()
