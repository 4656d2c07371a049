"""Thousands of spoilt files in one load: never an exception, never a lost good neighbour, never much memory."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from analytics.corpus.limits import MAX_FILE_BYTES, MAX_FRONT_MATTER_CHARS
from analytics.corpus.loader import Corpus, load_corpus
from tests.corpus.frames import FRAMES, assert_same

RECORD = """---
category: news
title: "A lamp"
excerpt: "Light, and what comes of it…"
publishedDateTime: 2024-03-05T14:00:00+02:00
updatedDateTime: 2024-03-06T00:00:00Z
originalUrl: "https://lamp.example/o"
webUrl: "https://lamp.example/a"
ampWebUrl: "https://lamp.example/amp"
cdnAmpWebUrl: "https://cdn.example/amp"
type: article
quality: 89
heat: -1
published: true
deleted: false
highlight: false
locale: en-gb
price: 0
provider:
  name: Lamp Weekly
  domain: Lamp.example
  publishers: "A house"
  authors: ["A", "B"]
  images:
    - url: "https://lamp.example/logo.jpg"
      width: 50
topics:
  - Light
  - AI
images:
  - url: "https://lamp.example/a.jpg"
    width: 1050
    height: 550
    isCached: true
    title: "A lamp"
related:
  - title: "A bulb"
    excerpt: "On"
    publishedDateTime: 2024-03-05T10:00:00Z
    webUrl: "https://bulb.example/b"
    type: article
    provider:
      name: Bulb
      domain: bulb.example
    quality: 39
