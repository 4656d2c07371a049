"""Histories made at random, held against a slow reference that writes every commit out and reads it as a corpus."""

import re
import subprocess
import tarfile
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analytics.corpus.loader import load_corpus
from analytics.history.history_tables import TRACKED
from analytics.history.loader import load_history
from tests.corpus.repositories import article, git

PATHS = ("_news/a.md", '_news/q"uote.md', "_news/new\nline.md", "_learning/videos/ü.md")
Row = tuple[Any, ...]


@dataclass
class Step:
    """A commit: what it writes (None deletes), or that it takes the one before back, or merges it from a branch."""

    kind: str
    seconds: int
    files: dict[str, bytes | None] = field(default_factory=dict)


def _text(domain: str, url: int, heat: int, more: dict[str, str], secret: str) -> bytes:
    text = article(heat, domain=domain, url=f"https://{domain}/{url}", **more)
    return text.replace("provider:", f"{secret}provider:").encode()


texts = st.builds(
    _text,
    st.sampled_from(["a.example", "b.example"]),
    st.integers(1, 2),
    st.sampled_from([-1, 70, 75]),
    st.sampled_from([{}, {"published": "true"}, {"excerpt": "x"}, {"topics": "[A, B]"}]),
    st.sampled_from(["", 'secured: "abc=;d="\n', 'secured: "xyz="\n', "secured: |\n  a\n  b\n"]),
)
odd = st.sampled_from([b"no article", b"---\ntitle: 'x\n---\n", b"---\ntitle: \xff\n---\n", b""])
contents = st.one_of(texts, texts, texts, texts, odd, st.none())
steps = st.builds(
    Step,
    st.sampled_from(["plain", "plain", "plain", "plain", "revert", "merge", "rename"]),
    st.integers(1_700_000_000, 1_700_900_000),
    st.dictionaries(st.sampled_from(PATHS), contents, min_size=1, max_size=3),
)


def build(folder: Path, history: list[Step]) -> None:
    """The commits in a bare repository, by `git fast-import`."""
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    stream, states = BytesIO(), [{}]
    for number, step in enumerate(history):
        state = dict(states[-1])
        if step.kind == "revert" and len(states) > 1:
            state = dict(states[-2])
        elif step.kind == "rename" and state:
            old, new = min(state), next(path for path in PATHS[::-1])
            state[new] = state.pop(old)
        else:
            state = {path: data for path, data in (state | step.files).items() if data is not None}
        if step.kind == "merge" and number:
            _commit(stream, "side", step.seconds - 50, state, "from refs/heads/main\n")
            _commit(stream, "main", step.seconds, state, "merge refs/heads/side\n")
        else:
            _commit(stream, "main", step.seconds, state)
        states.append(state)
    subprocess.run(
        ["git", "-C", str(folder), "fast-import", "--quiet"], input=stream.getvalue(), check=True, capture_output=True
    )


def _commit(stream: BytesIO, branch: str, seconds: int, state: dict[str, bytes], parents: str = "") -> None:
    stream.write(f"commit refs/heads/{branch}\ncommitter T <t@example.org> {seconds} +0100\ndata 0\n{parents}".encode())
    stream.write(b"deleteall\n")
    for path, data in (state | {"keep.txt": b""}).items():
        name = path.replace('"', '\\"').replace("\n", "\\n")
        stream.write(f'M 100644 inline "{name}"\ndata {len(data)}\n'.encode() + data + b"\n")
    stream.write(b"\n")


@dataclass
class Written:
    """A commit written out: the bytes of its files, those that are articles, and those that cannot be read."""

    files: dict[str, bytes]
    records: dict[str, Row]
    broken: set[str]


def written(repository: Path, name: str, scratch: Path) -> Written:
    out = scratch / name
    out.mkdir()
    packed = subprocess.run(["git", "-C", str(repository), "archive", name], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as opened:
        opened.extractall(out, filter="data")
    corpus = load_corpus(out, cache=False)
    topics = corpus.topics.groupby("path")["topic"].agg("; ".join)
    articles = corpus.articles.assign(topics=corpus.articles["path"].map(topics))[["path", "domain", "url", *TRACKED]]
    rows = articles.astype(object).where(articles.notna(), None).itertuples(index=False, name=None)
    lost = corpus.problems["code"].isin(["bad_yaml", "not_utf8", "empty_file"])
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    return Written(files, {row[0]: row[1:] for row in rows}, set(corpus.problems["path"][lost]))


def without_secret(data: bytes) -> bytes:
    return re.sub(rb'secured: (".*"|\|\n  .*\n  .*)\n', b"", data)


def reference(states: list[Written]) -> tuple[list[Row], list[Counter[str]]]:
    """Rows (place, path, domain, url, kind, fields, values) and counts, from whole states held against each other."""
    told: list[Row] = []
    counted = []
    before: dict[str, Row] = {}
    last: dict[Row, tuple[Row, bytes]] = {}
    files: dict[str, bytes] = {}
    for place, state in enumerate(states):
        count: Counter[str] = Counter()
        now = state.records | {path: row for path, row in before.items() if path in state.broken}
        for path in sorted({*before, *state.files}):
            touched = state.files.get(path) != files.get(path)
            old, new = before.get(path), now.get(path)
            was, key = (path, *old[:2]) if old else None, (path, *new[:2]) if new else None
            if touched and path in state.broken:
                count += Counter(files=1, unreadable=1)
            elif touched and (old or new):
                count["files"] += 1
            if was and was != key:
                told.append((place, *was, "removed", "", *old[2:]))
                count["removed"] += 1
            if not key or not touched or path in state.broken:
                continue
            values = zip(TRACKED, last[key][0][2:] if key in last else new[2:], new[2:], strict=True)
            moved = [name for name, a, b in values if a != b]
            if was != key:
                told.append((place, *key, "returned" if key in last else "appeared", "; ".join(moved), *new[2:]))
                count["appeared"] += 1
            elif moved:
                told.append((place, *key, "changed", "; ".join(moved), *new[2:]))
            else:
                data = last[key][1]
                same = without_secret(data) == without_secret(state.files[path])
                count["noise" if same and data != state.files[path] else "other"] += 1
            count.update(moved)
            last[key] = (new, state.files[path])
        before, files = now, state.files
        counted.append(count)
    return told, counted


@pytest.mark.slow
@settings(phases=[Phase.generate])
@given(st.lists(steps, min_size=3, max_size=7))
def test_random_histories_are_as_the_reference_has_them(history: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        repository = Path(scratch) / "site.git"
        repository.mkdir()
        build(repository, history)
        names = git(repository, "rev-list", "--first-parent", "--reverse", "main").splitlines()
        rows, counts = reference([written(repository, name, Path(scratch)) for name in names])
        found = load_history(repository, cache=False)
    changes = found.changes[["place", "path", "domain", "url", "kind", "fields", *TRACKED]].astype(object)
    assert list(changes.where(changes.notna(), None).itertuples(index=False, name=None)) == rows
    assert found.commits["commit"].tolist() == names
    kinds = ["files", "appeared", "removed", *TRACKED, "other", "noise", "unreadable"]
    assert [Counter({k: v for k, v in row.items() if v}) for row in found.commits[kinds].to_dict("records")] == counts
    assert [moment.timestamp() for moment in found.commits["committed_at"]] == [step.seconds for step in history]
