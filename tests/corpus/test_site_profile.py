"""`corpus.yml`: what it may say, what is refused with line and suggestion, and that each entry acts on the frames."""

import json
import os
import re
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.common.frequent_labels import umbrella_topics
from analytics.analyses.common.publish_cut_off import publish_cut_off
from analytics.analyses.data_health import field_sources
from analytics.corpus.field_map import OWN_MAP_NAMES
from analytics.corpus.limits import MAX_FRONT_MATTER_CHARS
from analytics.corpus.loader import Corpus, listing_stamp, load_corpus
from analytics.corpus.parsing import article, front_matter
from analytics.corpus.parsing.profile_file import MAX_FAULTS, MAX_LEFT_OUT, MAX_VALUES, load_profile, parsed_profile
from analytics.corpus.site_profile import NO_PROFILE, Profile, ReadingSettings
from analytics.engine.slice import Slice
from analytics.errors import CorpusError
from analytics.selection.selection import Selection
from tests.corpora import TODAY


def parsed(text: str) -> Profile:
    profile, faults = parsed_profile(text.encode())
    assert not faults
    return profile


WHOLE = """
fields:
  excerpt: [blurb, extra.lead]
  quality: score
time_zone: Europe/Vienna
collections: [_news, _archive/_news/]
leave_out: [drafts/, '*/README.md']
newsletters: _newsletters
cut_off: 70
topics:
  renames: {Flow: Automate, Workflow: Flow}
  groups: {Energy: [Solar, Wind]}
  umbrella: Technology
  target_mix: {Solar: 30%, Wind: 0.25}
providers:
  aliases: {Example: [Example Inc., example.com]}
  kinds: {vendor: Example, press: [The Daily]}
"""


def test_everything_that_a_profile_can_say() -> None:
    profile = parsed(WHOLE)
    assert profile.reading == ReadingSettings(
        fields=(("excerpt", ("blurb", "extra.lead")), ("quality", ("score",))),
        time_zone="Europe/Vienna",
        renames=(("Flow", "Automate"), ("Workflow", "Automate")),
        aliases=(("Example Inc.", "Example"), ("example.com", "Example")),
    )
    assert profile.collections == ("news", "archive/news")
    assert (profile.leave_out, profile.newsletters) == (("drafts", "*/README.md"), "_newsletters")
    assert (profile.cut_off, profile.umbrella) == (70, ("Technology",))
    assert profile.groups == (("Energy", ("Solar", "Wind")),)
    assert profile.target_mix == (("Solar", 0.3), ("Wind", 0.25))
    assert profile.kinds == (("vendor", ("Example",)), ("press", ("The Daily",)))
    assert profile.in_words == f"corpus.yml ({profile.digest[:8]})"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "{}"])
def test_a_profile_that_says_nothing(text: str) -> None:
    assert parsed(text).reading == NO_PROFILE.reading
    assert parsed(text).umbrella is None


