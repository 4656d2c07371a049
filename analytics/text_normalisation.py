"""Forms of text: as it can be shown anywhere, as labels are counted, and as words and titles are compared.

What is written stays what is shown, but for signs that no chart, file or page can hold, and for signs of a label that
nobody sees: two labels that look alike are one.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

_LINE_ENDS = "\v\f\x85\u2028\u2029"
"""Signs that end a line for JavaScript or a layout program, and nowhere else."""

_NOT_SHOWN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
"""Control characters but for tab and line end, line separators, and code points that are no characters (Unicode 16,
section 23.7): XML 1.0 cannot hold them, and JavaScript ends a line at some."""

UNSEEN_SIGNS = "\xad\u034f\u061c\u180e\u200b\u200e\u200f\ufeff\ufff9\ufffa\ufffb" + "".join(
    map(chr, [*range(0x202A, 0x202F), *range(0x2060, 0x2070)])
)
"""Signs without width that change no letter: soft hyphens, marks of direction (as Windows copies them with a path),
joiners of lines, operators that are not written. The joiners of letters, U+200C and U+200D, are part of words and of
emoji."""

_BLANKS = str.maketrans(dict.fromkeys("\u115f\u1160\u2800\u3164\uffa0", " "))
"""Letters that look like blanks: fillers of Hangul, and Braille without a dot."""

_PRESENTATION = dict.fromkeys("\ufe0e\ufe0f")
"""What says whether a sign is shown as text or as a picture."""

_TAGS = "\U000e0000-\U000e007f"

_UNSEEN = re.compile(
    f"[{UNSEEN_SIGNS}]"
    f"|(?<![\U0001f3f4{_TAGS}])[{_TAGS}]+"  # after a black flag they say whose flag it is
    "|(?<=[A-Za-z0-9\xc0-\u024f])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+(?!\u20e3)"  # of other letters they choose a form
)
"""What a label is counted without: unseen signs, and tags and variation selectors where they say nothing."""

_TYPOGRAPHIC = str.maketrans(
    dict.fromkeys("‘’‚‛ʼ′＇", "'")
    | dict.fromkeys("“”„‟″«»＂", '"')
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    | {"…": "..."}
    | _PRESENTATION
    | dict.fromkeys(UNSEEN_SIGNS)
)


def showable_text(text: str) -> str:
    """A text without what cannot be shown: line separators become blanks, control and non-characters go."""
    if text.isascii() and text.isprintable():
        return text
    return _NOT_SHOWN.sub(lambda found: " " if found[0] in _LINE_ENDS else "", text)


def label_form(text: str) -> str:
    """A label as it is counted and looked for: composed accents (NFC), single blanks, no signs that nobody sees."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", showable_text(text).translate(_BLANKS)))
    return " ".join(seen.split()).strip("\u200c\u200d")


def plain_punctuation(text: str) -> str:
    """A text with the apostrophe, quotation marks and hyphen of a keyboard, and without signs that nobody sees."""
    return text if text.isascii() else text.translate(_TYPOGRAPHIC)


def spelling_key(text: str) -> str:
    """A key that is equal for texts which differ only in case, blanks, typographic punctuation, the encoding of
    accents, or the width and the joining of letters (`ＡＩ`, `ﬁle`)."""
    folded = unicodedata.normalize("NFKC", plain_punctuation(text)).casefold()
    return unicodedata.normalize("NFKC", label_form(plain_punctuation(folded)).casefold())


_WORD = re.compile(r"\d+|[^\W\d_]+")

NUMBER_WORDS = frozenset(
    _WORD.findall(
        "january february march april june july august september october november december jan feb mar apr jun jul aug "
        "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday one two three four five six "
        "seven eight nine ten eleven twelve first second third fourth fifth sixth seventh eighth ninth tenth ii iii iv "
        "vi vii viii ix xi xii"
    )
)
"""Words that distinguish editions, parts and dates, as numbers do. Not `may`, which is more often a verb."""


def number_and_calendar_words(folded_title: str) -> str:
    """The numbers and counting words of a folded headline, sorted."""
    return " ".join(sorted(word for word in _WORD.findall(folded_title) if word[0].isdigit() or word in NUMBER_WORDS))


def distinct_in_known_spelling(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Names, each once, as the known ones are spelled, whatever their case and signs; what is one of these, or none,
    stays. A name that is none of several that are spelled alike stands for all of them."""
    own = dict.fromkeys(known)
    alike = defaultdict[str, list[str]](list)
    for name in own:
        alike[spelling_key(name)].append(name)
    found = ([name] if name in own else alike.get(spelling_key(name), [name]) for name in names)
    return list(dict.fromkeys(chain.from_iterable(found)))
