"""Forms of text, held against what Unicode says of each sign."""

import unicodedata
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.text_normalisation import label_form, plain_punctuation, showable_text, spelling_key

any_text = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\v\f\x85\u2028\ufffe\u00ad\u200b’–"))


@given(any_text)
def test_what_is_shown_can_stand_in_xml_and_on_one_line_of_javascript(text: str) -> None:
    shown = showable_text(text)
    assert not {"\u2028", "\u2029"} & set(shown)
    assert ElementTree.fromstring(f"<a>{escape(shown, {chr(13): '&#13;'})}</a>").text == (shown or None)
    assert all(unicodedata.category(sign) not in ("Cc", "Zl", "Zp") or sign in "\t\n\r" for sign in shown)
    assert showable_text(shown) == shown


@given(any_text)
def test_a_form_is_the_form_of_itself(text: str) -> None:
    assert label_form(label_form(text)) == label_form(text)
    assert spelling_key(spelling_key(text)) == spelling_key(text)
    assert plain_punctuation(plain_punctuation(text)) == plain_punctuation(text)


@given(any_text)
def test_encodings_of_accents_and_blanks_make_no_other_label(text: str) -> None:
    parts = unicodedata.normalize("NFD", text)
    assert label_form(parts) == label_form(unicodedata.normalize("NFC", text))
    assert label_form(text.replace(" ", "\u00a0 ")) == label_form(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What’s new", "what's  NEW"),
        ("GPT‑4", "gpt-4"),
        ("co\u00adoperation", "Cooperation"),
        ("STRASSE", "straße"),
        ("ＡＩ", "ai"),
        ("ﬁle…", "File..."),
    ],
)
def test_spellings_that_people_hold_for_one_have_one_key(one: str, other: str) -> None:
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize("odd", ["\u202aAI\u202c", "A\u2064I", "AI\u3164", "\u2800AI", "A\u034fI", "\u2067AI\u2069"])
def test_labels_that_look_alike_are_one(odd: str) -> None:
    assert label_form(odd) == "AI"


@pytest.mark.parametrize(("one", "other"), [("resume", "résumé"), ("C", "C++"), ("re-sign", "resign")])
def test_other_spellings_have_keys_of_their_own(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)
