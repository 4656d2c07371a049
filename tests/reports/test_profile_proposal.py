"""The proposal for a corpus.yml: what it holds of a small corpus, and that the real ones lose nothing by it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner

from analytics.cli import main
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.parsing.profile_file import parsed_profile
from analytics.corpus.record_fields import PRESENCE
from analytics.corpus.site_profile import NO_PROFILE
from analytics.errors import CorpusError
from analytics.reports.profile_proposal import proposal
from tests.corpora import FAR_AHEAD, TODAY

LONG = "A text that is long enough to be what a reader sees of an article"
FILES = {
    "_posts/2024-03-05-a.md": "title: A\ndate: 2024-03-05 10:00\ntags: [Open Source, 'a: b # c']\nscore: 12\n"
    f"blurb: {LONG}\nprovider: {{name: Example Inc., domain: example.com}}\nsecured: x",
    "_posts/2024-03-06-b.md": "title: B\ndate: 2024-03-06 10:00 +0100\ntags: [open-source]\nscore: 88\n"
    "provider: {name: Example, domain: example.com}\nextra: {Secured: 1, rank: 4}",
    "_posts/2024-03-07-c.md": "title: C\nCategories: [Open Sources]\nscore: 40\n"
    "provider: {name: Example Learn, domain: example.com}",
    "_newsletters/n.md": "title: N",
}


ACTIVE = ("fields:", "topics:", "  renames:", "  groups:", "providers:", "  aliases:", "  kinds:")
"""The lines of every proposal that hold entries, and say nothing without them."""

SEVERAL = {
    f"_posts/{n}.md": f"title: {name}\nhero: /{n}.png\nimage: {image}\nscore: {12 + n}\nRANK: {40 - 3 * n}\nrank: {n}\n"
    f"extra: {{Secured: https://x.example/{n}, where: https://x.example/{n}}}\na..b: https://x.example/{n}\n"
    f"{'k' * 201}: https://x.example/{n}"
    for n, (name, image) in enumerate([("A", "/a.png"), ("B", ""), *((f"C{n}", "") for n in range(7))])
}
"""Articles with two keys that look like images, of which one is read, and with two that look like scores, one of them
in two cases; what may hold their addresses is secret, no key or too long, but for one."""


def site(folder: Path, files: dict[str, str] = FILES) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"---\n{text}\n---\n")
    return folder


def test_what_is_found_stands_in_it(tmp_path: Path) -> None:
    text = proposal(site(tmp_path), today=TODAY)
    for line in (
        "## publishedDateTime: 3 of 4; date 2, file name 1",
        "  publishedDateTime: [date]",
        "  topics: [tags, Categories]",
        "#  quality: score  # 3 articles, whole numbers from 12 to 88",
        "#  excerpt: blurb  # 1 article",
        "## 1 time has no zone and is taken as UTC.",
        "## Zones of other times: +01:00 (1).",
        "## posts: 3 articles, 0 with a score or the flag",
        "#collections: [posts, newsletters]",
        '#newsletters: "_newsletters"',
        "#    open-source: Open Source  # 1 and 1",
        "#    Open Sources: Open Source  # 1 and 1",
        "#    Example: [Example Inc., Example Learn]  # 1; 1; 1",
        "## The most frequent, each to be put under its kind: Example Inc., Example, Example Learn.",
    ):
        assert line in text.splitlines(), line
    assert "ecured" not in text
    profile, faults = parsed_profile(text.encode())
    assert not faults
    assert profile.reading.fields == (("publishedDateTime", ("date",)), ("topics", ("tags", "Categories")))


def test_its_suggestions_are_entries_when_the_sign_before_them_is_taken_away(tmp_path: Path) -> None:
    text = re.sub(r"^#(?!#)", "", proposal(site(tmp_path), today=TODAY), flags=re.MULTILINE)
    profile, faults = parsed_profile(text.encode())
    assert not faults
    assert dict(profile.reading.fields)["quality"] == ("score",)
    assert dict(profile.reading.renames) == {"Open Sources": "Open Source", "open-source": "Open Source"}
    assert dict(profile.reading.aliases) == {"Example Inc.": "Example", "Example Learn": "Example"}
    assert (profile.collections, profile.newsletters) == (("posts", "newsletters"), "_newsletters")


def with_lines(text: str, taken: Iterable[int]) -> bytes:
    """A proposal without the sign before some of its lines."""
    lines = text.splitlines()
    return "\n".join(line[1:] if n in taken else line for n, line in enumerate(lines)).encode()


def suggested_lines(text: str) -> list[int]:
    return [n for n, line in enumerate(text.splitlines()) if re.match("#(?!#)", line)]


@pytest.mark.parametrize("files", [FILES, SEVERAL], ids=["one key a field", "several"])
def test_any_signs_can_be_taken_away(files: dict[str, str], tmp_path: Path) -> None:
    text = proposal(site(tmp_path, files), today=TODAY)
    lines = suggested_lines(text)
    plain, _ = parsed_profile(with_lines(text, ()))
    for taken in ((), *((line,) for line in lines), *combinations(lines, 2), lines):
        profile, faults = parsed_profile(with_lines(text, taken))
        assert not faults, [text.splitlines()[line] for line in taken]
        assert bool(taken) == (replace(profile, digest="") != replace(plain, digest="")) or is_empty(text, taken)


def is_empty(text: str, taken: Iterable[int]) -> bool:
    """Whether all lines are kinds of providers without one."""
    return all(text.splitlines()[line].endswith(": []") for line in taken)


def test_keys_that_look_like_one_field_stand_together(tmp_path: Path) -> None:
    text = proposal(site(tmp_path, SEVERAL), today=TODAY)
    assert "fields:\n  images:\n    - image\n#    - hero  # 9 articles; not read\n" in text
    found = "RANK: 9 articles, whole numbers from 16 to 40; score: 9 articles, whole numbers from 12 to 20"
    assert f"#  quality: [RANK, score]  # {found}\n" in text
    assert "#  originalUrl: extra.where  # 9 articles\n" in text
    assert "ecured" not in text


def test_a_record_that_lacks_nothing_gets_an_example(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    text = proposal(tmp_path, today=TODAY)
    assert "\nfields:\n#  quality: score\n" in text
    profile, faults = parsed_profile(re.sub(r"^#(?!#)", "", text, flags=re.MULTILINE).encode())
    assert (faults, profile.reading.fields) == ([], (("quality", ("score",)),))


def test_odd_names_stay_in_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        '---\ntitle: A\n"k\\u2028ey\\n- x": 2024-01-01\nTags: ["yes", "Yes", "a # b", "A # b", "\\u202ex", "{x"]\n---\n'
    )
    text = proposal(tmp_path, today=TODAY)
    for line in text.splitlines():
        assert line == "" or line.startswith(("#", *ACTIVE, "  topics: [Tags]")), line
    taken = re.sub(r"^#(?!#)", "", text, flags=re.MULTILINE)
    profile, faults = parsed_profile(taken.encode())
    assert not faults
    assert dict(profile.reading.renames) == {"a # b": "A # b", "yes": "Yes", "{x": "x"}


@pytest.mark.slow
def test_the_command_never_overwrites_without_being_told(tmp_path: Path) -> None:
    folder, out = site(tmp_path / "site"), tmp_path / "new.yml"
    first = CliRunner().invoke(main, ["init", str(folder), "--out", str(out), "--today", "2026-07-01"])
    assert (first.exit_code, first.output) == (0, f"{out}: a proposal. Read it before you use it.\n")
    out.write_text("cut_off: 7\n")
    again = CliRunner().invoke(main, ["init", str(folder), "--out", str(out)])
    assert (again.exit_code, out.read_text()) == (2, "cut_off: 7\n")
    assert f"{out} is there already. Name another file, or add --replace." in again.output
    third = CliRunner().invoke(main, ["init", str(folder), "--out", str(out), "--replace", "--today", "2026-07-01"])
    assert third.output == f"{out}: a proposal in place of the file that was there. Read it before you use it.\n"
    assert out.read_text() == CliRunner().invoke(main, ["init", str(folder), "--today", "2026-07-01"]).output


def test_a_folder_without_articles(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no article: there is nothing to propose"):
        proposal(tmp_path)


def filled(corpus: Corpus) -> dict[str, int]:
    values = {name: corpus.articles[column] for name, column in PRESENCE.items()}
    return {
        name: int((each > 0).sum() if PRESENCE[name].endswith("_count") else each.notna().sum())
        for name, each in values.items()
    }


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", ["18f-posts", "rust-blog", "powerapps-site", "powerapps", "seed"])
def test_a_real_corpus_has_the_same_or_more_fields_by_its_proposal(
    name: str, shared: Callable[[str], Path], tmp_path: Path
) -> None:
    folder, file = shared(name), tmp_path / "corpus.yml"
    file.write_text(proposal(folder, today=FAR_AHEAD))
    plain = filled(load_corpus(folder, profile=NO_PROFILE, today=FAR_AHEAD))
    proposed = load_corpus(folder, profile=file, today=FAR_AHEAD)
    assert {field: n for field, n in filled(proposed).items() if n < plain[field]} == {}
    assert not set(proposed.problems["code"]) & {"profile_entry", "profile_unused"}
