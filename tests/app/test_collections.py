"""Collections in the dashboard: those that count are shown, the others named and one click away."""

from pathlib import Path
from shutil import copytree

import pytest
from streamlit.testing.v1 import AppTest

from analytics.corpus.loader import load_corpus
from analytics.engine.slice_of import slice_of
from analytics.selection.selection import parse
from tests.app.harness import captions, opened, run
from tests.corpora import write_records
from tests.corpus.repositories import repository, write


@pytest.fixture
def site(tmp_path: Path) -> Path:
    news = {
        f"_news/{n}.md": {"publishedDateTime": f"2024-01-0{n + 1}T08:00:00Z", "quality": 70, "title": f"N{n}"}
        for n in range(3)
    }
    return write_records(tmp_path / "site", news | {"_people/a.md": {"title": "A"}, "_people/b.md": {"title": "B"}})


def chips(at: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in at.main.button if str(button.key).startswith("chip-")]


def click(at: AppTest, key: str, site: Path) -> AppTest:
    at.button(key=key).click()
    return run(at, site)


@pytest.mark.slow
def test_the_others_are_named_and_one_click_away(site: Path) -> None:
    at = opened("Articles", site)
    assert "3 of 3 articles: collection news; 2 others in 1 collection: people 2" in captions(at)
    assert chips(at) == ["collection: news"]
    assert at.sidebar.multiselect[0].label == "Collections"
    at = click(at, "all-collections", site)
    assert "5 of 5 articles: all collections." in captions(at)
    at = click(at, "chip-collection-all", site)
    assert chips(at) == ["collection: news"]
    at = click(at, "chip-collection-news", site)
    assert "5 of 5 articles: all collections." in captions(at)


@pytest.mark.slow
def test_a_link_with_collections_of_before_opens_as_it_says(site: Path) -> None:
    assert "2 of 2 articles: collection people; 3 others" in captions(opened("Articles", site, collection="people"))
    for asked in ("PEOPLE", ["news", "People"]):
        spelled = opened("Articles", site, collection=asked)
        assert chips(spelled)[-1:] == ["collection: people"]
        assert [warning.value for warning in spelled.warning] == []
    gone = opened("Articles", site, collection="podcasts")
    assert "3 of 3 articles: collection news" in captions(gone)
    assert [warning.value.replace("\\", "") for warning in gone.warning] == [
        "collection=podcasts: the corpus has none."
    ]


@pytest.mark.slow
def test_the_collections_of_an_earlier_day_are_those_that_counted_then(tmp_path: Path) -> None:
    site = repository(tmp_path / "site")
    dated = "publishedDateTime: 2024-01-01T08:00:00Z\n"
    scored, plain = f"---\ntitle: A\nquality: 70\n{dated}---\n", f"---\ntitle: B\n{dated}---\n"
    write(site, {"_old/a.md": scored, "_news/b.md": plain, "_news/c.md": plain}, "2024-02-01T00:00:00+00:00")
    write(site, {"_old/a.md": None, "_films/a.md": plain, "_news/b.md": scored}, "2024-03-01T00:00:00+00:00")
    now = opened("Articles", site)
    assert chips(now) == ["collection: news"]
    then = opened("Articles", site, as_of="2024-02-10")
    assert chips(then) == ["collection: old", "as_of: 2024-02-10"]
    assert "1 of 1 article: collection old; as the corpus was on 2024-02-10; 2 others in 1" in captions(then)
    asked = opened("Articles", site, as_of="2024-02-10", collection=["OLD", "News"])
    assert [warning.value for warning in asked.warning] == []
    assert chips(asked) == ["collection: news", "collection: old", "as_of: 2024-02-10"]
    assert "5 of 5" not in captions(asked)
    everything = opened("Articles", site, collection="ALL")
    assert chips(everything) == ["collection: all"]
    assert "3 of 3 articles: all collections" in captions(everything)


@pytest.mark.slow
def test_a_label_that_is_none_of_two_spellings_stands_for_both(tmp_path: Path) -> None:
    topics = [["AI"], ["Ai"], ["Grid"], ["AI", "Ai"]]
    records = {f"{n}.md": {"title": f"N{n}", "quality": 70, "topics": each} for n, each in enumerate(topics)}
    site = write_records(tmp_path / "site", records)
    at = opened("Articles", site, topic="ai")
    assert chips(at) == ["topic: AI", "topic: Ai"]
    assert "3 of 4 articles" in captions(at)
    assert "2 of 4 articles" in captions(opened("Articles", site, topic="Ai"))
    assert slice_of(load_corpus(site), parse("topic=ai")).n == 3


@pytest.mark.slow
def test_a_facet_adds_a_collection_to_those_that_count(site: Path) -> None:
    at = opened("Articles", site)
    at.button_group(key="facet-collection").set_value(["news", "people"])
    at = run(at, site)
    assert chips(at) == ["collection: news", "collection: people"]
    assert "5 of 5 articles: collection news or people" in captions(at)


@pytest.mark.slow
def test_a_link_made_with_another_profile_says_so(site: Path) -> None:
    def notices(folder: Path, given: str) -> list[str]:
        return [warning.value.replace("\\", "") for warning in opened("Articles", folder, profile=given).warning]

    said = "The link was made when the corpus was read by another profile (0a1b2c3d)"
    assert notices(site, "0a1b2c3d") == [f"{said}; now it has none: counts can differ."]
    with_profile = Path(copytree(site, site.with_name("with profile")))
    (with_profile / "corpus.yml").write_text("collections: [news]\n")
    mark = load_corpus(with_profile).profile.mark
    assert notices(with_profile, mark) == []
    assert notices(with_profile, "0a1b2c3d") == [f"{said}; now it is read by corpus.yml ({mark}): counts can differ."]


@pytest.mark.slow
def test_a_link_by_the_old_name_of_a_topic_opens_under_its_new_one(tmp_path: Path) -> None:
    records = {f"{n}.md": {"title": f"N{n}", "quality": 70, "topics": [each]} for n, each in enumerate(("Flow", "AI"))}
    site = write_records(tmp_path / "site", records)
    (site / "corpus.yml").write_text("topics: {renames: {Flow: Automate}}\n")
    at = opened("Articles", site, topic="Flow")
    assert chips(at) == ["topic: Automate"]
    assert [warning.value for warning in at.warning] == []
    assert "1 of 2 articles" in captions(at)