FAULTS = {
    "an unknown entry": (
        "\ncolections: [news]",
        2,
        "'colections' is no entry of a profile. Did you mean 'collections'?",
    ),
    "an unknown field": ("fields:\n  exerpt: blurb", 2, "'exerpt' is no field of the record. Did you mean 'excerpt'?"),
    "a column": (
        "fields: {published_at: when}",
        1,
        "'published_at' is no field of the record. Did you mean 'publishedDateTime'?",
    ),
    "two maps for one": (
        "fields:\n  quality: score\n  heat: [buzz, Score]",
        3,
        "'Score' stands for 'quality' already (line 2). Choose one of the two fields.",
    ),
    "no key": (
        "fields: {title: extra.}",
        1,
        "'extra.' is no key. Write one of the front matter, or `table.key` for one in a table.",
    ),
    "a secret": (
        "fields: {title: extra.Secured}",
        1,
        "'extra.Secured' is never read in: no field can be read from it.",
    ),
    "twice": ("cut_off: 7\n\ncut_off: 8", 3, "'cut_off' stands twice, first in line 1. Keep one of them."),
    "no value": ("time_zone:", 1, "'time_zone' has no value. Give it one, or leave the entry out."),
    "an empty name": ("collections: ['']", 1, "A name is empty here. Write it, or take the entry out."),
    "a long name": (f"collections: [{'a' * 201}]", 1, "A name has 201 characters here. Give it 200 at most."),
    "a text for a table": (
        "fields: excerpt",
        1,
        "'fields' takes names with values, such as `excerpt: [blurb, standfirst]`; here the text 'excerpt' stands.",
    ),
    "a table for a list": (
        "collections: {news: 1}",
        1,
        "'collections' takes a list of names; here a table of names with values stands.",
    ),
    "a list for a value": ("cut_off:\n  - 7", 2, "'cut_off' takes one value; here a list stands."),
    "a list": (
        "- cut_off",
        1,
        "A profile has names with values, such as `time_zone: Europe/Vienna`; here a list stands.",
    ),
    "a tag": (
        "topics:\n  umbrella: !!python/name:os.system a",
        2,
        "The value carries the tag 'tag:yaml.org,2002:python/name:os.system', which is never followed. Take it out.",
    ),
    "a time zone": ("time_zone: Europe/Viena", 1, "'Europe/Viena' is no time zone. Did you mean 'Europe/Vienna'?"),
    "a time zone as a path": (
        "time_zone: ../../etc/passwd",
        1,
        "'../../etc/passwd' is no time zone. Write one such as Europe/Vienna.",
    ),
    "the time zone of a machine": (
        "cut_off: 7\ntime_zone: localtime",
        2,
        "'localtime' is no time zone. Write one such as Europe/Vienna.",
    ),
    "a time zone that is none": (
        "time_zone: Factory",
        1,
        "'Factory' is no time zone. Write one such as Europe/Vienna.",
    ),
    "another file of the time zones": (
        "time_zone: posixrules",
        1,
        "'posixrules' is no time zone. Write one such as Europe/Vienna.",
    ),
    "a time zone with leap seconds": (
        "time_zone: right/Europe/Vienna",
        1,
        "'right/Europe/Vienna' is no time zone. Did you mean 'Europe/Vienna'?",
    ),
    "a copy of a time zone": ("time_zone: posix/UTC", 1, "'posix/UTC' is no time zone. Did you mean 'UTC'?"),
    "a path above": (
        "leave_out: [a/../../b]",
        1,
        "'a/../../b' leads out of the corpus. Write a folder or file in it, such as drafts.",
    ),
    "an absolute path": (
        "newsletters: /etc",
        1,
        "'/etc' is no path from the root of the corpus. Write a folder or file in it, such as drafts.",
    ),
    "a path of Windows": (
        r"leave_out: 'C:\x'",
        1,
        r"'C:\\x' is no path from the root of the corpus. Write a folder or file in it, such as drafts.",
    ),
    "a cut-off in words": ("cut_off: high", 1, "The cut-off 'high' is no whole number. Write a score, such as 70."),
    "a cut-off out of range": ("cut_off: 4000", 1, "The cut-off 4000 is no score: scores go from 0 to 1000."),
    "a rename to itself": (
        "topics: {renames: {A: A}}",
        1,
        "'A' is renamed to itself. Write its new name, or take it out.",
    ),
    "its own group": ("topics: {groups: {A: [A, B]}}", 1, "'A' is in its own group. Take it out of the list."),
    "a share in words": ("topics: {target_mix: {A: much}}", 1, "'much' is no share. Write it as 30% or 0.3."),
    "a share out of range": (
        "topics: {target_mix: {A: 130%}}",
        1,
        "The share '130%' is more than everything. Write it as 30% or 0.3.",
    ),
    "an alias of two": (
        "providers:\n  aliases:\n    A: [C]\n    B: [C]",
        4,
        "'C' is another name of 'A' (line 3) already. Choose one of the two.",
    ),
    "an alias of an alias": (
        "providers:\n  aliases:\n    A: [B]\n    B: [C]",
        3,
        "'B' is a provider of its own (line 4) already. Choose one of the two.",
    ),
    "an alias of itself": (
        "providers: {aliases: {A: A}}",
        1,
        "'A' is the name itself. List its other names only.",
    ),
    "an unknown kind": (
        "providers: {kinds: {vender: [A]}}",
        1,
        "'vender' is no kind of provider. Did you mean 'vendor'?",
    ),
    "two kinds": (
        "providers: {kinds: {vendor: [A], press: [A]}}",
        1,
        "'A' is under 'vendor' already. Choose one of the two kinds.",
    ),
    "twice in a list": ("collections: [news, _news, news]", 1, "'news' stands twice in the list. Keep one of them."),
    "broken YAML": (
        "cut_off: 7\ncollections: [news",
        2,
        "The file is not valid YAML (did not find expected … or …). Nothing of it is used: mend it.",
    ),
    "too deep": (
        "cut_off: 7\ntopics: " + "[" * 600,
        2,
        "The file is nested deeper than the program reads. Nothing of it is used: mend it.",
    ),
    "too many aliases": (
        "cut_off: &a 7\nx: [" + "*a," * 101 + "]",
        2,
        "The file uses more YAML aliases than the program follows. Nothing of it is used: mend it.",
    ),
    "too large": (
        "#" * (MAX_FRONT_MATTER_CHARS + 1),
        None,
        "The file is larger than the program reads (1000001 characters). Nothing of it is used: mend it.",
    ),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_what_is_wrong_is_said_with_line_and_suggestion(kind: str, tmp_path: Path) -> None:
    text, line, message = FAULTS[kind]
    profile, faults = parsed_profile(text.encode())
    assert [(fault.line, fault.message) for fault in faults] == [(line, message)]
    assert profile.digest != parsed_profile(b"")[0].digest
    (tmp_path / "mine.yml").write_text(text)
    with pytest.raises(CorpusError) as refused:
        load_profile(tmp_path / "mine.yml")
    assert str(refused.value) == f"{tmp_path}/mine.yml{f', line {line}' if line else ''}: {message}"


def test_a_named_profile_is_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(CorpusError, match="is no file"):
            load_profile(path)


@given(st.lists(st.text("ab/*[?.", min_size=1, max_size=6), max_size=4), st.text("ab/[?.", min_size=1, max_size=8))
def test_what_is_left_out_is_that_of_each_pattern_alone(patterns: list[str], path: str) -> None:
    def left_out(pattern: str) -> bool:
        expression = "".join(".*" if sign == "*" else re.escape(sign) for sign in pattern)
        return re.match(f"(?s:{expression})(?:/.*)?\\Z", path, re.DOTALL) is not None

    assert Profile(leave_out=tuple(patterns)).leaves_out(path) == any(map(left_out, patterns))


def test_a_circle_of_renames_takes_all_of_them_out() -> None:
    profile, faults = parsed_profile(b"topics:\n  renames:\n    A: B\n    B: A\n    C: D\n")
    assert profile.reading.renames == (("C", "D"),)
    assert [fault.line for fault in faults] == [3, 4]
    assert faults[0].message == "'A' is renamed to 'B', which leads back to it. Take one rename out."


def test_bytes_that_are_no_text_name_their_line() -> None:
    for data in (b"cut_off: 7\n\xff", b"cut_off: 7\n\0"):
        profile, (fault,) = parsed_profile(data)
        assert (fault.line, profile.cut_off) == (2, None)


def test_there_is_an_end_to_names_and_faults() -> None:
    profile, faults = parsed_profile(b"collections: [" + b",".join(b"c%d" % n for n in range(MAX_VALUES)) + b"]")
    assert (len(profile.collections), faults[0].message) == (
        MAX_VALUES - 3,
        "The file holds more than 5,000 values: the rest is left out.",
    )
    lists = b"collections: &a [" + b"{}, " * 200 + b"]\ntopics: {groups: {" + b"x: *a, " * 90 + b"}}\n"
    _, faults = parsed_profile(lists)
    assert len(faults) == MAX_FAULTS + 1
    paths = b",".join(b"'%d*'" % n for n in range(MAX_LEFT_OUT + 1))
    profile, (fault,) = parsed_profile(b"leave_out: [" + paths + b"]")
    assert (len(profile.leave_out), fault.line) == (MAX_LEFT_OUT, 1)
    _, faults = parsed_profile(b"\n".join(b"x%d: 1" % n for n in range(150)))
    assert len(faults) == MAX_FAULTS + 1
    assert faults[-1].message == "There are 50 more faults. Mend those above first."


def test_what_else_is_named_goes_by_the_new_names() -> None:
    profile = parsed(
        "topics: {umbrella: [A, B], groups: {A: [C]}, target_mix: {A: 1}, renames: {A: B, C: D}}\n"
        "providers: {kinds: {blog: [X, Y]}, aliases: {Z: [X]}}"
    )
    assert (profile.umbrella, profile.groups) == (("B",), (("B", ("D",)),))
    assert (profile.target_mix, profile.kinds) == ((("B", 1.0),), (("blog", ("Z", "Y")),))
    assert {entry.name for entry in profile.entries} == {"B", "D", "Z", "Y"}


def test_a_table_whose_entries_are_all_commented_out_says_nothing() -> None:
    tables = (
        "fields:",
        "topics:",
        "topics:\n  renames:\n  groups:\n  target_mix:",
        "providers:\n  aliases:\n  kinds: ~",
    )
    assert {parsed(f"cut_off: 7\n{table}").cut_off for table in tables} == {7}
    assert [parsed_profile(f"{table} !x".encode())[1][0].line for table in tables[:2]] == [1, 1]
    (fault,) = parsed_profile(b"topics:\n  renames: {A: B}\ntopics:")[1]
    assert (fault.line, fault.message) == (3, "'topics' stands twice, first in line 1. Keep one of them.")


def test_a_wrong_umbrella_is_no_umbrella_that_is_named() -> None:
    assert parsed_profile(b"topics: {umbrella: !x a}")[0].umbrella is None
    assert parsed("topics: {umbrella: []}").umbrella == ()


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"No such file or directory\. Name a file such as corpus\.yml\."):
        load_corpus(tmp_path, profile=tmp_path / "none.yml")


