"""Saved selections and notes in the sidebar, run in Streamlit's own test harness."""

import json
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.charts.theme import NOTE
from analytics.selection.selection import Selection, parse
from analytics.userdata import dated_notes, saved_selections
from analytics.userdata.dated_notes import Note
from analytics.userdata.saved_selections import SavedSelection
from tests.app.harness import charts, opened, switched

HYDROGEN = Selection(topics=("Hydrogen",), quality_min=70, start=date(2025, 1, 1), words="grid")


def kept() -> dict[str, Selection]:
    return {saved.name: saved.selection for saved in saved_selections.read().valid}


def faults(at: AppTest) -> str:
    said = [*at.sidebar.error, *at.sidebar.warning]
    return "\n".join(element.value for element in said).replace("\\", "")


def shown(at: AppTest) -> str:
    return at.main.caption[0].value.replace("\\", "")


def click(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


@pytest.mark.slow
def test_the_current_selection_is_saved_and_chosen_again_with_all_its_parts() -> None:
    at = opened("Articles", topic=["Hydrogen"], quality_min="70", words="grid", **{"from": "2025-01-01"})
    at.text_input(key="saved-new-name").set_value("  Good  hydrogen ").run()
    click(at, "saved-save")
    assert kept() == {"Good hydrogen": HYDROGEN}
    assert "Saved as" in at.sidebar.success[0].value
    other = opened("Articles", state=["published"])
    other.selectbox(key="saved-chosen").set_value("Good hydrogen").run()
    assert not other.exception
    assert "from 2025-01-01; topic Hydrogen; quality 70 to any; with the words grid" in shown(other)
    assert "published" not in shown(other)


@pytest.mark.slow
def test_what_the_corpus_does_not_have_is_said_and_the_rest_is_chosen() -> None:
    saved_selections.save("Stars", Selection(topics=("Astrology", "Hydrogen"), problems=("none_such",)))
    at = opened("Articles")
    at.selectbox(key="saved-chosen").set_value("Stars").run()
    assert not at.exception
    assert shown(at).split(": ")[1].startswith("topic Hydrogen.")
    said = "\n".join(warning.value for warning in at.main.warning).replace("\\", "")
    assert "topic=Astrology: the corpus has none." in said
    assert "problem=none_such: the corpus has none." in said


@pytest.mark.slow
def test_a_name_that_is_taken_is_asked_about() -> None:
    saved_selections.save("Mine", Selection(topics=("Solar",)))
    at = opened("Articles", topic=["Hydrogen"])
    at.text_input(key="saved-new-name").set_value("MINE").run()
    click(at, "saved-save")
    assert "'Mine' already" in faults(at) or "'MINE' already" in faults(at)
    assert kept() == {"Mine": parse("topic=Solar")}
    click(at, "saved-replace")
    assert kept() == {"MINE": parse("topic=Hydrogen")}
    assert not [button for button in at.button if button.key == "saved-replace"]


@pytest.mark.slow
def test_rename_and_delete_with_a_question() -> None:
    saved_selections.save("*a* <b>", Selection(topics=("Solar",)))
    at = opened("Articles")
    at.selectbox(key="saved-chosen").set_value("*a* <b>").run()
    at.text_input(key="saved-other-name").set_value("b").run()
    click(at, "saved-rename")
    assert (list(kept()), at.selectbox(key="saved-chosen").value) == (["b"], "b")
    click(at, "saved-delete")
    assert "Delete the saved selection b?" in faults(at)
    click(at, "saved-no")
    assert list(kept()) == ["b"]
    click(at, "saved-delete")
    click(at, "saved-yes")
    assert kept() == {}
    assert faults(at) == ""


IMPORT = b"""version: 1
selections:
  - {name: Mine, selection: topic=Hydrogen}
  - {name: New, selection: topic=Storage}
  - {name: Odd, selection: colour=red}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "after"),
    [
        ("both", {"Mine": "topic=Solar", "Mine (2)": "topic=Hydrogen", "New": "topic=Storage"}),
        ("replace", {"Mine": "topic=Hydrogen", "New": "topic=Storage"}),
    ],
)
def test_an_import_names_what_is_wrong_and_asks_about_clashes(way: str, after: dict[str, str]) -> None:
    saved_selections.save("Mine", Selection(topics=("Solar",)))
    at = opened("Articles")
    at.file_uploader(key="saved-file-0").upload("theirs.yml", IMPORT).run()
    assert not at.exception
    assert "theirs.yml, line 5: colour=red: a selection has no such part" in faults(at)
    assert at.multiselect(key="saved-wanted-0").value == ["Mine", "New"]
    assert "Mine" in at.radio(key="saved-clashing").label
    at.radio(key="saved-clashing").set_value(way).run()
    click(at, "saved-import")
    assert {name: selection.text for name, selection in kept().items()} == after
    assert "2 selections are brought in" in at.sidebar.success[0].value


@pytest.mark.slow
def test_a_file_that_is_no_such_file_is_refused_in_words() -> None:
    at = opened("Articles")
    at.file_uploader(key="saved-file-0").upload("a.yml", b"version: 1\nselections:\n- [").run()
    assert not at.exception
    assert "a.yml, line 4 is damaged" in faults(at)
    assert kept() == {}


def test_damaged_files_are_told_on_a_page_that_works(home: Path) -> None:
    home.mkdir()
    for name in ("selections", "notes"):
        (home / f"{name}.yml").write_text(f"version: 1\n{name}:\n- [")
    at = opened("Articles")
    assert "selections.yml, line 4 is damaged" in faults(at)
    assert "notes.yml, line 4 is damaged" in faults(at)
    folded = at.sidebar.get("popover")
    assert len(folded) >= 2
    assert not [each.value for popover in folded for each in popover.get("warning")]
    assert at.main.get("page_link")
    at.text_input(key="saved-new-name").set_value("a").run()
    click(at, "saved-save")
    assert (home / "selections.yml").read_text() == "version: 1\nselections:\n- ["


def with_notes(at: AppTest) -> list[bool]:
    return [NOTE in json.dumps(spec) for spec in charts(at)]


def captions(at: AppTest) -> list[str]:
    return [caption.value for caption in at.main.caption if caption.value.startswith("▼")]


@pytest.mark.slow
def test_a_note_is_added_changed_and_deleted_and_drawn_at_once() -> None:
    at = opened("Briefing")
    assert (any(with_notes(at)), captions(at)) == (False, [])
    click(at, "note-save")
    assert "The note has no day" in faults(at)
    at.date_input(key="note-day").set_value(date(2026, 2, 3))
    at.text_area(key="note-text").set_value("New *rules*").run()
    click(at, "note-save")
    assert dated_notes.read_own().valid == (Note(date(2026, 2, 3), date(2026, 2, 3), "New *rules*"),)
    assert (sum(with_notes(at)), captions(at)) == (3, ["▼ 1 note"] * 2)
    assert (at.date_input(key="note-day").value, at.text_area(key="note-text").value) == (None, "")
    at.selectbox(key="note").select_index(0).run()
    assert at.text_area(key="note-text").value == "New *rules*"
    at.date_input(key="note-last-day").set_value(date(2026, 2, 1)).run()
    click(at, "note-save")
    assert "before it begins" in faults(at)
    at.date_input(key="note-last-day").set_value(date(2026, 2, 9)).run()
    click(at, "note-save")
    assert [note.days for note in dated_notes.read_own().valid] == ["2026-02-03 to 2026-02-09"]
    at.selectbox(key="note").select_index(0).run()
    click(at, "note-delete")
    click(at, "note-no")
    click(at, "note-delete")
    click(at, "note-yes")
    assert dated_notes.read_own().valid == ()
    assert not any(with_notes(at))


@pytest.mark.slow
def test_notes_of_the_named_file_are_drawn_and_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_NOTES", str(tmp_path / "team.yml"))
    at = opened("Briefing")
    assert "There is no file" in faults(at)
    days = [date(2026, 2, 3), date(2001, 2, 3)]
    (tmp_path / "team.yml").write_text(dated_notes.notes_yaml(Note(day, day, "<b>Rules</b>") for day in days))
    at.run()
    assert captions(at) == ["▼ 1 note; 1 outside the time shown"] * 2
    assert "2026-02-03: <b>Rules</b>" in at.sidebar.text[0].value


def test_saved_selections_are_offered_on_every_page() -> None:
    saved_selections.add_all([SavedSelection("Mine", HYDROGEN)], "both")
    at = opened("Reports")
    assert at.selectbox(key="saved-chosen").options == ["Mine"]
    switched(at, "Articles")
    assert at.selectbox(key="saved-chosen").options == ["Mine"]
