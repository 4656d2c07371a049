"""Front matter in all the odd spellings that YAML has, drawn at random: what two readers may take differently."""

from random import Random

from analytics.corpus.parsing.front_matter import MAX_DEPTH

FIELDS = (
    "category", "title", "excerpt", "publishedDateTime", "updatedDateTime", "originalUrl", "webUrl", "ampWebUrl",
    "type", "quality", "heat", "published", "provider", "topics", "images", "related", "featuredContent", "secured",
    "deleted", "highlight", "locale", "price", "tags", "name", "domain", "authors", "publishers", "url", "width",
    "height", "isCached",
)  # fmt: skip
ODD_KEYS = (
    "1", "1.5", "true", "yes", "NO", "~", "null", "''", '"title"', "'heat'", "a b", "? a", "[a]", "{a: b}", "- a",
    "&k a", "*k", "!t a", "<<", "=", "é", "a\tb", "a:b", "a#b", "2022-02-21", "0x1f", "|", "@a", "x" * 1100,
    '"a\\tb"', "'it''s'", "-", ".5", "..", "-a", "?a", ":a", "%a", "---", "quality ", '"quality" ',
)  # fmt: skip
PLAIN = (
    "yes", "no", "on", "off", "Yes", "NO", "On", "OFF", "y", "n", "true", "false", "True", "FALSE", "tRUE", "~",
    "null", "Null", "NULL", "nULL", "0", "1", "89", "-1", "-0", "+5", "+0", "007", "010", "0777", "0o17", "0x1F",
    "0XFF", "0b101", "0B1", "1_000", "1__0", "_1", "1_", "0_1", "1:30", "1:30:45", "190:20:30.15", "1e3", "1E3",
    "1e+3", "1.5e3", "1.5e+3", ".5", "5.", "-.5", "+.5", "1.0", ".inf", "-.INF", "+.inf", ".nan", ".NaN", "1,000",
    "99999999999999999999", "1e400", "0.1.2", "1-2", "--", "---", "...", "..", ".", "-", "?", ":", "::", "a:b", "a#b",
    "#a", "a:", ":a", "-a", "?a", "@a", "`a", "%a", "!", "!!", "!a", "!!str", "!!int", "&", "&a", "*", "*a", "<<",
    "=", "<", ">", ">-", "|", "|-", "|+", "|2", ">1", "[", "]", "{", "}", ",", "a,b", "a]", "a}", "[a", "]a", '"a',
    "'a", 'a"', "a'", 'a"b', "it's", "\\n", "a\\b", "2022-02-21", "2022-2-1", "2022-02-21T14:00:00Z",
    "2022-02-21t14:00:00.5z", "2022-02-21T14:00:00+02:00", "2022-02-21T14:00:00", "2022-02-21T24:00:00Z",
    "2022-13-01", "2022-02-21T14:00Z", "20220221", "2022", "https://a.example/b?c=d#e", "a.example", "é", "日本", "🙂",
)  # fmt: skip
SPACED = (
    "two words", "a: b", "a :b", "a : b", "a #b", "- a", "? a", ": a", "2022-02-21 14:00:00",
    "2022-02-21 14:00:00 +2", "2022-02-21  14:00:00Z", "!!int 5", "!!str 5", "!!binary aGk=", "!x [a]", "&a x",
    "&a [x]", "*a b", "a *b", "a &b", "a !b", "1 000", "+ 5", "- 5", "a - b", "a, b", "a | b", "a > b", "a |", "a >",
    "x % y", "a ? b", "a << b", "{ ", "[ ",
)  # fmt: skip
WEIRD = (
    "a\tb", "a \t#b", "a\t# b", "a\t", "\ta", "a\u2028b", "a\u2029b", "a\x85b", "a\ufeffb", "\ufeff", "a\xa0b",
    "\xa0", "a\u3000b", "a\x07", "a\x7f", "a\x80b", "a\u200bb", "a\ufffeb", "a\ud7ffb", "a🙂b", "a\U0010ffffb",
    "a\x0bb", "a\x0cb", "a\x1eb", "\x1b[0m",
)  # fmt: skip
COMMON_PIECES = (
    "\\n", '\\"', "\\\\", "\n  ", "a", "é", " ", ": ", "-", "#",
)  # fmt: skip
RARE_PIECES = (
    "\\t", "\\r", "\\0", "\\a", "\\b", "\\e", "\\v", "\\f", "\\_", "\\N", "\\L", "\\P", "\\/", '\\"', "\\\\", "\\ ",
    "\\x41", "\\x0", "\\u00e9", "\\ud83d", "\\ud83d\\ude42", "\\U0001F642", "\\U00110000", "\\uFEFF", "\\q", "\\'",
    "\\\n", "\\\n  ", "\\\t", "\n", "\n  ", "\n\n  ", "\n   \n ", " \n  ", "\t", "#", " #", ": ", "'", "''", "---",
    "\n---\n", "\n...", "é", "\u2028", "\x85", "\x07", "\x7f", "\ufeff", "\ufffe", "  ", "a", "89", "{", "[", "*a",
    "&a", "!a", "%", "@",
)  # fmt: skip
PIECES = COMMON_PIECES * 12 + RARE_PIECES
"""What quoted scalars are made of."""

