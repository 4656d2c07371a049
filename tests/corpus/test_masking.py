"""What stands under a secret field never appears in what a person is shown."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from analytics.corpus.limits import UnreadableFileError
from analytics.corpus.parsing.front_matter import yaml_node
from analytics.corpus.parsing.front_matter_value_types import SECRETS
from analytics.corpus.parsing.masked_front_matter import MASK, mask_yaml_secrets

SECRET = "Zq7Secret9xK"

PLACES = {
    "plain": "title: A\nsecured: {}\nquality: 3\n",
    "quoted": 'title: A\nsecured: "{}"\nquality: 3\n',
    "single": "title: A\nsecured: '{}'\nquality: 3\n",
    "quoted name": '"secured": {}\nquality: 3\n',
    "escaped name": '"secur\\u0065d": {}\nquality: 3\n',
    "other case": "Secured: {}\nFEATUREDCONTENT: {}\n",
    "block": "secured: |\n  one\n\n  {}\nquality: 3\n",
    "folded": "featuredContent: >-\n  one\n  {}\n  two\n# end\nquality: 3\n",
    "many lines plain": "secured: one\n  two\n  {}\nquality: 3\n",
    "many lines quoted": 'secured: "one\n\n {}"\nquality: 3\n',
    "quoted at the margin": 'secured: "one\nquality: {}"\nheat: 3\n',
    "list": "secured:\n- one\n- {}\nquality: 3\n",
    "record": "secured:\n  a:\n    b: {}\n  title: x\nquality: 3\n",
    "deep": "related:\n- title: A\n  more:\n  - x: 1\n    secured: {}\n  - y\nquality: 3\n",
    "flow": "provider: {{name: N, secured: {}, domain: D}}\nquality: 3\n",
    "flow over lines": "provider: {{name: N, secured: [one,\n  {}], domain: D}}\nquality: 3\n",
    "json": '{{"title": "A", "secured": "{}", "quality": 3}}\n',
    "two on a line": "a: {{secured: [one,\n {}], featuredContent: [x,\n {}]}}\nquality: 3\n",
    "explicit": "? secured\n: {}\n? quality\n: 3\n",
    "tagged": "secured: !mine {}\n!!str secured: {}\nquality: 3\n",
    "alias": "title: &a {}\nsecured: *a\nquality: 3\n",
    "alias of a block": "title: &a |\n  one\n  {}\nsecured: *a\nquality: 3\n",
    "alias of a record": "provider: &a\n  name: {}\nimages: [1]\nsecured: [*a]\nquality: 3\n",
    "alias on one line": "{{title: &a {}, secured: *a}}\n",
    "anchored": "secured: &a {}\ntitle: *a\nquality: 3\n",
    "merged": "base: &a {{secured: {}}}\nprovider:\n  <<: *a\nquality: 3\n",
    "name as an alias": "title: &k secured\n*k : {}\nquality: 3\n",
    "next name as an alias": "title: &k name\nsecured:\n  # {}\n  x\n*k : 3\n",
    "twice": "secured: one\nquality: 3\nsecured: {}\n",
    "as a name": "secured:\n  {}: 1\nquality: 3\n",
    "below a name that is a record": "? {{secured: {}}}\n: 1\nquality: 3\n",
    "comment beside": "secured: # {}\n  x # {}\n# {}\nquality: 3\n",
    "comment": "title: A\n# secured: {}\nquality: 3\n",
    "comment over lines": "title: A\n# secured: |\n#   {}\n\n#   {}\nquality: 3\n",
    "text that holds a record": "title: '{{\"secured\": \"{}\"}}'\nquality: 3\n",
    "text over lines that holds a record": 'title: |\n  {{\n  "secured":\n  "{}"\n  }}\nquality: 3\n',
    "crlf": "title: A\r\nsecured: |\r\n  {}\r\nquality: 3\r\n",
    "odd line ends": "title: A\rsecured: |\r  one\u2028  {}\rquality: 3\r",
    "byte order mark": "\ufeffsecured: {}\nquality: 3\n",
    "broken before": 'title: "A\nsecured: {}\nquality: 3\n',
    "broken after": "secured:\n  a: {}\n b: [\nquality: 3\n",
    "broken, escaped name": '"s\\x65cured": {}\nb: [\n',
    "broken, name over lines": '"secu\\\nred": {}\nb: [\n',
    "broken, alias": "title: &a {}\nsecured: *a\nb: [\n",
    "tab": "secured:\n\t{}\nquality: 3\n",
    "two documents": "secured: {}\n--- {}\n",
    "a list as a whole": "- title: A\n- secured: {}\n- 3\n",
    "a text as a whole": "'secured: {}'\n",
    "too deep": f"secured: {'[' * 40}{{}}{']' * 40}\n",
    "too many aliases": "a: &a {}\nsecured: [" + "*a, " * 200 + "]\n",
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_a_secret_is_hidden_wherever_it_stands(name: str) -> None:
    source = PLACES[name].replace("{}", SECRET).replace("{{", "{").replace("}}", "}")
    assert SECRET in source
    shown = mask_yaml_secrets(source)
    assert SECRET not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("title: A\nsecured: x\nquality: 3\n", "title: A\nsecured: (hidden)\nquality: 3\n"),
        ("title: A\nsecured: |\n  x\n\n  y\nheat: 3\n", "title: A\nsecured: (hidden)\n(hidden)\n\n(hidden)\nheat: 3\n"),
        ("a: {n: 1, secured: x, m: 2}\nb: 2\n", "a: {n: 1, secured: (hidden)\nb: 2\n"),
        ("- secured:\n    a: b\n  next: x\n- z\n", "- secured: (hidden)\n(hidden)\n  next: x\n- z\n"),
        ("a: &x\n  s\nsecured: *x\nb: 1\n", "(hidden)\n(hidden)\nsecured: (hidden)\nb: 1\n"),
        ("a: 1\r\nsecured: x\r\nb: 2\r\n", "a: 1\r\nsecured: (hidden)\r\nb: 2\r\n"),
        ("a: 1\n# secured: x\nb: 2\n", "a: 1\n(hidden)\nb: 2\n"),
        ('a: 1\nb: "open\nsecured: x\nc: 2\n', 'a: 1\nb: "open\n(hidden)\n(hidden)\n'),
        ("title: We secured the grid\n# a note\n", "title: We secured the grid\n# a note\n"),
        ('title: "open\nquality: 3\n', 'title: "open\nquality: 3\n'),
        ("# nothing\n", "# nothing\n"),
        ("", ""),
    ],
)
def test_what_is_no_secret_stays_as_it_is(source: str, shown: str) -> None:
    assert mask_yaml_secrets(source) == shown


names = st.sampled_from(["title", "topics", "provider", "a b", "x-y", "images", "secure", "unsecured things"])
words = st.sampled_from(
    ["", "A", "two words", "3", "- x", "#y", "a: b", "multi\nline\n", "it's", 'say "no"', "é\u2028"]
)
held = st.recursive(
    st.just(SECRET) | st.just(f"before\n{SECRET}\nafter: x\n"),
    lambda inner: (
        st.lists(words | inner, min_size=1, max_size=3).filter(lambda found: SECRET in str(found))
        | st.dictionaries(names, words | inner, min_size=1, max_size=3).filter(lambda found: SECRET in str(found))
    ),
    max_leaves=4,
)
secrets = st.builds(lambda name, value: {name: value}, st.sampled_from(sorted(SECRETS)), held)
others = st.dictionaries(names, words | st.lists(words, max_size=2), max_size=3)


@st.composite
def records(draw: st.DrawFn, depth: int = 3) -> dict[str, Any]:
    """A record with a secret somewhere in it, its fields in any order."""
    inner: Any = draw(secrets) if depth == 0 or draw(st.booleans()) else draw(records(depth - 1))
    if SECRETS.isdisjoint(inner):
        inner = {draw(names): draw(st.sampled_from([inner, [inner], ["x", inner, "y"]]))}
    fields = list((draw(others) | inner).items())
    return dict(draw(st.permutations(fields)))


@st.composite
def sources(draw: st.DrawFn) -> str:
    """Such a record as text, in one of the ways to write it."""
    record = draw(records())
    if draw(st.booleans()):
        return json.dumps(record, indent=draw(st.sampled_from([None, 0, 2])), ensure_ascii=draw(st.booleans())) + "\n"
    text: str = yaml.safe_dump(
        record,
        default_style=draw(st.sampled_from([None, None, '"', "'", "|", ">"])),
        default_flow_style=draw(st.sampled_from([None, True, False])),
        sort_keys=False,
        allow_unicode=draw(st.booleans()),
        width=draw(st.sampled_from([10, 40, 1000])),
        indent=draw(st.sampled_from([2, 4])),
    )
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))


@given(source=sources())
@settings(max_examples=150)
def test_a_secret_never_appears(source: str) -> None:
    assume(SECRET in source)
    shown = mask_yaml_secrets(source)
    assert SECRET not in shown
    assert shown.count("\n") == source.count("\n")


@pytest.mark.slow
@given(source=sources(), at=st.integers(0, 400), sign=st.sampled_from(list("\"'{}[]:,#&*!|>%@-?x\\ \t")))
@example(source=f"a: 1\nsecured: {SECRET}\n", at=8, sign='"')
@settings(max_examples=250)
def test_a_secret_never_appears_when_a_sign_too_many_breaks_the_text(source: str, at: int, sign: str) -> None:
    places = [place for place in range(len(source) + 1) if not _inside_a_name(source, place)]
    place = places[at % len(places)]
    broken = source[:place] + sign + source[place:]
    assume(SECRET in broken and _is_still_a_secret(broken))
    assert SECRET not in mask_yaml_secrets(broken)


def _inside_a_name(source: str, place: int) -> bool:
    return any(
        source[place - back : place - back + len(name)] == name for name in SECRETS for back in range(len(name) + 1)
    )


def _is_still_a_secret(source: str) -> bool:
    """Whether the text is broken, or a secret field still holds the secret."""
    try:
        root = yaml_node(source)
    except UnreadableFileError:
        return True
    return root is None or not _in_the_open(root, SECRET)


def _in_the_open(node: yaml.Node, secret: str) -> bool:
    if isinstance(node, yaml.ScalarNode):
        return secret in node.value
    if isinstance(node, yaml.SequenceNode):
        return any(_in_the_open(each, secret) for each in node.value)
    pairs = [(key, value) for key, value in node.value if str(key.value) not in SECRETS]
    return any(_in_the_open(each, secret) for pair in pairs for each in pair)