ARTICLES = {
    "_news/a.md": "title: A\nblurb: In short\nscore: 80\npublished: false\ndate: 2024-07-01 12:00\n"
    "topics: [Flow, Automate, Solar]\nprovider: {name: Example Inc., domain: a.example}\n"
    "related: [{title: R, webUrl: 'https://r.example/', provider: {name: example.com}}]",
    "_news/b.md": "title: B\nquality: 60\npublished: true\ndate: 2024-01-02\n"
    "topics: [Workflow]\nprovider: {name: Example}",
    "drafts/c.md": "title: C",
    "_videos/README.md": "title: D",
}


def site(folder: Path, profile: str = "", name: str = "corpus.yml") -> Path:
    files = {path: f"---\n{text}\n---\n" for path, text in ARTICLES.items()} | ({name: profile} if profile else {})
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def load(folder: Path, **more: Any) -> Corpus:
    return load_corpus(folder, today=TODAY, cache=False, **more)


def test_each_entry_acts_on_the_frames(tmp_path: Path) -> None:
    corpus = load(site(tmp_path, WHOLE))
    rows = corpus.articles.set_index("path")
    assert list(rows.index) == ["_news/a.md", "_news/b.md"]
    assert rows["excerpt"].to_list()[0] == "In short"
    assert rows["quality"].to_list() == [80, 60]
    assert rows["provider"].astype("str").to_list() == ["Example", "Example"]
    assert corpus.related["provider"].astype("str").to_list() == ["Example"]
    moments = [datetime(2024, 7, 1, 10, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)]
    assert rows["published_at"].to_list() == moments, "a day without a time stays that day"
    assert corpus.topics[["path", "topic"]].astype("str").to_numpy().tolist() == [
        ["_news/a.md", "Automate"],
        ["_news/a.md", "Solar"],
        ["_news/b.md", "Automate"],
    ]
    found = corpus.problems[["field", "code"]].astype("str").to_numpy().tolist()
    assert ["topics.1", "repeated_topic"] not in found
    assert [code for _, code in found if code in ("naive_time", "domain_under_several_names")] == []
    against = corpus.problems[corpus.problems["code"] == "published_against_score"]
    assert against["value"].to_list() == [
        "not published with quality 80, cut-off 70",
        "published with quality 60, cut-off 70",
    ]


