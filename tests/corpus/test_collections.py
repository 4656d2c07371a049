"""Which collections of a corpus count, and the corpus of only some of them."""

from pathlib import Path

import pandas as pd
import pytest

from analytics.corpus.collections import collection_sizes, collections_counted_by_default, corpus_of_collections
from analytics.corpus.loader import load_corpus
from tests.corpora import write_records

SCORED = {"title": "T", "publishedDateTime": "2024-01-01T08:00:00Z", "quality": 80}
BARE = {"title": "B", "publishedDateTime": "2024-01-02T08:00:00Z"}


def corpus_with(folder: Path, files):
    return load_corpus(write_records(folder, files), cache=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "counting"),
    [
        ({"_news/a.md": SCORED, "_people/b.md": BARE}, ("news",)),
        ({"_news/a.md": SCORED, "_people/b.md": BARE | {"heat": 90}}, ("news",)),
        ({"_news/a.md": SCORED, "_people/b.md": BARE | {"published": "true"}}, ()),
        ({"_news/a.md": SCORED, "_people/b.md": BARE | {"published": "false"}}, ("news",)),
        ({f"posts/{n}.md": BARE for n in range(3)} | {"drafts/d.md": BARE | {"draft": "true"}}, ("posts",)),
        ({"_news/a.md": SCORED, "_people/b.md": SCORED}, ()),
        ({"_news/a.md": BARE, "_people/b.md": BARE, "_people/c.md": BARE}, ("people",)),
        ({"_b/a.md": BARE, "_a/b.md": BARE}, ("a",)),
        ({"_news/a.md": BARE}, ()),
        ({}, ()),
        ({"_news/a.md": SCORED} | {f"_people/{n}.md": SCORED if n == 0 else BARE for n in range(10)}, ()),
        ({"_news/a.md": SCORED} | {f"_people/{n}.md": SCORED if n == 0 else BARE for n in range(11)}, ("news",)),
    ],
)
def test_collections_with_scores_or_the_published_flag_count_and_else_the_largest(tmp_path, files, counting):
    tmp_path.joinpath("site").mkdir()
    assert collections_counted_by_default(corpus_with(tmp_path / "site", files)) == counting


@pytest.mark.slow
def test_a_profile_says_which_collections_count(tmp_path):
    files = {"_news/a.md": SCORED, "_people/b.md": BARE, "_videos/c.md": BARE}
    for text, counting in (
        ("[people, videos]", ("people", "videos")),
        ("[_people]", ("people",)),
        ("[PEOPLE]", ("people",)),
        ("[people, People, PEOPLE]", ("people",)),
        ("[news, people, videos]", ()),
        ("[podcasts]", ("news",)),
    ):
        tmp_path.joinpath("corpus.yml").write_text(f"collections: {text}\n")
        assert collections_counted_by_default(corpus_with(tmp_path, files)) == counting, text


def test_a_folder_called_all_does_not_pass_for_all_collections(tmp_path):
    found = corpus_with(tmp_path, {"_all/a.md": SCORED, "_news/b.md": SCORED, "_news/c.md": SCORED})
    assert collection_sizes(found) == {"news": 2, '"all"': 1}


def test_the_corpus_of_one_collection_is_that_of_its_folder_alone(tmp_path):
    story = {"related": [{"title": "R", "webUrl": "https://x.example/1"}], "topics": ["AI"], "tags": ["x"]}
    news = {"_news/a.md": SCORED | story, "_news/b.md": SCORED | {"quality": "many", "images": [{"url": "u"}]}}
    others = {"_people/c.md": BARE | {"topics": ["Law"], "type": "person"}, "_people/d.md": BARE | {"heat": "hot"}}
    for name, files in (("site", news | others), ("alone", news)):
        write_records(tmp_path / name, files)
        (tmp_path / name / "_news/lost.md").write_text("---\ntitle: [\n---\n")
    whole, alone = (load_corpus(tmp_path / name, cache=False) for name in ("site", "alone"))
    part = corpus_of_collections(whole, ["news"])
    for name in ("articles", "topics", "images", "related", "problems", "field_sources"):
        pd.testing.assert_frame_equal(getattr(part, name), getattr(alone, name), obj=name)
    assert "_news/lost.md" in set(part.problems["path"])
    assert (part.collections, part.whole is whole, part.fingerprint) == (("news",), True, whole.fingerprint)
    assert part.cache_key != whole.cache_key
    assert corpus_of_collections(whole, ("news",)) is part
