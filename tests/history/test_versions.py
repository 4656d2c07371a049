"""A version known from the one before it is the version that a fresh reading gives, whatever the text does."""

from itertools import product

import pytest

from analytics.corpus.limits import UnreadableFileError
from analytics.history import versions
from analytics.history.versions import Version, VersionReader, changed_fields
from tests.corpus.repositories import article

PATH = "_news/a.md"


@pytest.mark.parametrize(("written", "date_only"), [("2024-03-05", True), ("2024-03-05T00:00:00Z", False), ("", None)])
def test_a_version_knows_whether_its_time_is_only_a_date(written: str, date_only: bool | None) -> None:
    version = VersionReader().version(PATH, f"---\ntitle: A\npublishedDateTime: {written}\n---\n".encode(), None)
    assert version is not None
    assert version.record.date_only is date_only


BASE = article(70, published="true")
TEXTS = [
    BASE,
    BASE.replace("heat: 70", "heat: -1"),
    BASE.replace("heat: 70", "heat: -2"),
    BASE.replace("heat: 70", "heat: true"),
    BASE.replace("heat: 70", "heat: 070"),
    BASE.replace("heat: 70", 'heat: "71"'),
    BASE.replace("heat: 70", "heat: 1001"),
    BASE.replace("heat: 70", "heat: 71\nheat: 72"),
    BASE.replace("heat: 70\n", ""),
    BASE.replace("quality: 70", "quality: -1"),
    BASE.replace("true", "false"),
    BASE.replace("true", "yes"),
    BASE.replace("true", "1"),
    BASE.replace("\n", "\r\n"),
    BASE.replace("heat: 70", "heat: 71").replace("\n", "\r\n"),
    BASE.replace('"A title"', "'A title\nheat: 5\n  '").replace("heat: 70\n", ""),
    BASE.replace('"A title"', "'A title\nheat: 6\n  '").replace("heat: 70\n", ""),
    BASE + "heat: 5\n",
    BASE + "heat: 6\n",
    BASE.replace("heat: 70\n", "") + "heat: 5\n",
    BASE.replace("heat: 70\n", "") + "heat: 6\n",
    BASE.replace("provider:", 'secured: "abc="\nprovider:'),
    BASE.replace("provider:", 'secured: "abd="\nprovider:').replace("heat: 70", "heat: 90"),
    BASE.replace("provider:", 'secured: "ab\nprovider:'),
    BASE.replace("provider:", "secured: [\nprovider:"),
    BASE.replace("provider:", "secured:\n- a\n- b\nprovider:"),
    BASE.replace('"A title"', "'A\nsecured: \"one\"\nB'"),
    BASE.replace('"A title"', "'A\nsecured: \"two\"\nB'"),
    BASE.replace('"A title"', "'A\nheat: 7\nB'").replace("heat: 70", "heat : 7"),
    BASE.replace('"A title"', "'A\nheat: 8\nB'").replace("heat: 70", "heat : 7"),
    BASE.replace("provider:", '"secured": "q\nheat: 7\n"\nprovider:').replace("heat: 70", "heat : 7"),
    BASE.replace("provider:", '"secured": "q\nheat: 8\n"\nprovider:').replace("heat: 70", "heat : 7"),
    '---\nsecured: "abc\nheat: 5\ntitle: x"\n---\n',
    '---\nsecured: "abc"\nheat: 5\ntitle: x"\n---\n',
    "---\nheat : 7\n...\nheat: 7\n---\n",
    "---\nheat : 7\n...\nheat: 8\n---\n",
    "---\ntitle: A\u2028heat: 7\n---\n",
    BASE.replace("---\n", "", 1),
    "---\nheat: 70\n",
    "---\nheat: 71\n---\n",
    "---\nheat: 72\n---",
    "---\n---\nheat: 5\n",
    "",
]


def read(reader: VersionReader, text: str, last: Version | None) -> object:
    try:
        version = reader.version(PATH, text.encode(), last)
    except UnreadableFileError as error:
        return error.code
    return version and version.record


@pytest.mark.slow
@pytest.mark.parametrize("before", TEXTS)
def test_any_version_after_any_other_is_read_as_if_it_were_alone(before: str) -> None:
    for after in TEXTS:
        reader = VersionReader()
        try:
            last = reader.version(PATH, before.encode(), None)
        except UnreadableFileError:
            last = None
        assert read(reader, after, last) == read(VersionReader(), after, None), after


def test_scores_and_secured_text_alone_need_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = VersionReader()
    last = reader.version(PATH, BASE.encode(), None)
    monkeypatch.setattr(versions, "parse_file", None)
    for heat, published, secret in product((-1, 0, 999), ("true", "false"), ("", 'secured: "x="\n')):
        text = article(heat, published=published).replace("provider:", f"{secret}provider:")
        version = reader.version(PATH, text.encode(), last)
        assert version is not None
        assert (version.record.heat, version.record.published) == (heat, published == "true")
        last = version


def test_lines_that_are_hard_to_tell_apart_take_no_longer() -> None:
    text = "---\n" + "a: b: c \n - - - x : 'y  \n" * 20_000 + "---\n"
    with pytest.raises(UnreadableFileError):
        VersionReader().version(PATH, text.encode(), None)


def test_what_moved_is_told_in_the_order_of_the_tracked_fields() -> None:
    one, other = (
        VersionReader().version(PATH, text.encode(), None)
        for text in (BASE, article(71, title="New", published="false"))
    )
    assert one is not None
    assert other is not None
    assert changed_fields(one.record, other.record) == ["heat", "published", "title"]
    assert changed_fields(one.record, one.record) == []