def test_each_entry_acts_on_the_views(tmp_path: Path) -> None:
    corpus = load(site(tmp_path, WHOLE))
    data = Slice(corpus)
    assert (umbrella_topics(data), publish_cut_off(data)) == (["Technology"], 70)
    assert Slice(corpus, Selection(topics=("Energy",), subtopics=True)).n == 1
    table = field_sources(data)
    keys = table[table["origin"] == "another key"][["field", "key", "files"]].to_numpy().tolist()
    assert keys == [["excerpt", "blurb", 1], ["published_at", "date", 2], ["quality", "score", 1]]
    assert table[table["field"] == "quality"]["files"].to_list() == [1, 1]
    plain = Slice(load(tmp_path, profile=NO_PROFILE))
    assert (umbrella_topics(plain), publish_cut_off(plain)) == ([], None)


def test_what_no_article_has_is_said(tmp_path: Path) -> None:
    corpus = load(
        site(
            tmp_path,
            "fields: {excerpt: blurp}\ncollections: [nws]\ntopics: {renames: {X: Y}}\n"
            "providers: {aliases: {Exampel: [Q]}}",
        )
    )
    found = corpus.problems[corpus.problems["code"] == "profile_unused"]
    assert found[["path", "line", "field", "value"]].to_numpy().tolist() == [
        [
            "corpus.yml",
            1,
            "fields.excerpt",
            "no article needs the key 'blurp': it is in none, or the field has a value already.",
        ],
        ["corpus.yml", 2, "collections", "no article has the collection 'nws'. Did you mean 'news'?"],
        ["corpus.yml", 3, "topics.renames.X", "no article has the topic 'Y'."],
        [
            "corpus.yml",
            4,
            "providers.aliases.Exampel",
            "no article has the provider 'Exampel'. Did you mean 'Example'?",
        ],
    ]


