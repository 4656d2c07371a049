"""What front matter of any format is read into: dict, list, text as it was written, or None."""

MAX_DEPTH = 32
"""How deeply lists and records may be nested."""


class Plain(str):
    """A scalar written without quotation marks."""

    __slots__ = ()


class Tagged(str):
    """A value that carries a YAML tag of its own; the text is the tag."""

    __slots__ = ()


class RepeatedField(str):
    """A field that stands more than once with different values; the text is the field's name."""

    __slots__ = ()


SECRETS = frozenset({"secured", "featuredContent"})
"""Fields whose value is never read in, only whether it is there."""

HIDDEN = Tagged("(not read in)")
