"""A source → a `Corpus`: list the files, parse them in worker processes, join the parts into typed frames."""

import hashlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.corpus import git
from analytics.corpus.checks_across_articles import clear_future_dates, crosscheck
from analytics.corpus.field_map import FILE_NAME, FOLDER, OWN_MAP_NAMES
from analytics.corpus.incremental_parse import parsed_tables
from analytics.corpus.link_targets import with_link_targets
from analytics.corpus.parsing.field_readers import Problem
from analytics.corpus.parsing.files_to_tables import SCHEMAS, Tables, problem_row
from analytics.corpus.parsing.profile_file import load_profile, own_profile
from analytics.corpus.parsing.taxonomy import load_taxonomy
from analytics.corpus.profile_checks import unused_entries
from analytics.corpus.site_profile import NO_PROFILE, Profile, ReadingSettings
from analytics.corpus.sources.base import Source, SourceFile
from analytics.corpus.sources.folder import Folder
from analytics.corpus.sources.git_tree import GitTree
from analytics.corpus.sources.open import open_source
from analytics.corpus.table_contracts import (
    ARTICLES,
    FIELD_SOURCES,
    IMAGES,
    LINKS,
    ORGANISATIONS,
    PROBLEMS,
    RELATED,
    TOPIC_TREE,
    TOPICS,
    UNKNOWN_FIELDS,
)
from analytics.errors import CorpusError
from analytics.progress import Progress
from analytics.schema import Table
from analytics.settings import corpus_address


def frame(table: pa.Table, contract: Table) -> pd.DataFrame:
    """An Arrow table as a frame that keeps its contract; columns that it lacks are missing."""
    if not table.num_rows:
        return contract.empty()
    columns: dict[str, pd.Series] = {}
    for column in contract.columns:
        if column.name not in table.column_names:
            columns[column.name] = pd.Series(pd.NA, index=range(table.num_rows), dtype=column.dtype)
            continue
        values = table[column.name]
        if column.kind == "label":
            columns[column.name] = _label(values)
        elif column.kind == "text":
            columns[column.name] = values.to_pandas().astype("str")
        elif column.kind == "flag":
            columns[column.name] = values.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
        elif column.kind == "whole":
            columns[column.name] = values.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
        else:
            columns[column.name] = values.to_pandas(date_as_object=False).astype(column.dtype)
    return pd.DataFrame(columns, columns=contract.names)


def _label(values: pa.ChunkedArray) -> pd.Series:
    """Text as a categorical whose categories are in alphabetical order, whatever order they came in."""
    encoded = values.dictionary_encode().to_pandas()
    ordered: pd.Series = encoded.cat.set_categories(pd.Index(sorted(encoded.cat.categories), dtype="str"))
    return ordered


_NO_TEXT = pa.array([], pa.large_string())


@dataclass(frozen=True, eq=False)
class Corpus:
    """Everything that was read from a source, and every problem met on the way. Treat the frames as read-only.

    Frames keep the contracts of `analytics.corpus.table_contracts`. `fingerprint` changes when the content of an
    article does, `stamp` when a file's size or time does, or when its repository has a new commit; `commit` is the git
    commit of a corpus read at a revision, `head` the newest one of the repository when a folder in it was read.
    `skipped` counts text files without front matter, which are no articles and no faults. `as_of` is the day at whose
    end the corpus was as it is here; None for the corpus that was opened. `today` is the day that counts as today:
    later dates are problems, and what is said of now is said of it. `profile` is what the corpus was read by.
    `collections` are those that a corpus of only some holds, of the `whole` (`corpus.collections`).
    """

    name: str
    source: str
    fingerprint: str
    stamp: str
    articles: pd.DataFrame
    topics: pd.DataFrame
    images: pd.DataFrame
    related: pd.DataFrame
    links: pd.DataFrame
    problems: pd.DataFrame
    topic_tree: pd.DataFrame
    organisations: pd.DataFrame
    unknown_fields: pd.DataFrame
    field_sources: pd.DataFrame
    skipped: int
    today: date
    commit: str | None = None
    head: str | None = None
    as_of: date | None = None
    profile: Profile = NO_PROFILE
    collections: tuple[str, ...] = ()
    whole: "Corpus | None" = None

    @property
    def name_and_profile(self) -> str:
        """The name, and the profile that it was read by, if any: what reports print."""
        return f"{self.name}, read by {self.profile.in_words}" if self.profile.in_words else self.name

    @property
    def cache_key(self) -> str:
        """A text that changes whenever an answer may: with the content of the corpus, and with today."""
        return " ".join([self.fingerprint, f"{self.today}", *self.collections])