def test_a_wrong_entry_in_a_corpus_is_a_problem_and_the_rest_is_read(tmp_path: Path) -> None:
    corpus = load(site(tmp_path, "cut_of: 7\nfields: {excerpt: blurb}"))
    assert corpus.articles["excerpt"].to_list()[0] == "In short"
    (row,) = corpus.problems[corpus.problems["code"] == "profile_entry"].to_dict("records")
    assert (row["path"], row["line"], row["field"], row["severity"], row["value"]) == (
        "corpus.yml", 1, "cut_of", "error", "'cut_of' is no entry of a profile. Did you mean 'cut_off'?"
    )  # fmt: skip


def test_a_profile_that_is_named_stands_for_that_of_the_corpus(tmp_path: Path) -> None:
    folder = site(tmp_path / "site", "cut_off: 70")
    (tmp_path / "mine.yml").write_text("cut_off: 60")
    named, own = load(folder, profile=tmp_path / "mine.yml"), load(folder)
    assert (named.profile.cut_off, own.profile.cut_off) == (60, 70)
    assert named.profile.name == "mine.yml"
    assert load(folder, profile=NO_PROFILE).profile == NO_PROFILE


def test_a_profile_takes_part_in_fingerprint_and_stamp(tmp_path: Path) -> None:
    folder, mine = site(tmp_path / "site"), tmp_path / "mine.yml"
    plain = load(folder)
    mine.write_text("cut_off: 60")
    first = load(folder, profile=mine)
    assert listing_stamp(folder, mine) == first.stamp != plain.stamp == listing_stamp(folder)
    mine.write_text("cut_off: 61")
    assert len({plain.fingerprint, first.fingerprint, load(folder, profile=mine).fingerprint}) == 3
    assert listing_stamp(folder, mine) != first.stamp


@pytest.mark.slow
def test_what_was_parsed_by_another_profile_is_parsed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_CACHE", str(tmp_path / "cache"))
    folder = site(tmp_path / "site")
    for profile, expected in (("", None), ("fields: {excerpt: blurb}", "In short"), ("cut_off: 7", None)):
        (folder / "corpus.yml").write_text(profile)
        for _ in range(2):
            excerpt = load_corpus(folder, today=TODAY).articles["excerpt"].iloc[0]
            assert excerpt == expected if expected else pd.isna(excerpt)


@pytest.mark.slow
def test_a_profile_in_an_archive_and_in_a_revision(tmp_path: Path) -> None:
    folder = site(tmp_path / "site", "cut_off: 70")
    for top in ("", "site/"):
        with zipfile.ZipFile(tmp_path / "site.zip", "w") as packed:
            for path in ("corpus.yml", "_news/a.md", "_videos/README.md", "_videos/corpus.yml"):
                packed.writestr(top + path, (folder / path).read_text() if "_videos/c" not in path else "cut_off: 1")
        corpus = load(tmp_path / "site.zip")
        assert (corpus.profile.cut_off, corpus.profile.digest) == (70, load(folder).profile.digest)
    git = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@a.example"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "A"]):
        subprocess.run([*git, *words], check=True)
    (folder / "corpus.yml").write_text("cut_off: 1")
    assert load_corpus(f"{folder}@HEAD", today=TODAY).profile.cut_off == 70