featuredContent: "<iframe>"
secured: "b3BhcXVl"
---
Body.
"""
GOOD = RECORD.replace("A lamp", "A good lamp")
WRONG = [
    "", "~", "[]", "{}", "[[]]", "[{}]", "[1, a, ~, {a: b}]", "{name: [x], domain: {y: z}, images: 5}", "- a", "NO",
    "-1", "-0", "010", "1e400", ".nan", "9" * 18, "9" * 400, "9" * 100_000, "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59", "2022-02-30", "!!int 5", "!!binary x", "!x [a]",
    "!!python/object/apply:os.abort []", "&a [*a]", "&a {images: [*a], related: *a}", "*a", "&a x", "|", ">-\n  x",
    '"', "'", '"\\0"', '"\\x1f89\\x1f"', '"89\\x1e"', '"\\uFFFF\\U0010FFFF"', '"\\r\\n"', '"\\ud800"', "\u2028", "\x85",
    "\x07", "\ufeff", "\u202e", "🙂" * 50, "=1+1", "[" * 31 + "]" * 31, "[" * 300 + "]" * 300, "{a: " * 40 + "}" * 40,
    "- " * 200, "? " * 200, "x" * 5000, "\x00", "\ud800", "---", "...", "- - -", "a: b", ": :", "%YAML 1.1", "#", "\t",
]  # fmt: skip


def front(yaml: str) -> bytes:
    return f"---\ntitle: A\n{yaml}\n---\n".encode()


def bomb(levels: int, width: int) -> str:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines) + f"\ntopics: *a{levels - 1}\nrelated: *a{levels - 1}"


def wrong_values(_: Random, _rounds: int) -> Iterator[bytes]:
    """Each wrong value at each field, whole and as a further field."""
    lines = RECORD.splitlines(keepends=True)
    for place, line in enumerate(lines):
        name, colon, _rest = line.partition(":")
        for value in WRONG if colon else ():
            changed = [*lines[:place], f"{name}: {value}\n", *lines[place + 1 :]]
            yield "".join(changed).encode("utf-8", "surrogatepass")


def cut(rng: Random, rounds: int) -> Iterator[bytes]:
    for _ in range(50 * rounds):
        yield RECORD.encode()[: rng.randrange(len(RECORD))]
        at = rng.randrange(len(RECORD))
        yield RECORD.encode()[:at] + RECORD.encode()[at + rng.randrange(80) :]


def flipped(rng: Random, rounds: int) -> Iterator[bytes]:
    for _ in range(100 * rounds):
        data = bytearray(RECORD.encode())
        for _ in range(rng.choice((1, 1, 2, 5, 40))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        yield bytes(data)


def moved(rng: Random, rounds: int) -> Iterator[bytes]:
    """Lines repeated, moved and indented otherwise."""
    for _ in range(60 * rounds):
        lines = RECORD.splitlines(keepends=True)
        for _ in range(rng.randrange(1, 5)):
            place = rng.randrange(1, len(lines))
            lines[place] = rng.choice((rng.choice(lines) + lines[place], " " * rng.randrange(4) + lines[place], ""))
        yield "".join(lines).encode()


def hostile(rng: Random, _rounds: int) -> Iterator[bytes]:
    """Nesting, aliases, sizes and counts beyond all limits."""
    for depth in (31, 32, 33, 200, 5000, 100_000):
        yield from (front("x: " + "[" * depth), front("x: " + "[" * depth + "]" * depth), front("x:\n " + "- " * depth))
        yield from (front("x: " + "{a: " * depth + "}" * depth), front("related: " + "[" * depth + "]" * depth))
    yield front("\n".join(" " * depth + "a:" for depth in range(900)))
    for levels, width in ((3, 3), (9, 9), (20, 5), (90, 1), (500, 2)):
        yield front(bomb(levels, width))
    yield front("a: &a [*a, *a]\ntopics: *a\nimages: [*a, *a]")
    yield front("topics:\n" + "  - x\n" * 100_000)
    yield front("images:\n" + "  - {url: a}\n" * 30_000)
    yield front("related:\n" + "  - title: 5\n    quality: x\n" * 20_000)
    yield front("\n".join(f"k{n}: 1" for n in range(60_000)))
    yield front("excerpt: " + "x" * (MAX_FRONT_MATTER_CHARS - 40))
    yield front("excerpt: " + "x" * (MAX_FRONT_MATTER_CHARS + 40))
    yield front("title: A") + b"x" * (MAX_FILE_BYTES - 100)
    yield front("title: A") + b"x" * MAX_FILE_BYTES
    yield from (front(f"quality: {'9' * digits}\nheat: -{'9' * digits}") for digits in (19, 4300, 4301, 300_000))
    yield rng.randbytes(300_000)


def encoded(rng: Random, rounds: int) -> Iterator[bytes]:
    for codec in ("utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig", "latin-1", "cp037", "shift_jis", "koi8-r"):
        yield RECORD.encode(codec, "replace")
    yield from (RECORD.encode().replace(b"\n", end) for end in (b"\r\n", b"\r", b"\n\r", b"\x85", b"\x0b", b""))
    yield from (
        b"",
        b"\n",
        b"\0",
        b"---",
        b"---\n",
        b"---\n---",
        b"---\n---\n",
        gzip.compress(RECORD.encode(), mtime=0),
    )
    yield from (b"\xef\xbb\xbf" * 2 + RECORD.encode(), b"\xed\xa0\x80" + RECORD.encode(), b"+++\ntitle = 1\n+++\n")
    for _ in range(10 * rounds):
        yield RECORD.encode()[: rng.randrange(300)] + rng.randbytes(40) + RECORD.encode()[300:]


KINDS: dict[str, Callable[[Random, int], Iterator[bytes]]] = {
    kind.__name__: kind for kind in (wrong_values, cut, flipped, moved, hostile, encoded)
}


@pytest.fixture(scope="module")
def mangled(tmp_path_factory: pytest.TempPathFactory, rounds: int) -> Path:
    """A folder a kind, its files spoilt in that way, with a good one among every fifty."""
    root = tmp_path_factory.mktemp("mangled")
    for kind, contents in KINDS.items():
        (root / kind).mkdir()
        for place, data in enumerate(contents(Random(place_of(kind)), rounds)):
            (root / kind / f"{place:05}.md").write_bytes(data)
            if place % 50 == 0:
                (root / kind / f"{place:05}-good.md").write_text(GOOD)
    return root


def place_of(kind: str) -> int:
    return list(KINDS).index(kind)


def test_there_are_many(mangled: Path) -> None:
    assert sum(not path.stem.endswith("good") for path in mangled.rglob("*.md")) > 1500


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_spoilt_file_is_rows_or_a_problem_and_good_ones_stay(kind: str, mangled: Path) -> None:
    corpus = load_corpus(mangled / kind, workers=1)
    files = {path.name for path in (mangled / kind).iterdir()}
    articles = set(corpus.articles["path"])
    lost = set(corpus.problems["path"]) - articles
    assert articles | lost <= files
    assert len(articles) + len(lost) + corpus.skipped == len(files)
    good = {name for name in files if "good" in name}
    assert good <= articles
    assert_good_ones_are_alike(corpus)
    for name, table in FRAMES.items():
        table.check(getattr(corpus, name))
        getattr(corpus, name).to_csv().encode()


def assert_good_ones_are_alike(corpus: Corpus) -> None:
    """Each good file gave what it gives alone, except for its name and what is looked up in other files."""
    chosen = corpus.articles[corpus.articles["path"].str.contains("good")].drop(columns="path")
    assert len(chosen.astype("str").drop_duplicates()) == 1
    row = chosen.iloc[0]
    assert (row["title"], row["quality"], row["heat"], row["topic_count"]) == ("A good lamp", 89, -1, 2)
    assert (row["image_count"], row["related_count"], row["related_best_quality"], row["body_chars"]) == (1, 1, 39, 5)


@pytest.mark.slow
def test_worker_processes_and_the_cache_make_no_difference(mangled: Path) -> None:
    root = mangled / "flipped"
    alone = load_corpus(root, workers=1, cache=False)
    for _ in range(2):
        assert_same(load_corpus(root, workers=2), alone)
