"""Folders to corpora: exact frames of tiny ones, nothing lost of mangled ones, known numbers of real ones."""

import os
import re
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.corpus import incremental_parse
from analytics.corpus.incremental_parse import CHUNK_FILES
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.problem_codes import CODES
from analytics.corpus.sources.base import SourceFile
from analytics.errors import CorpusError
from tests.corpus.conftest import Write
from tests.corpus.frames import FRAMES

LAMP = """---
category: news
title: "A lamp"
publishedDateTime: 2024-03-05T14:00:00+02:00
webUrl: "https://lamp.example/a"
type: article
quality: 89
heat: -1
published: true
price: 0
provider:
  name: Lamp Weekly
  domain: Lamp.example
topics:
  - Light
  - AI
images:
  - url: "https://lamp.example/a.jpg"
    width: 1050
    isCached: true
related:
  - title: "A bulb"
    webUrl: "https://bulb.example/b"
    quality: 39
secured: "b3BhcXVl"
---
Body.
"""
BULB = """---
title: "A bulb"
originalUrl: "https://bulb.example/b"
type: video
quality: high
topics: AI
---
"""


def loaded(root: Path, **options: Any) -> Corpus:
    corpus = load_corpus(root, workers=options.pop("workers", 1), **options)
    for name, table in FRAMES.items():
        table.check(getattr(corpus, name))
    return corpus


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as they read, without the cells that are missing."""
    return [{name: cell for name, cell in row.items() if not pd.isna(cell)} for row in frame.to_dict("records")]


def faults(corpus: Corpus) -> list[tuple[str, int | None, str, str, str]]:
    return [(row["path"], row.get("line"), row["field"], row["code"], row["value"]) for row in rows(corpus.problems)]


def article(title: str, **more: str) -> str:
    lines = [f"title: {title}", "publishedDateTime: 2024-03-05T00:00:00Z", *(f"{k}: {v}" for k, v in more.items())]
    return "\n".join(["---", *lines, "---", ""])


def test_a_tiny_folder_is_these_frames(write: Write) -> None:
    root = write(
        {
            "_news/2024-03-05-a-lamp.md": LAMP,
            "_learning/videos/bulb.md": BULB,
            "about.md": "No front matter.\n",
            "_data/topics/ai.yaml": "name: AI\n",
            "_data/organizations/lamp.md": "---\nname: Lamp\ndomain: lamp.example\n---\n",
        }
    )
    corpus = loaded(root)
    lamp, bulb = "_news/2024-03-05-a-lamp.md", "_learning/videos/bulb.md"
    noon = pd.Timestamp("2024-03-05 12:00", tz="UTC")
    assert rows(corpus.articles) == [
        {
            "path": bulb,
            "collection": "learning/videos",
            "type": "video",
            "title": "A bulb",
            "heat_state": "missing",
            "url": "https://bulb.example/b",
            "original_url": "https://bulb.example/b",
            "topic_count": 1,
            "image_count": 0,
            "related_count": 0,
            "has_secured": False,
            "has_featured_content": False,
            "body_chars": 0,
        },
        {
            "path": lamp,
            "collection": "news",
            "category": "news",
            "type": "article",
            "title": "A lamp",
            "published_at": noon,
            "date_only": False,
            "file_date": pd.Timestamp("2024-03-05"),
            "quality": 89,
            "heat": -1,
            "heat_state": "unranked",
            "published": True,
            "provider": "Lamp Weekly",
            "domain": "lamp.example",
            "url": "https://lamp.example/a",
            "web_url": "https://lamp.example/a",
            "image_url": "https://lamp.example/a.jpg",
            "image_width": 1050,
            "image_cached": True,
            "topic_count": 2,
            "image_count": 1,
            "related_count": 1,
            "related_best_quality": 39,
            "has_secured": True,
            "has_featured_content": False,
            "body_chars": 5,
        },
    ]
    assert rows(corpus.topics) == [
        {"path": bulb, "position": 0, "topic": "AI"},
        {"path": lamp, "position": 0, "topic": "Light"},
        {"path": lamp, "position": 1, "topic": "AI"},
    ]
    assert rows(corpus.images) == [
        {
            "path": lamp,
            "owner": "article",
            "position": 0,
            "url": "https://lamp.example/a.jpg",
            "width": 1050,
            "cached": True,
        }
    ]
    assert rows(corpus.related) == [
        {
            "path": lamp,
            "position": 0,
            "title": "A bulb",
            "url": "https://bulb.example/b",
            "quality": 39,
            "image_count": 0,
            "target_path": bulb,
        }
    ]
    assert faults(corpus) == [
        (bulb, 2, "publishedDateTime", "missing_date", ""),
        (bulb, 5, "quality", "not_whole", "high"),
        (bulb, 6, "topics", "topic_as_text", "AI"),
        (lamp, None, "topics.0", "unknown_topic", "Light (articles: 1)"),
    ]
    assert rows(corpus.topic_tree) == [{"path": "_data/topics/ai.yaml", "name": "AI"}]
    assert rows(corpus.organisations) == [
        {"path": "_data/organizations/lamp.md", "domain": "lamp.example", "name": "Lamp"}
    ]
    assert rows(corpus.unknown_fields) == [{"field": "price", "n": 1}]
    assert (corpus.name, corpus.source, corpus.skipped) == (root.name, str(root), 1)


def test_problems_say_how_bad_they_are_and_what_they_mean(write: Write) -> None:
    corpus = loaded(write({"a.md": article("A", quality='"5"', heat="hot")}))
    assert rows(corpus.problems)[0] == {
        "path": "a.md",
        "line": 4,
        "field": "quality",
        "severity": "info",
        "code": "number_as_text",
        "value": "5",
        "message": CODES["number_as_text"].meaning,
    }
    assert corpus.problems["severity"].tolist() == ["info", "error"]


@pytest.mark.parametrize(
    ("bad", "line", "code", "value"),
    [
        (b"", None, "empty_file", ""),
        (b"---\ntitle: A\n", 1, "unterminated", ""),
        (b"---\ntitle: \xff\n---\n", 2, "not_utf8", "byte 0xff"),
        (b"---\ntitle: [\n---\n", 3, "bad_yaml", "did not find expected node content"),
        (b"---\n" + b"[" * 5000 + b"\n---\n", 2, "too_deep", ""),
    ],
)
def test_one_bad_file_is_one_problem_and_its_neighbours_stay(
    bad: bytes, line: int | None, code: str, value: str, write: Write
) -> None:
    corpus = loaded(write({"a.md": article("A"), "b.md": bad, "c.md": article("C")}))
    assert corpus.articles["title"].tolist() == ["A", "C"]
    assert faults(corpus) == [("b.md", line, "", code, value)]


def test_problems_are_sorted_by_path_line_field_and_code(write: Write) -> None:
    corpus = loaded(
        write({"b.md": "", "a.md": "---\nquality: x\nheat: y\nimages: [5]\n---\n", "_data/topics/x.yaml": "a: b: c"})
    )
    assert [(path, line, field) for path, line, field, _, _ in faults(corpus)] == [
        ("_data/topics/x.yaml", 1, ""),
        ("a.md", 2, "publishedDateTime"),
        ("a.md", 2, "quality"),
        ("a.md", 2, "title"),
        ("a.md", 3, "heat"),
        ("a.md", 4, "images.0"),
        ("b.md", None, ""),
    ]


@pytest.mark.parametrize("files", [{}, {"notes.txt": "x"}, {"_site/a.md": "x"}])
def test_a_folder_without_articles_is_an_empty_corpus_and_an_error(files: dict[str, str | bytes], write: Write) -> None:
    corpus = loaded(write(files))
    assert {name: len(getattr(corpus, name)) for name in FRAMES if name != "problems"} == dict.fromkeys(
        FRAMES.keys() - {"problems"}, 0
    )
    assert corpus.skipped == 0
    assert "error" in set(corpus.problems["severity"])


@pytest.mark.parametrize(
    "name",
    ["2024-03-05-a.txt", "2024-03-05 a.mkdn", "20240305.md", "2024-3-5-a.htm", "24-03-05-a.md", "2024-03-05-a.mdoc"],
)
def test_a_file_whose_name_begins_with_a_date_is_an_article_or_a_problem(name: str, write: Write) -> None:
    assert loaded(write({f"_news/{name}": "---\ntitle: A\n---\n"})).articles["title"].tolist() == ["A"]
    assert loaded(write({f"_news/{name}": "Just text.\n"})).problems["code"].tolist() == ["no_front_matter"]


def test_a_folder_with_only_bad_files_has_problems_alone(write: Write) -> None:
    corpus = loaded(write({"a.md": "", "b.md": "text"}))
    assert (len(corpus.articles), corpus.skipped) == (0, 1)
    assert corpus.problems["code"].tolist() == ["empty_file", "no_articles"]


def test_nothing_there_is_an_error_that_helps(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="there is no such folder or file"):
        load_corpus(tmp_path / "missing")


def test_a_single_file(write: Write) -> None:
    root = write({"_news/a.md": article("A"), "_news/b.md": article("B")})
    corpus = loaded(root / "_news" / "b.md")
    assert (corpus.name, corpus.articles["path"].tolist()) == ("b.md", ["b.md"])


def test_odd_file_names_are_ids(tmp_path: Path) -> None:
    names = [b"new\nline.md", b"quo'te\".md", b"two words.md", "日本.md".encode(), b"caf\xe9.md"]
    try:
        for place, name in enumerate(names):
            (tmp_path / os.fsdecode(name)).write_text(article(f"A{place}"))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    corpus = loaded(tmp_path)
    assert corpus.articles["path"].tolist() == ["caf\\xe9.md", "new\nline.md", "quo'te\".md", "two words.md", "日本.md"]
    assert len(corpus.problems) == 0


def test_labels_have_their_categories_in_order(write: Write) -> None:
    texts = {f"{place}.md": article("A", type=kind) for place, kind in enumerate(["video", "Zine", "article", "élan"])}
    corpus = loaded(write(texts | {"4.md": article("A")}))
    assert corpus.articles["type"].cat.categories.tolist() == ["Zine", "article", "video", "élan"]
    assert corpus.articles["type"].isna().tolist() == [False] * 4 + [True]


def test_unknown_fields_are_counted_by_article_most_frequent_first(write: Write) -> None:
    related = "[{title: a, rank: 1}, {title: b, rank: 2}]"
    corpus = loaded(
        write(
            {
                "a.md": article("A", zeta="1", related=related),
                "b.md": article("B", zeta="1", alpha="2", provider="{name: P, city: Q}"),
            }
        )
    )
    assert list(corpus.unknown_fields.itertuples(index=False, name=None)) == [
        ("zeta", 2),
        ("alpha", 1),
        ("provider.city", 1),
        ("related.rank", 1),
    ]


def test_related_stories_find_their_article(write: Write) -> None:
    related = "[{webUrl: w}, {webUrl: o}, {originalUrl: o2}, {webUrl: own}, {webUrl: nowhere}, {title: none}]"
    files: dict[str, str | bytes] = {
        "a.md": article("A", webUrl="own", related=related),
        "b.md": article("B", webUrl="w"),
        "c.md": article("C", webUrl="w"),
        "d.md": article("D", webUrl="x", originalUrl="o"),
        "e.md": article("E", originalUrl="o2"),
    }
    found = loaded(write(files)).related["target_path"]
    assert [None if pd.isna(path) else path for path in found] == ["b.md", "d.md", "e.md", None, None, None]


@pytest.mark.parametrize("related", ["[]", "[{title: no address}]", "[{webUrl: elsewhere}]"])
def test_related_stories_without_a_target(related: str, write: Write) -> None:
    assert loaded(write({"a.md": article("A", related=related)})).related["target_path"].isna().all()


def test_worker_processes_give_the_same_frames(write: Write) -> None:
    count = CHUNK_FILES + 3
    files: dict[str, str | bytes] = {f"{n:04}.md": article(f"T{n}", type=f"k{n % 7}", z="1") for n in range(count - 3)}
    files |= {"_news/lamp.md": LAMP, "zz.md": BULB, "zzz.md": b"\xff"}
    root = write(files)
    alone, together = loaded(root, workers=1), loaded(root, workers=2)
    assert len(alone.articles) == count - 1
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(alone, name), getattr(together, name))
    plain = [field.name for field in fields(Corpus) if field.name not in FRAMES]
    assert [getattr(alone, name) for name in plain] == [getattr(together, name) for name in plain]


@pytest.mark.slow
@pytest.mark.parametrize("kills", [1, 2])
def test_the_work_of_killed_workers_is_done_again(kills: int, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental_parse, "CHUNK_FILES", 40)
    root = write({f"{n:04}.md": article(f"T{n}") for n in range(1_200)})
    workers: list[set[int]] = []
    real = incremental_parse.worker_pool

    @contextmanager
    def noted(count: int) -> Iterator[Executor]:
        with real(count) as executor:
            workers.append(set(executor._processes))
            yield executor

    def kill(done: int, _: int) -> None:
        if workers and workers[-1] and len(workers) <= kills and done:
            for worker in workers[-1]:
                os.kill(worker, signal.SIGKILL)
            workers[-1].clear()

    monkeypatch.setattr(incremental_parse, "worker_pool", noted)
    together = loaded(root, workers=2, progress=kill)
    assert len(workers) == kills + 1
    alone = loaded(root, workers=1)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(alone, name), getattr(together, name))
    assert together.fingerprint == alone.fingerprint


@pytest.mark.parametrize(
    "text", ["- " * 100_000 + "a", "[" * 100_000, "{a: " * 100_000, "? " * 100_000], ids=["-", "[", "{", "?"]
)
@pytest.mark.parametrize("workers", [1, 2])
def test_deep_nesting_is_a_problem_and_ends_no_process(text: str, workers: int, write: Write) -> None:
    corpus = loaded(write({"a.md": article("A"), "deep.md": f"---\n{text}\n---\n"}), workers=workers)
    assert corpus.articles["title"].tolist() == ["A"]
    assert corpus.problems[["path", "code"]].to_numpy().tolist() == [["deep.md", "too_deep"]]


def test_progress_rises_to_the_number_of_files(write: Write) -> None:
    root = write({f"{n:04}.md": "text" for n in range(CHUNK_FILES + 2)} | {"_data/topics/a.yaml": "name: A"})
    calls: list[tuple[int, int]] = []
    loaded(root, progress=lambda done, total: calls.append((done, total)))
    total = CHUNK_FILES + 2
    assert calls == [(0, total), (CHUNK_FILES, total), (total, total)]


def test_a_file_that_vanishes_while_loading_is_a_problem(write: Write) -> None:
    root = write({f"{n:04}.md": article(f"T{n}") for n in range(CHUNK_FILES + 2)})
    last = f"{CHUNK_FILES + 1:04}.md"

    def remove(done: int, total: int) -> None:
        (root / last).unlink(missing_ok=True)

    corpus = loaded(root, progress=remove)
    assert len(corpus.articles) == CHUNK_FILES + 1
    assert faults(corpus) == [(last, None, "", "unreadable", "No such file or directory")]


@dataclass(frozen=True)
class Faulty:
    """A source whose files may fail to be read."""

    files: dict[str, bytes | OSError]
    name: str = "faulty"
    key: str = "faulty"
    version: str | None = None

    def entries(self) -> list[SourceFile]:
        return [SourceFile(path, "article", 0, 0, 0) for path in sorted(self.files)]

    def read(self, path: str) -> bytes:
        content = self.files[path]
        if isinstance(content, OSError):
            raise content
        return content


def test_a_file_that_cannot_be_read_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Faulty(
        {
            "a.md": article("A").encode(),
            "b.md": PermissionError(13, "Permission denied"),
            "c.md": OSError(5, "Input/output error"),
            "d.md": TimeoutError(),
            "e.md": article("E").encode(),
        }
    )
    monkeypatch.setattr("analytics.corpus.loader.open_source", lambda _: source)
    corpus = loaded(Path("anywhere"))
    assert corpus.articles["title"].tolist() == ["A", "E"]
    assert [(path, code, value) for path, _, _, code, value in faults(corpus)] == [
        ("b.md", "unreadable", "Permission denied"),
        ("c.md", "unreadable", "Input/output error"),
        ("d.md", "unreadable", "TimeoutError"),
    ]


def touch(root: Path) -> None:
    for path in root.rglob("*.md"):
        os.utime(path, (1, 1))


CHANGES: dict[str, Callable[[Path], object]] = {
    "an article changes": lambda root: (root / "a.md").write_text(article("A2")),
    "only a body changes": lambda root: (root / "a.md").write_text(article("A") + "x"),
    "an article is renamed": lambda root: (root / "a.md").rename(root / "a2.md"),
    "an article goes": lambda root: (root / "a.md").unlink(),
    "an article comes": lambda root: (root / "z.md").write_text(article("Z")),
    "two articles swap": lambda root: [
        (root / "a.md").rename(root / "x"),
        (root / "b.md").rename(root / "a.md"),
        (root / "x").rename(root / "b.md"),
    ],
    "a text without front matter changes": lambda root: (root / "about.md").write_text("Other"),
    "a broken file changes": lambda root: (root / "broken.md").write_text("---\nother: ["),
    "a topic changes": lambda root: (root / "_data/topics/ai.yaml").write_text("name: ML"),
    "a topic goes": lambda root: (root / "_data/topics/ai.yaml").unlink(),
}
NO_CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": Path.exists,
    "times": touch,
    "a file that is not read": lambda root: (root / "notes.txt").write_text("x"),
    "a folder that is left out": lambda root: [(root / "_site").mkdir(), (root / "_site/a.md").write_text("x")],
}


@pytest.fixture
def site(write: Write) -> Path:
    return write(
        {
            "a.md": article("A"),
            "b.md": article("B"),
            "about.md": "text",
            "broken.md": "---\ntitle: [",
            "_data/topics/ai.yaml": "name: AI",
        }
    )


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_the_fingerprint_changes_when(change: str, site: Path) -> None:
    before = load_corpus(site, workers=1).fingerprint
    CHANGES[change](site)
    assert load_corpus(site, workers=1).fingerprint != before


@pytest.mark.slow
@pytest.mark.parametrize("change", NO_CHANGES)
def test_the_fingerprint_stays_with(change: str, site: Path) -> None:
    before = load_corpus(site, workers=1).fingerprint
    NO_CHANGES[change](site)
    assert load_corpus(site, workers=1).fingerprint == before
    assert re.fullmatch("[0-9a-f]{16}", before)


def test_the_fingerprint_stays_when_the_folder_moves(site: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    moved = tmp_path_factory.mktemp("elsewhere") / "other"
    shutil.copytree(site, moved)
    assert load_corpus(moved, workers=1).fingerprint == load_corpus(site, workers=1).fingerprint


@pytest.fixture(scope="module")
def powerapps(shared: Callable[[str], Path]) -> Path:
    return shared("powerapps")


@pytest.mark.shared
def test_the_seed_article(shared: Callable[[str], Path]) -> None:
    root = shared("seed")
    corpus = loaded(root)
    assert len(corpus.articles) == 1
    row = rows(corpus.articles)[0]
    expected = {
        "collection": "news",
        "category": "news",
        "type": "article",
        "published_at": pd.Timestamp("2022-02-21 14:00", tz="UTC"),
        "date_only": False,
        "file_date": pd.Timestamp("2022-02-21"),
        "quality": 89,
        "heat": 99,
        "heat_state": "ranked",
        "published": True,
        "provider": "New York Times",
        "domain": "nytimes.com",
        "image_width": 1050,
        "image_height": 550,
        "image_cached": True,
        "topic_count": 2,
        "image_count": 1,
        "related_count": 1,
        "related_best_quality": 39,
        "has_secured": True,
        "has_featured_content": False,
        "body_chars": 0,
    }
    assert {name: row[name] for name in expected} == expected
    assert row["url"] == row["web_url"] == row["original_url"]
    assert row["amp_url"].endswith(".amp.html")
    assert row["cdn_amp_url"].startswith("https://www-nytimes-com.cdn.ampproject.org/")
    assert corpus.topics["topic"].tolist() == ["Computer Vision", "AI"]
    assert corpus.related[["quality", "provider", "domain"]].values.tolist() == [
        [39, "Palm Beach Post", "palmbeachpost.com"]
    ]
    assert corpus.images["owner"].tolist() == ["provider", "related", "article"]
    assert (len(corpus.problems), len(corpus.unknown_fields)) == (0, 0)


@pytest.mark.shared
def test_the_secured_text_of_the_seed_article_is_in_no_frame(shared: Callable[[str], Path]) -> None:
    root = shared("seed")
    (file,) = root.rglob("*.md")
    secret = re.search(r'^secured: "([^"]+)"', file.read_text(), re.MULTILINE)
    assert secret is not None
    assert len(secret[1]) > 100
    corpus = loaded(root)
    everything = "".join(getattr(corpus, name).to_csv() for name in FRAMES)
    assert "I.R.S." in everything
    for at in range(0, len(secret[1]) - 40, 40):
        assert secret[1][at : at + 40] not in everything


@pytest.mark.shared
def test_the_real_corpus_in_numbers(powerapps: Path) -> None:
    articles = loaded(powerapps).articles
    assert len(articles) == 497
    assert int(articles["published"].sum()) == 318
    assert int((articles["provider"] == "Microsoft").sum()) == 382
    assert int(articles[["quality", "heat", "published", "published_at", "title"]].isna().sum().sum()) == 0


def lines_after(text: str, heading: str) -> list[str]:
    """The indented lines below a field."""
    found = re.search(rf"^{heading}:\r?\n((?:(?: +|- ).*\r?\n)+)", text, re.MULTILINE)
    return found[1].splitlines() if found else []


def unquoted(text: str) -> str:
    return text.strip().strip("\"'")


@pytest.mark.shared
def test_the_real_corpus_counts_as_its_lines_do(powerapps: Path) -> None:
    texts = [file.read_text(encoding="utf-8") for file in sorted(powerapps.glob("_news/**/*.md"))]
    types = Counter(unquoted(found) for text in texts for found in re.findall(r"^type: (.+)$", text, re.MULTILINE))
    topics = Counter(
        unquoted(line.strip()[2:]) for text in texts for line in lines_after(text, "topics") if line.strip()[:2] == "- "
    )
    providers = Counter(
        unquoted(line[8:]) for text in texts for line in lines_after(text, "provider") if line.startswith("  name: ")
    )
    qualities = Counter(int(found) for text in texts for found in re.findall(r"^quality: (.+)$", text, re.MULTILINE))
    corpus = loaded(powerapps)
    assert sum(types.values()) == sum(providers.values()) == 497
    assert corpus.articles["type"].value_counts().to_dict() == types
    assert corpus.topics["topic"].value_counts().to_dict() == topics
    assert corpus.articles["provider"].value_counts().to_dict() == providers
    assert corpus.articles["quality"].value_counts().to_dict() == qualities


@pytest.mark.shared
def test_the_taxonomy_of_the_real_corpus(powerapps: Path) -> None:
    corpus = loaded(powerapps)
    files = [len(list((powerapps / "_data" / kind).iterdir())) for kind in ("topics", "organizations")]
    assert [len(corpus.topic_tree), len(corpus.organisations)] == files
    assert corpus.topic_tree["name"].notna().all()
    assert corpus.organisations["domain"].notna().all()
