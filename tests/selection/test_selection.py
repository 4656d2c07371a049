"""A selection, its canonical text and what is said of a bad one."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.errors import SelectionError
from analytics.selection.fields import PARAMETERS, STATES
from analytics.selection.selection import Selection, from_pairs, from_valid_pairs, parse
from analytics.text_normalisation import label_form
from tests.corpora import selections

FULL = Selection(
    start=date(2024, 1, 1),
    end=date(2024, 3, 31),
    weekdays=("Sunday", "Monday"),
    hours=("07",),
    collections=("news",),
    types=("video",),
    topics=("Law", "AI"),
    topics_all=("Chips",),
    topics_none=("Space",),
    topics_beside=("Law",),
    subtopics=True,
    providers=("Alpha & Söhne",),
    providers_none=("Beta",),
    states=("published", "unknown"),
    quality_min=0,
    quality_max=70,
    heat_min=1,
    heat_max=190,
    heat_states=("ranked",),
    lift_min=-20,
    lift_max=-1,
    lag_min=-1,
    lag_max=0,
    has=("lift", "title"),
    lacks=("amp_url",),
    problems=("missing_title",),
    severities=("error",),
    first_of_story=True,
    words='"heat pump" cold',
    words_any="grid*",
    words_none="war",
    as_of=date(2024, 6, 30),
    compare="year",
)
FULL_TEXT = (
    "from=2024-01-01&to=2024-03-31&weekday=Monday&weekday=Sunday&hour=07&collection=news&type=video&topic=AI&topic=Law&topic_all=Chips"
    "&topic_none=Space&topic_beside=Law&subtopics=true&provider=Alpha+%26+S%C3%B6hne&provider_none=Beta&state=published&state=unknown&quality_min=0&quality_max=70"
    "&heat_min=1&heat_max=190&heat_state=ranked&lift_min=-20&lift_max=-1&lag_min=-1&lag_max=0&has=lift&has=title"
    "&lacks=amp_url&problem=missing_title&severity=error&first_of_story=true&words=%22heat+pump%22+cold&words_any=grid%2A&words_none=war"
    "&as_of=2024-06-30&compare=year"
)

labels = st.lists(st.text().filter(label_form), max_size=4)


def test_text_of_nothing_chosen_is_empty():
    assert Selection().text == ""
    assert parse("") == parse("?") == Selection()


def test_text_of_every_part():
    assert FULL.text == FULL_TEXT
    assert parse(FULL_TEXT) == FULL
    assert parse(f"?{FULL_TEXT}") == FULL
    assert {name for name, _ in FULL.pairs()} == set(PARAMETERS.values())


@given(topics=labels, providers=labels)
@example(
    topics=["a&b=c", "50 % + 1", "?", "#", "ends in space "], providers=['"quoted"', "it's", "new\nline", "日本語 🚀"]
)
def test_text_is_read_back_whatever_the_labels(topics, providers):
    selection = Selection(topics=tuple(topics), providers=tuple(providers))
    assert parse(selection.text) == selection
    assert from_pairs(selection.pairs()) == selection
    assert selection.text.isascii()
    assert not set(selection.text) & set(" \n\"'#<>")


@given(selections())
def test_text_is_read_back_whatever_the_parts(selection):
    assert parse(selection.text) == selection
    assert parse(selection.text).text == selection.text


@given(labels.flatmap(lambda names: st.tuples(st.just(names), st.permutations(names * 2))))
def test_order_and_repetition_of_values_do_not_matter(names):
    listed, shuffled = names
    one, other = Selection(topics=tuple(listed)), Selection(topics=tuple(shuffled))
    assert one == other
    assert (one.text, hash(one)) == (other.text, hash(other))


def test_order_of_parts_does_not_matter():
    assert parse("&".join(reversed(FULL_TEXT.split("&")))) == FULL


@given(selections(), selections())
def test_different_selections_have_different_texts(one, other):
    assert (one == other) == (one.text == other.text)


BAD = {
    "colour=red": "colour=red: a selection has no such part. It has from, to,",
    "from=yesterday": "from=yesterday is not a day",
    "to=2024-02-30": "to=2024-02-30 is not a day",
    "to=": "to= is not a day",
    "from=2024-03-02&to=2024-03-01": "from=2024-03-02 is after to=2024-03-01",
    "from=2024-03-01&from=2024-03-02": "from is given 2 times",
    "quality_min=high": "quality_min=high is not a score",
    "quality_min=7.5": "quality_min=7.5 is not a score",
    "quality_min=-1": "quality_min=-1 is not a score",
    "quality_max=٧٠": "quality_max=٧٠ is not a score",
    "quality_max=1001": "quality_max=1001: scores lie between 0 and 1000",
    "quality_max=99999999999999999999": "quality_max=99999999999999999999 is not a score",
    "quality_min=71&quality_max=70": "quality_min=71 is above quality_max=70",
    "heat_min=71&heat_max=70": "heat_min=71 is above heat_max=70",
    "lift_min=-": "lift_min=- is not a whole number.",
    "lift_min=-1001": "lift_min=-1001: it must lie between -1000 and 1000",
    "lag_min=2&lag_max=1": "lag_min=2 is above lag_max=1",
    "hour=7": "hour=7: there is no such choice. Use 00, 01",
    "has=colour": "has=colour: there is no such choice. Use title, excerpt",
    "heat_state=hot": "heat_state=hot: there is no such choice. Use ranked, unranked, missing",
    "compare=decade": "compare=decade: there is no such choice. Use previous, year",
    "subtopics=perhaps": "subtopics=perhaps is neither true nor false",
    "first_of_story=1": "first_of_story=1 is neither true nor false",
    "words=" + "long " * 50: "words is longer than 200 characters",
    "state=draft": "state=draft: there is no such choice. Use published, unpublished, unknown",
    "topic=": "A topic is empty",
    "provider": "A provider is empty",
}


@pytest.mark.parametrize(("text", "message"), BAD.items(), ids=[text[:30] for text in BAD])
def test_bad_part_is_named(text, message):
    with pytest.raises(SelectionError) as caught:
        parse(text)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", BAD, ids=[text[:30] for text in BAD])
def test_tolerant_passes_over_what_has_no_meaning(text):
    good = [("topic", "AI"), ("state", "published")]
    bad = [tuple(data.partition("=")[::2]) for data in text.split("&")]
    selection, refused = from_valid_pairs([*good, *bad])
    assert (selection.topics, selection.states) == (("AI",), ("published",))
    assert len(refused) == 1
    assert BAD[text] in refused[0]


def test_half_a_character_is_refused():
    """What a terminal makes of bytes that are not UTF-8; no link could hold it."""
    with pytest.raises(SelectionError, match="not text"):
        Selection(topics=("caf\udce9",))


def test_tolerant_keeps_the_first_of_two_that_contradict_each_other():
    selection, refused = from_valid_pairs(
        [("to", "2024-01-01"), ("from", "2024-06-01"), ("to", "2025-01-01"), ("topic", "AI")]
    )
    assert selection == Selection(end=date(2024, 1, 1), topics=("AI",))
    assert refused == [
        "from=2024-06-01 is after to=2024-01-01. Swap the two dates.",
        "to is given 2 times. Give it once.",
    ]


@given(selections())
def test_tolerant_refuses_nothing_of_a_good_selection(selection):
    assert from_valid_pairs(selection.pairs()) == (selection, [])


@given(selections())
def test_without_a_part_removes_exactly_that_part(selection):
    for parameter, _ in selection.pairs():
        left = [pair for pair in selection.pairs() if pair[0] != parameter]
        assert selection.without(parameter).pairs() == left


@given(selections())
def test_without_a_value_removes_exactly_that_value(selection):
    for pair in selection.pairs():
        left = [other for other in selection.pairs() if other != pair]
        assert selection.without(*pair).pairs() == left


def test_without_what_is_not_there_changes_nothing():
    assert FULL.without("topic", "Space") == FULL
    assert Selection().without("from") == Selection()


LINKS = {
    "": "",
    "topic=AI&from=2024-01-01": "from=2024-01-01&topic=AI",
    "to=2024-12-31&from=2024-01-01&compare=year": "from=2024-01-01&to=2024-12-31&compare=year",
    "?state=published&quality_min=0&quality_max=70": "state=published&quality_min=0&quality_max=70",
    "topic=B&topic=A&topic_all=C&topic_all=D&subtopics=true": "topic=A&topic=B&topic_all=C&topic_all=D&subtopics=true",
    "topic_beside=G&topic_beside=A&topic_none=E": "topic_none=E&topic_beside=A&topic_beside=G",
    "provider=The+Verge&provider=A%26B&provider_none=X": "provider=A%26B&provider=The+Verge&provider_none=X",
    "heat_min=5&heat_state=ranked&heat_state=unranked": "heat_min=5&heat_state=ranked&heat_state=unranked",
    "lag_min=-3&lag_max=0&heat_max=90&lift_min=-10": "heat_max=90&lift_min=-10&lag_min=-3&lag_max=0",
    "weekday=Monday&weekday=Friday&hour=07&hour=23": "weekday=Friday&weekday=Monday&hour=07&hour=23",
    "type=video&collection=archive/news": "collection=archive/news&type=video",
    "has=title&has=image&lacks=topics&lacks=lag": "has=image&has=title&lacks=lag&lacks=topics",
    "severity=warning&severity=error&problem=missing_title": "problem=missing_title&severity=error&severity=warning",
    "words=grid+hub*&words_any=%22heat+pump%22": "words=grid+hub%2A&words_any=%22heat+pump%22",
    "words_none=caf%C3%A9": "words_none=caf%C3%A9",
    "as_of=2024-06-30&compare=previous&from=2024-05-01": "from=2024-05-01&as_of=2024-06-30&compare=previous",
    "subtopics=false&topic=AI": "topic=AI",
}
"""Links as earlier versions wrote them → canonical text."""


@pytest.mark.parametrize(("link", "text"), LINKS.items())
def test_links_of_earlier_versions_open_the_same_selection(link, text):
    assert parse(link).text == text


NARROWED = {
    ("", "topic_all=AI"): "topic_all=AI",
    ("topic=AI&topic=Law", "topic_all=Law"): "topic=AI&topic=Law&topic_all=Law",
    ("topic_all=AI", "topic_all=Law"): "topic_all=AI&topic_all=Law",
    ("provider=A&provider=B", "provider=B&provider=C"): "provider=B",
    ("provider=A", "provider=B"): None,
    ("severity=error&severity=info", "severity=error"): "severity=error",
    ("severity=error&severity=info", "severity=error&severity=warning"): None,
    ("problem=a", "problem=a&problem=b"): "problem=a",
    ("from=2024-01-01&to=2024-12-31", "from=2023-06-01&to=2024-06-30"): "from=2024-01-01&to=2024-06-30",
    ("from=2024-01-01", "to=2023-12-31"): None,
    ("quality_min=70", "quality_min=60&quality_max=80"): "quality_min=70&quality_max=80",
    ("lift_min=-5&lift_max=9", "lift_min=-10&lift_max=3"): "lift_min=-5&lift_max=3",
    ("topic_beside=A&topic_beside=B", "topic_beside=A"): "topic_beside=A&topic_beside=B",
    ("topic_beside=A", "topic_beside=A&topic_beside=B"): "topic_beside=A&topic_beside=B",
    ("topic_beside=A", "topic_beside=B"): None,
    ("words=heat", "words=pump"): "words=heat+pump",
    ("words_any=heat", "words_any=pump"): None,
    ("compare=year", "state=published"): "state=published&compare=year",
    ("first_of_story=true", "state=published"): "state=published&first_of_story=true",
    ("first_of_story=true", "first_of_story=true"): "first_of_story=true",
}


@pytest.mark.parametrize(("texts", "expected"), NARROWED.items(), ids=["+".join(texts) for texts in NARROWED])
def test_narrowed_keeps_what_was_asked_before(texts, expected):
    before, more = texts
    found = parse(before).narrowed(parse(more).pairs())
    assert (found.text if found else None) == expected


def test_selection_in_words():
    assert FULL.in_words().split("; ") == [
        "2024-01-01 to 2024-03-31",
        "weekday Monday or Sunday",
        "hour 07",
        "collection news",
        "type video",
        "topic AI or Law",
        "topics Chips",
        "not topic Space",
        "a topic beside Law",
        "provider Alpha & Söhne",
        "not provider Beta",
        "state published or unknown",
        "heat ranked",
        "with lift and title",
        "without amp_url",
        "problem missing_title",
        "severity error",
        "topics with their sub-topics",
        "the first article of each story",
        "quality 0 to 70",
        "heat 1 to 190",
        "lift -20 to -1",
        "lag -1 to 0",
        'with the words "heat pump" cold',
        "with one of the words grid*",
        "without the words war",
        "as the corpus was on 2024-06-30",
        "against a year before",
    ]
    assert Selection().in_words() == "all articles"
    assert Selection(start=date(2024, 1, 1)).in_words() == "from 2024-01-01"
    assert Selection(end=date(2024, 1, 1), quality_min=70).in_words() == "to 2024-01-01; quality 70 to any"
    assert Selection(quality_max=0).in_words() == "quality 0 to 0"
    assert Selection(topics_all=("b", "a")).in_words() == "topics a and b"


def test_states_are_the_three():
    assert STATES == ("published", "unpublished", "unknown")


@pytest.mark.parametrize("typed", ["E\u0301nergie", "\u00a0Énergie ", "Éner\u00adgie"])
def test_a_label_of_a_link_means_the_one_that_looks_like_it(typed):
    assert Selection(topics=(typed,)) == Selection(topics=("Énergie",))


def test_a_label_of_nothing_that_is_seen_is_refused():
    with pytest.raises(SelectionError, match="A topic is empty"):
        Selection(topics=("\u200b",))


def test_the_profile_that_a_link_names_is_no_part_of_its_selection() -> None:
    assert parse("?topic=AI&profile=3f9a1c02") == Selection(topics=("AI",))