def test_a_link_is_no_profile(tmp_path: Path) -> None:
    folder = site(tmp_path / "site")
    (tmp_path / "elsewhere.yml").write_text("cut_off: 1")
    (folder / "corpus.yml").symlink_to(tmp_path / "elsewhere.yml")
    corpus = load(folder)
    assert corpus.profile == NO_PROFILE
    assert corpus.problems[corpus.problems["path"] == "corpus.yml"]["code"].to_list() == ["link_left_out"]


@pytest.mark.parametrize(
    ("pattern", "path", "left_out"),
    [
        ("drafts", "drafts/a.md", True),
        ("drafts", "drafts.md", False),
        ("drafts", "_news/drafts/a.md", False),
        ("*/README.md", "_news/README.md", True),
        ("_news/2019-*", "_news/2019-01-01-a.md", True),
        ("_n[e]ws", "_news/a.md", False),
        ("*" * 50 + "x", "a" * 2000, False),
    ],
)
def test_what_is_left_out(pattern: str, path: str, left_out: bool) -> None:
    assert parsed(f"leave_out: ['{pattern}']").leaves_out(path) is left_out


WORDS = st.text("abcxyz ", min_size=1, max_size=8).map(str.strip).filter(bool)
RECORD: dict[str, st.SearchStrategy[Any]] = {
    "category": WORDS,
    "type": WORDS,
    "title": WORDS,
    "excerpt": WORDS,
    "publishedDateTime": st.sampled_from(["2024-03-05T12:00:00Z", "2024-03-05", "2024-03-05 01:00"]),
    "quality": st.integers(-2, 1100),
    "heat": st.integers(-3, 200),
    "published": st.booleans(),
    "deleted": st.booleans(),
    "topics": st.lists(WORDS, min_size=1, max_size=3),
    "originalUrl": st.sampled_from(["https://a.example/1", "no address"]),
    "webUrl": WORDS,
    "images": st.lists(st.fixed_dictionaries({"url": st.just("/a.png"), "width": st.integers(1, 9)}), min_size=1),
    "related": st.lists(
        st.fixed_dictionaries({"title": WORDS, "webUrl": WORDS, "quality": st.integers(0, 9)}), min_size=1
    ),
}

PROVIDER = {"provider": st.fixed_dictionaries({"name": WORDS, "domain": WORDS})}
"""Always there: without one, an address under another key gives its domain as the provider."""


def rows(fields: dict[str, Any], reading: ReadingSettings) -> article.Rows:
    front = front_matter.read(f"---\n{json.dumps(fields)}\n---\n".encode())
    assert front is not None
    return article.rows("posts/a.md", front, reading)


@given(st.fixed_dictionaries(PROVIDER, optional=RECORD), st.data())
def test_any_map_of_keys_gives_what_the_plain_record_gives(record: dict[str, Any], data: st.DataObject) -> None:
    names = [name for name in record if name in OWN_MAP_NAMES and data.draw(st.booleans())]
    tables = {name: data.draw(st.sampled_from(["", "extra.", "Table_A."])) for name in names}
    own = {name: f"{tables[name]}own_{number}" for number, name in enumerate(names)}
    written: dict[str, Any] = {}
    for name in data.draw(st.permutations(list(record))):
        table, dot, key = own.get(name, name).rpartition(".")
        (written.setdefault(table, {}) if dot else written)[key] = record[name]
    keys = "".join(f"  {name}: {key}\n" for name, key in own.items())
    reading = parsed(f"fields:\n{keys}" if keys else "").reading
    plain, found = rows(record, ReadingSettings()), rows(written, reading)
    assert (found.article, found.topics, found.related) == (plain.article, plain.topics, plain.related)
    assert [row | {"title": None} for row in found.images] == [row | {"title": None} for row in plain.images]
    assert sorted((problem.code, problem.value) for problem in found.problems) == sorted(
        (problem.code, problem.value) for problem in plain.problems
    )
    assert found.unknown == plain.unknown == set()
