"""Thousands of mangled corpora through `check`, `export` and `report`: documented exit codes, no traceback, and every
file that is no article is named."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from analytics.cli import main
from analytics.corpus.loader import load_corpus
from tests.corpora import TODAY

CORPORA = int(os.environ.get("MANGLED_CORPORA", "240"))
"""How many are tried; MANGLED_CORPORA=2000 takes about half an hour of one processor."""

EXPORTED, REPORTED, ALONE = 4, 30, 100
"""One of so many is exported, one is made a report, one is checked by a process of its own."""

BOUNDS = {"check": (0, 1), "export": (0,), "report": (0,)}
"""The exit codes that a corpus which is there may end with."""

VIEWS = ("key_figures", "quality_distribution", "topics_ranked", "quality_over_time", "hottest_articles")

TOPICS = (
    *(
        "AI",
        "toString",
        "__proto__",
        "(none)",
        "All others",
        "a,b;=1+1",
        "=cmd|' /C calc'!A0",
        "\u202eAI",
        "A" * 5000,
        "",
    ),
    *(
        "e\u0301",
        "é",
        "\U0001f469\u200d\U0001f52c",
        "</script>",
        "in two\\nlines",
        "\\0\\x1b\\uFFFE",
        "\\u2028",
        "%s{0}${x}",
    ),
)
DAYS = (
    *("0001-01-01", "1899-12-31", "1900-01-01", "1970-01-01", "2013-07-04", "2024-02-29", "2052-01-02", "2099-12-31"),
    *(
        "2262-04-12",
        "9999-12-31",
        "2024-02-30",
        "24-01-02",
        "20240102",
        "2024-W03",
        "yesterday",
        "~",
        '""',
        "[]",
        "1e9",
    ),
)
TIMES = ("", "T10:00:00Z", " 10:00", "T23:59:59.999999+23:59", "T24:00:00Z", "T00:00:00-14:00", "T99:99:99Z")
NUMBERS = ("80", "-1", "0", '"72"', "1e400", ".nan", "9" * 40, "", "~", "x", "[1]", "0x10", "-0")
NAMES = ("a", "é", "e\u0301", "\U0001f600", "x" * 180, " b ", "%41", "a;b", "'q'", "-rf", "a\u202eb", "a\nb", "con")


def article(rng: Random) -> str:
    """The text of an article, of which any field may be odd or absent."""
    day = (
        f"{rng.choice(DAYS)}{rng.choice(TIMES)}" if rng.random() < 0.5 else f"2024-0{rng.randrange(1, 9)}-11T10:00:00Z"
    )
    topics = ", ".join(f'"{quoted(rng.choice(TOPICS))}"' for _ in range(rng.choice((0, 1, 1, 3, 300))))
    fields = [
        f'title: "{quoted(rng.choice((*TOPICS, "A title", "A title", "Another")))}"',
        f"publishedDateTime: {day}",
        f"quality: {rng.choice(NUMBERS)}",
        f"heat: {rng.choice(NUMBERS)}",
        f"published: {rng.choice(('true', 'false', 'yes', '~', 'maybe', '1'))}",
        f"topics: [{topics}]",
        f'provider: {{name: "{quoted(rng.choice(TOPICS))}", domain: x.example}}',
        "related: [{title: A, webUrl: 'https://x.example', quality: 5}]",
    ]
    rng.shuffle(fields)
    kept = fields[rng.choice((0, 0, 0, 1, 4)) :]
    return "\n".join(["---", *kept, "---", "Body.", ""])


def quoted(text: str) -> str:
    return text.replace('"', '\\"')


def cut(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def flipped(data: bytes, rng: Random) -> bytes:
    changed = bytearray(data or b"x")
    for _ in range(rng.choice((1, 3, 40))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def moved(data: bytes, rng: Random) -> bytes:
    lines = data.split(b"\n")
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(lines))
        lines[place] = rng.choice((b"", b" " * rng.randrange(1, 5) + lines[place], rng.choice(lines)))
    return b"\n".join(lines)


def before(data: bytes, rng: Random) -> bytes:
    odd = (
        "\ufeff",
        "\ufeff\ufeff",
        "\n\n",
        "\u200b",
        "\n\ufeff",
        "<!-- x -->\n",
        "# A\n\n",
        "\x1a",
        "\0",
        "> ",
        "<<<<<<<\n",
    )
    return rng.choice(odd).encode() + data


def otherwise_encoded(data: bytes, rng: Random) -> bytes:
    codec = rng.choice(("utf-16", "utf-32", "latin-1", "cp037", "utf-8-sig", "shift_jis", "utf-7"))
    return data.decode("utf-8", "replace").encode(codec, "replace")


def ended(data: bytes, rng: Random) -> bytes:
    return data.replace(
        b"\n", rng.choice((b"\r", b"\r\n", b"\r\r\n", b"\n\r", "\x85".encode(), "\u2028".encode(), b""))
    )


def opened(data: bytes, rng: Random) -> bytes:
    return data.replace(
        b"---", rng.choice((b"----", b"+++", "—".encode(), b"---yaml", b"--- #", b"===", b";;;", b"- --")), 1
    )


def wrong(_: bytes, rng: Random) -> bytes:
    texts = (
        "",
        " ",
        "---",
        "---\n---\n",
        "text",
        "{",
        "[[",
        "---\n- a\n---\n",
        "---\na: &a [*a]\n---\n",
        "---\n\t\n---\n",
    )
    deep = "---\nx: " + "[" * rng.choice((40, 5000)) + "\n---\n"
    return rng.choice((*texts, deep, "version https://git-lfs.github.com/spec/v1\n")).encode()


def huge(data: bytes, rng: Random) -> bytes:
    return data.replace(b"title: ", b"excerpt: " + b"x" * rng.choice((70_000, 1_100_000)) + b"\ntitle: ", 1)


SPOILT: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(cut, flipped, moved, before, otherwise_encoded, ended, opened, wrong, huge),
)


def mangled(root: Path, rng: Random) -> dict[str, bool]:
    """Write a corpus; of each file whose name begins with a date, whether its content is a link or a pipe."""
    odd: dict[str, bool] = {}
    news = root / "_news"
    news.mkdir(parents=True)
    for number in range(rng.choice((0, 1, 2, 5, 12, 30))):
        suffix = rng.choice((".md", ".md", ".markdown", ".MD", ".html", ".mkdn"))
        name = f"2024-01-{1 + number:02}-{rng.choice(NAMES)}{suffix}"
        path, kind = news / name, rng.random()
        if kind < 0.03:
            path.symlink_to(rng.choice(("nowhere", "/etc/passwd", name, "..")))
        elif kind < 0.05:
            os.mkfifo(path)
        else:
            data = article(rng).encode("utf-8", "surrogatepass")
            for _ in range(rng.choice((0, 0, 1, 1, 2))):
                data = rng.choice(SPOILT)(data, rng)
            path.write_bytes(data)
        odd[f"_news/{name}"] = kind < 0.05
    if rng.random() < 0.2:
        (root / "_data" / "topics").mkdir(parents=True)
        (root / "_data" / "topics" / "a.yml").write_bytes(
            rng.choice((b"name: AI\n", b"[", b"\xff", b"", b"name: [x]\n"))
        )
    return odd


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], env={"PYTHON_COLORS": "0"})


def lost_unnamed(root: Path, names: dict[str, bool]) -> list[str]:
    """The dated files of a corpus that are neither an article nor in `problems`."""
    corpus = load_corpus(root, today=TODAY, workers=1)
    known = {*corpus.articles["path"], *corpus.problems["path"]}
    assert len(corpus.articles) or "error" in set(corpus.problems["severity"])
    return [name for name in names if name not in known]


@pytest.mark.parametrize("part", range(10))
def test_mangled_corpora_end_as_documented_and_lose_no_file_unnamed(
    part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_CACHE", str(tmp_path / "cache"))
    faults: list[object] = []
    for number in range(part, CORPORA, 10):
        root = tmp_path / str(number)
        names = mangled(root, Random(number))
        faults += [(number, name) for name in lost_unnamed(root, names)]
        checked = run("check", root, "--format", "json", "--today", TODAY)
        outcomes = {"check": (checked.exit_code, checked.output)}
        if checked.exit_code in (0, 1):
            json.loads(checked.stdout)
        views = [word for view in VIEWS for word in ("--view", view)]
        if number % EXPORTED == 0:
            found = run("export", root, "--out", tmp_path / "out", "--today", TODAY, *views)
            outcomes["export"] = (found.exit_code, found.output)
        if number % REPORTED == 0:
            found = run("report", root, "--out", tmp_path / "out.html", "--today", TODAY, *views)
            outcomes["report"] = (found.exit_code, found.output)
        if number % ALONE == 0:
            program = [sys.executable, "-m", "analytics", "check", str(root), "--today", str(TODAY)]
            alone = subprocess.run(program, capture_output=True, check=False, timeout=300)
            assert alone.returncode == checked.exit_code
            assert b"Traceback" not in alone.stderr
        faults += [
            (number, command, *outcome)
            for command, outcome in outcomes.items()
            if outcome[0] not in BOUNDS[command] or "Traceback" in outcome[1]
        ]
    assert faults == []