def current_day() -> date:
    """The current day (UTC): what counts as today unless a day is given."""
    return datetime.now(UTC).date()


def load_corpus(
    source: str | os.PathLike[str],
    *,
    profile: str | os.PathLike[str] | Profile | None = None,
    today: date | None = None,
    cache: bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Load the articles of a folder (at any depth), of a zip or tar, of a single file, or of a git revision.

    `FOLDER@REVISION` is a folder of a git working tree, or a bare repository, as it was at a commit, branch or tag,
    read without a checkout; a bare repository alone, or a git address `file:///REPOSITORY`, as at its newest commit.

    One bad file is one row in `problems` and never the end of a load. With `cache`, only new and changed
    files are parsed. `workers=1` stays in this process; by default many files are parsed on all processors. `progress`
    is called with the files done and the files in all. `today` is the day that counts as today, by default the current
    one (UTC). `profile`, or the file that it names, is used instead of the corpus's own `corpus.yml`. Raises
    CorpusError when there is nothing to read at `source`, or when the profile that is named has a fault.
    """
    said = profile if isinstance(profile, Profile) or profile is None else load_profile(profile)
    opened, now = open_source(source), today or current_day()
    named = str(corpus_address(source)) if str(source).startswith("file:") else str(source)
    return load_source(opened, named, profile=said, today=now, cache=cache, workers=workers, progress=progress)


def load_source(
    opened: Source,
    named: str,
    *,
    profile: Profile | None = None,
    today: date,
    cache: bool,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Load a source that is open already; `named` is the path by which it can be opened again. See `load_corpus`."""
    listed_ns = time.time_ns()
    commit, head = opened.commit if isinstance(opened, GitTree) else None, _head(opened)
    listed = opened.entries()
    said, profile_faults = (profile, []) if profile is not None else own_profile(opened, listed)
    entries = [entry for entry in listed if not said.leaves_out(entry.path)]
    wanted = [entry for entry in entries if entry.role == "article"]
    parts = parsed_tables(
        opened, wanted, said.reading, use_cache=cache, workers=workers, progress=progress, listed_ns=listed_ns
    )
    taxonomy = [entry for entry in entries if entry.role in ("topic", "organisation")]
    topic_tree, organisations, faults = load_taxonomy(opened, taxonomy)
    topic_tree, organisations = _under_new_names(topic_tree, organisations, said.reading)
    articles, future = clear_future_dates(frame(parts["articles"], ARTICLES), today)
    topics = frame(parts["topics"], TOPICS)
    related = frame(_with_targets(parts["related"], parts["articles"]), RELATED)
    sources = frame(parts["field_sources"], FIELD_SOURCES)
    faults += profile_faults
    faults += _no_articles(parts, faults)
    if said.entries and len(articles):
        faults += unused_entries(said, articles, topics, sources)
    problems = pa.concat_tables([parts["problems"], pa.Table.from_pylist(faults, schema=SCHEMAS["problems"])])
    across = pd.concat([future, crosscheck(articles, topics, related, topic_tree, organisations, said.cut_off)])
    return Corpus(
        name=opened.name,
        source=named,
        fingerprint=_fingerprint(commit, said, parts["files"], topic_tree, organisations),
        stamp=_stamp(opened.version or listed, profile, head),
        articles=articles,
        topics=topics,
        images=frame(parts["images"], IMAGES),
        related=related,
        links=frame(with_link_targets(parts["links"], parts["articles"]), LINKS),
        problems=_sorted_problems(frame(problems, PROBLEMS), _under_own_keys(across, sources)),
        topic_tree=_with_groups(topic_tree, said),
        organisations=organisations,
        unknown_fields=_unknown(parts["unknown_fields"]),
        field_sources=sources,
        skipped=_skipped(parts),
        today=today,
        commit=commit,
        head=head,
        profile=said,
    )


def _under_new_names(
    tree: pd.DataFrame, organisations: pd.DataFrame, reading: ReadingSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The taxonomy with the names that topics and providers have by a profile, as the articles have them."""
    renames, aliases = dict(reading.renames), dict(reading.aliases)
    if renames and len(tree):
        named = {name: tree[name].replace(renames) for name in ("name", "shortname", "parent")}
        tree = TOPIC_TREE.of(tree.assign(**named))
    if aliases and len(organisations):
        organisations = ORGANISATIONS.of(organisations.assign(name=organisations["name"].replace(aliases)))
    return tree, organisations


def _with_groups(tree: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """The topics of the taxonomy, and those that a profile groups, each under the topic of its group."""
    pairs = [(profile.name, topic, group) for group, topics in profile.groups for topic in topics]
    grouped = pd.DataFrame(pairs, columns=["path", "name", "parent"]).reindex(columns=TOPIC_TREE.names)
    return TOPIC_TREE.of(pd.concat([tree, grouped], ignore_index=True)) if pairs else tree


def _skipped(parts: Tables) -> int:
    return pc.sum(pc.equal(parts["files"]["state"], "skipped")).as_py() or 0


def _no_articles(parts: Tables, faults: list[dict[str, object]]) -> list[dict[str, object]]:
    """A problem row where no file is an article, and no error says why."""
    severities = [*parts["problems"]["severity"].to_pylist(), *(fault["severity"] for fault in faults)]
    if parts["articles"].num_rows or "error" in severities:
        return []
    skipped, files = _skipped(parts), parts["files"]["path"].to_pylist()
    value = f"{skipped:,} {'text' if skipped == 1 else 'texts'} without front matter" if skipped else ""
    if not files:
        value = "no file that could be one"
    return [problem_row(files[0] if files else ".", Problem("", "no_articles", value), None)]


def listing_stamp(source: str | os.PathLike[str], profile: str | os.PathLike[str] | None = None) -> str:
    """The `Corpus.stamp` of the files as they are now; it differs once files have changed. Raises CorpusError."""
    opened, said = open_source(source), None if profile is None else load_profile(profile)
    head = _head(opened)
    return _stamp(opened.version or opened.entries(), said, head)


def _head(opened: Source) -> str | None:
    """The newest commit of the git repository that a folder lies in; None without one that can be read."""
    try:
        return git.commit_of(opened.root) if isinstance(opened, Folder) else None
    except CorpusError:
        return None


def _stamp(state: str | Sequence[SourceFile], profile: Profile | None, head: str | None) -> str:
    """What tells the state of the files; of a profile that was named, which is none of them, its content counts."""
    text = repr(state) + ("" if profile is None else f" {profile.digest}") + f" {head}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _with_targets(related: pa.Table, articles: pa.Table) -> pa.Table:
    """`related` with the path of the first article that has the story's address."""
    addresses = pa.concat_arrays([*articles["web_url"].chunks, *articles["original_url"].chunks, _NO_TEXT])
    paths = pa.concat_arrays([*articles["path"].chunks * 2, _NO_TEXT])
    found = paths.take(pc.index_in(related["url"].combine_chunks(), value_set=addresses, skip_nulls=True))
    own = pc.equal(found, related["path"].combine_chunks())
    return related.append_column("target_path", pc.if_else(own, None, found))


def _under_own_keys(problems: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Problems whose `field` is the key that the file has for it, where that is not the record's own."""
    if sources.empty or problems.empty:
        return problems
    names = {name: field for field, name in OWN_MAP_NAMES.items()}
    keys = sources["key"].astype("str").replace({FILE_NAME: "path", FOLDER: "path"})
    index = pd.MultiIndex.from_arrays([sources["path"], sources["field"].astype("str").map(names)])
    own = pd.Series(keys.to_numpy(), index=index)
    found = own.reindex(pd.MultiIndex.from_frame(problems[["path", "field"]])).to_numpy()
    return problems.assign(field=pd.Series(found, index=problems.index, dtype="str").fillna(problems["field"]))


def _sorted_problems(*found: pd.DataFrame) -> pd.DataFrame:
    rows = [each for each in found if len(each)]
    if not rows:
        return PROBLEMS.empty()
    problems = PROBLEMS.of(pd.concat(rows))
    ordered = problems.sort_values(["path", "line", "field", "code"], kind="stable", na_position="first")
    return ordered.reset_index(drop=True)


def _unknown(fields: pa.Table) -> pd.DataFrame:
    if not fields.num_rows:
        return UNKNOWN_FIELDS.empty()
    counts = fields["field"].to_pandas().astype("str").value_counts().rename_axis("field").rename("n").reset_index()
    return UNKNOWN_FIELDS.of(counts.sort_values(["n", "field"], ascending=[False, True]))


def _fingerprint(commit: str | None, profile: Profile, files: pa.Table, *taxonomy: pd.DataFrame) -> str:
    digest = hashlib.sha256("\0".join(files["path"].to_pylist()).encode())
    digest.update(profile.digest.encode())
    digest.update((commit or "").encode())
    digest.update(b"".join(files["digest"].to_pylist()))
    for table in taxonomy:
        digest.update(np.asarray(pd.util.hash_pandas_object(table, index=False)).tobytes())
    return digest.hexdigest()[:16]