BLOCKS = (
    "|\n  a\n  b\n", ">\n  a\n  b\n\n  c\n", "|-\n  a\n", "|+\n  a\n\n\n", ">-\n  a\n   b\n  c\n", "|2\n    a\n",
    "| # c\n  a\n", "|9\n a\n", "|\n", "|\na\n", ">\n\n\n  a\n", "|\n\ta\n", "|1-\n a\n", "|-1\n a\n", ">-", "| a\n",
    "|\n   a\n  b\n",
)  # fmt: skip
RARE_ENDS = (
    "\n\n", " # note\n", "#note\n", "\r\n", "\r", " \n", "\t\n", "\n# note\n", "\n  # note\n", "\n---\n", "\n...\n",
    "\n--- a\n", "\n%YAML 1.1\n", "\x85", "\u2028", "\n \n", "\n\t\n", "\n\t# note\n", "", " ", ",", ";",
)  # fmt: skip
ENDS = ("\n",) * 30 + RARE_ENDS
"""What stands after a value."""

COMMON_SPECKS = (
    "\n", " ", "-", ":", "#", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", '"', "%", "@", "`", "?", "~",
    "<", "=", "+", ".", "0", "_", "\\",
)  # fmt: skip
RARE_SPECKS = (
    "\t", "\r", "\x85", "\u2028", "\ufeff", "\x00", "\x07", "\xa0", "é", ": ", " #", "- ", "\n- ", "\n  ", "\n---",
    "\n...", "''", '""', "? ", "<<: ", "\n\n", "  ",
)  # fmt: skip
SPECKS = COMMON_SPECKS * 3 + RARE_SPECKS
TAME = {
    "title": ("A lamp", '"A lamp"', "'A lamp'", "A\n  lamp", '"A\n  lamp"', "No", "5 lamps", "A:B", '"A: \\"B\\""'),
    "publishedDateTime": (
        "2024-03-05T00:00:00Z", '"2024-03-05T00:00:00Z"', "2024-03-05T00:00:00+02:00", "2024-03-05 00:00:00Z",
    ),
}  # fmt: skip
"""What every article needs, so that the readers find nothing to note."""


def scalar(rng: Random, flow: bool = False) -> str:
    """A scalar in one of YAML's many spellings; sometimes none at all."""
    kind = rng.randrange(8 if flow else 10)
    if kind < 4:
        return rng.choice(PLAIN)
    if kind == 4:
        return rng.choice(SPACED if rng.randrange(10) else WEIRD)
    if kind == 5:
        return '"' + "".join(rng.choice(PIECES) for _ in range(rng.randrange(5))) + '"'
    if kind == 6:
        inside = "".join(rng.choice((*PLAIN, *PIECES)) for _ in range(rng.randrange(4)))
        return "'" + inside.replace("'", "''") + "'"
    if kind == 7:
        return rng.choice(("x" * 1100, '"' + "x" * 5000 + '"', "a " * 600, "9" * 400, "", "", "''", '""', "[]", "{}"))
    if kind == 8:
        return rng.choice(BLOCKS)
    indent = " " * rng.randrange(6)
    return rng.choice(("\n", " \n", "\n\n", " # c\n", "\t\n")).join(
        indent + rng.choice((*PLAIN, *SPACED)) for _ in range(rng.randrange(1, 4))
    )


