"""What a profile names and the corpus does not have, as rows of `problems`."""

import pandas as pd

from analytics.corpus.field_map import folded_key
from analytics.corpus.parsing.field_readers import Problem
from analytics.corpus.parsing.files_to_tables import problem_row
from analytics.corpus.site_profile import NamedByProfile, Profile
from analytics.name_suggestions import did_you_mean
from analytics.text_normalisation import spelling_key

SUGGESTIONS, MOST_LABELS = 20, 2_000
"""So many entries get a suggestion, out of so many labels: to compare more would take long."""

_FORMS = {"key": folded_key, "collection": spelling_key}
"""Kind of entry → the form in which its names are compared, where that is not as they are written."""


def unused_entries(
    profile: Profile, articles: pd.DataFrame, topics: pd.DataFrame, field_sources: pd.DataFrame
) -> list[dict[str, object]]:
    """A row for each entry of a profile that names a collection, topic, provider or key which no article has."""
    known = {
        "collection": _labels(articles["collection"]),
        "topic": _labels(topics["topic"]),
        "provider": _labels(articles["provider"]),
        "key": _labels(field_sources["key"]),
    }
    there = {kind: frozenset(map(_FORMS.get(kind, str), labels)) for kind, labels in known.items()}
    unused = [entry for entry in profile.entries if _name(entry) not in there[entry.kind]]
    rows = []
    for number, entry in enumerate(unused):
        labels = known[entry.kind][:MOST_LABELS] if entry.kind != "key" and number < SUGGESTIONS else []
        value = f"no article has the {entry.kind} {entry.name!r}.{did_you_mean(entry.name, labels)}"
        if entry.kind == "key":
            value = f"no article needs the key {entry.name!r}: it is in none, or the field has a value already."
        rows.append(problem_row(profile.name, Problem(entry.field, "profile_unused", value), entry.line))
    return rows


def _labels(values: pd.Series) -> list[str]:
    """The different labels, most frequent first."""
    counts = values.value_counts()
    return [str(label) for label in counts.index[counts > 0]]


def _name(entry: NamedByProfile) -> str:
    return _FORMS.get(entry.kind, str)(entry.name)