def key(rng: Random) -> str:
    kind = rng.randrange(10)
    return rng.choice(ODD_KEYS if kind == 0 else FIELDS if kind < 4 else ("price", "tags", "members", "a b", "x"))


def flow(rng: Random, depth: int) -> str:
    """A flow collection, now and then not quite one."""
    gap = rng.choice((", ", ", ", ",", " ,", ",\n  ", ", # c\n  ", ",\n", ",,", ", ,", " "))
    many = rng.randrange(4)
    inner = [scalar(rng, flow=True) if depth < 1 or rng.randrange(3) else flow(rng, depth - 1) for _ in range(many)]
    if rng.randrange(2):
        return "[" + gap.join(inner) + rng.choice(("", "", ",", "\n", " # c\n")) + "]"
    colon = rng.choice((": ", ": ", ":", " : ", ":\n  ", " "))
    return "{" + gap.join(f"{key(rng)}{colon}{value}" for value in inner) + rng.choice(("", ",", " ")) + "}"


def block(rng: Random, depth: int, indent: int) -> str:
    """The value of a field: a scalar, a flow collection, or lines below it."""
    kind = rng.randrange(6)
    if depth < 1 or kind < 3:
        return " " + scalar(rng)
    if kind == 3:
        return " " + flow(rng, depth)
    more = indent + rng.choice((2, 2, 2, 2, 4, 1, 0, 33))
    lead = "\n" + " " * more
    if kind == 4:
        return "".join(f"{lead}-{block(rng, depth - 1, more + 2)}" for _ in range(rng.randrange(1, 4)))
    return "".join(f"{lead}{key(rng)}:{block(rng, depth - 1, more)}" for _ in range(rng.randrange(1, 4)))


def front_text(rng: Random) -> str:
    """A front matter in odd YAML: what every article needs, fields of any spelling, then a few characters spoilt."""
    lines = [f"{name}: {rng.choice(values)}\n" for name, values in TAME.items() if rng.randrange(40)]
    names = [key(rng) for _ in range(rng.choice((0, 1, 1, 2)))]
    if names and rng.randrange(6) == 0:
        names.append(names[0])
    lines += [f"{name}:{block(rng, rng.randrange(4), 0)}{rng.choice(ENDS)}" for name in names]
    lines += [field(rng) for _ in range(rng.randrange(4))]
    if rng.randrange(12) == 0:
        deep = rng.randrange(1, 2 * MAX_DEPTH)
        forms = (f"[{'[' * deep}{']' * deep}]", f"{'{a: ' * deep}{'}' * deep}", f"\n  {'- ' * deep}a")
        lines.append(f"x: {rng.choice(forms)}\n")
    rng.shuffle(lines)
    text = "".join(lines)
    for _ in range(rng.choice((0, 0, 0, 0, 0, 1, 1, 3))):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(("", *SPECKS)) + text[at + rng.randrange(2) :]
    return text


def field(rng: Random) -> str:
    """A field with a value of about the right kind, so that the readers find nothing to note."""
    name = rng.choice(FIELDS)
    if name in ("quality", "heat", "width"):
        return f"{name}: {rng.choice(PLAIN) if rng.randrange(8) == 0 else rng.randrange(190)}\n"
    if name in ("published", "deleted", "highlight"):
        return f"{name}: {rng.choice(('true', 'false', 'True', 'FALSE', 'yes', 'no', 'on', '~', ''))}\n"
    if name in ("provider", "related", "images", "topics", "tags"):
        dash = "" if name == "provider" else "- "
        pairs = [f"{key(rng)}: {text_scalar(rng)}" for _ in range(rng.randrange(1, 4))]
        if name in ("topics", "tags"):
            return f"{name}:\n" + "".join(f"  - {text_scalar(rng)}\n" for _ in pairs)
        return f"{name}:\n  {dash}" + ("\n  " + " " * len(dash)).join(pairs) + "\n"
    return f"{name}: {text_scalar(rng)}{rng.choice(ENDS)}"


def text_scalar(rng: Random) -> str:
    """A scalar that is often text."""
    if rng.randrange(6) == 0:
        return rng.choice((scalar(rng), *SPACED))
    return rng.choice(("a", "two words", '"quoted"', "'it''s'", "https://a.example/b"))
