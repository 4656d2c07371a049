"""Every kind of problem the program reports, with its severity and meaning.

The catalogue is plain data without heavy imports, because worker processes read it.
"""

from typing import Literal, NamedTuple, get_args

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The severities of a problem, the gravest first."""


class Code(NamedTuple):
    """A kind of problem: how bad it is, and what it means in one sentence."""

    severity: Severity
    meaning: str


CODES: dict[str, Code] = {
    # the file as a whole: it is not among the articles
    "unreadable": Code("error", "The file could not be read from the disk."),
    "ends_the_reader": Code(
        "error",
        "The process that reads files was ended at this file each time, as for want of memory: it is left out until it "
        "changes.",
    ),
    "too_large": Code("error", "The file is larger than the program reads."),
    "not_utf8": Code("error", "The file is not UTF-8 text."),
    "nul_byte": Code("error", "The file holds NUL bytes: it is not text."),
    "empty_file": Code("warning", "The file is empty."),
    "unterminated": Code("error", "The front matter starts with --- but has no closing --- line."),
    "no_front_matter": Code(
        "error", "The file has a date in its name, as articles have, and no front matter: it is no article."
    ),
    "no_articles": Code(
        "error", "There is no article: none of the files, of which this is the first, has front matter that is read."
    ),
    "late_front_matter": Code(
        "error", "The front matter begins after other text, and only one at the start counts: move it up."
    ),
    "front_matter_not_seen": Code(
        "error",
        "The text has a title and a date written as in front matter, and does not begin with it: it is no article.",
    ),
    "other_front_matter": Code(
        "error", "The front matter is of a kind that is not read: YAML, TOML, JSON and `Key: value` lines are."
    ),
    "large_file_pointer": Code(
        "error", "The file is a pointer of Git LFS, its text is elsewhere: fetch it with git lfs pull."
    ),
    "profile_entry": Code(
        "error", "The entry of the corpus's profile is wrong: the corpus is read without it until it is mended."
    ),
    "profile_unused": Code(
        "warning", "The entry of the corpus's profile names what no article has: it does nothing, and may be misspelt."
    ),
    "submodule_left_out": Code(
        "warning", "It is a submodule of the repository, whose files a revision does not hold: they are not read."
    ),
    "front_matter_too_large": Code("error", "The front matter is larger than the program reads."),
    "bad_yaml": Code("error", "The front matter is not valid YAML."),
    "bad_toml": Code("error", "The front matter is not valid TOML."),
    "bad_json": Code("error", "The front matter is not valid JSON."),
    "not_a_mapping": Code("error", "The front matter is not a list of fields."),
    "too_deep": Code("error", "The front matter is nested deeper than the program reads."),
    "too_many_aliases": Code("error", "The front matter uses more YAML aliases than the program follows."),
    "link_left_out": Code("warning", "It is a link, which is never followed: what it leads to is not read here."),
    "unsafe_name": Code("error", "The name in the archive is absolute, leads out of it or has a backslash: not read."),
    "repeated_member": Code("error", "The zip holds the file more than once: none of its copies is read."),
    "encrypted_member": Code("error", "The file is encrypted in the archive: unpack it and name the folder."),
    "special_member": Code("error", "By this name there is a device, a pipe, a socket or a sparse file: not read."),
    "damaged_member": Code("error", "The file is damaged in the archive, or packed in a way that the program lacks."),
    # one field: its value is missing, the article is there
    "too_many_findings": Code("error", "The file has more faults than the program lists: the rest is left out."),
    "missing_title": Code("warning", "The article has no title."),
    "missing_date": Code("warning", "The article has no publishedDateTime: it appears in no chart over time."),
    "duplicate_key": Code("error", "The field stands more than once with different values: it is left empty."),
    "tagged": Code("error", "The value carries a YAML tag, which is never followed: it is left empty."),
    "not_text": Code("error", "The field should be text: it is left empty."),
    "not_whole": Code("error", "The field should be a whole number: it is left empty, never 0."),
    "out_of_range": Code("error", "The number is outside the range of its field: it is left empty."),
    "not_boolean": Code("error", "The field should be true or false: it is left empty."),
    "implausible_date": Code(
        "error", "The time lies before 1900 or after 2099, and is no doubt mistyped: it is left empty."
    ),
    "date_in_future": Code(
        "error",
        "The day is later than tomorrow, seen from the day that counts as today, and is no doubt mistyped: it is left "
        "empty.",
    ),
    "not_a_time": Code("error", "The field should be an ISO 8601 time: it is left empty."),
    "not_a_list": Code("error", "The field should be a list: it is left empty."),
    "not_a_record": Code("error", "The entry should have named fields: it is left out."),
    "too_many_entries": Code("error", "The list has more entries than the program reads: the rest is left out."),
    # read, but noted
    "long_body": Code(
        "info", "The text below the front matter is long: links after its first 200,000 characters are not read."
    ),
    "long_link": Code(
        "info", "An address below the front matter has more than 2,000 characters: its link is not read."
    ),
    "too_many_links": Code(
        "info", "The text below the front matter has more links than are read: the rest is left out."
    ),
    "number_as_text": Code("info", "The number is written as text in quotation marks: it is read."),
    "boolean_as_text": Code("info", "The value is written as text in quotation marks: it is read."),
    "boolean_word": Code("info", "The value is written yes, no, on or off: it is read as true or false."),
    "naive_time": Code("info", "The time has no zone: it is taken as UTC."),
    "clock_change": Code(
        "info",
        "The clocks of the profile's zone were changed at this time, which is there twice or never: it is taken by the "
        "clock before the change. Write the offset.",
    ),
    "date_only": Code("info", "The time is only a date: it is taken as midnight UTC, and has no hour of the day."),
    "topic_as_text": Code("info", "The topics are one text instead of a list: it is taken as one topic."),
    "reserved_label": Code(
        "info", "The label is one that the program uses itself: it is shown in quotation marks, apart from that one."
    ),
    "odd_characters": Code(
        "info", "The text holds control characters or line separators, which cannot be shown: it is read without them."
    ),
    "label_form": Code(
        "info",
        "The label holds blanks or signs that nobody sees, or accents in parts: it is counted under its usual form.",
    ),
    "repeated_topic": Code("info", "The topic stands twice in the article's list: it is counted once."),
    "provider_as_text": Code("info", "The provider is one text instead of a record: it is taken as the name."),
    "byte_order_mark": Code(
        "info", "The file begins with a byte order mark or a blank without width: it is passed over."
    ),
    "odd_opening": Code(
        "info",
        "The front matter begins after blank lines, or with more than --- in its first line: it is read here, and "
        "perhaps nowhere else.",
    ),
    "old_line_ends": Code(
        "info", "The lines end otherwise than with LF, as with a CR alone on old Macintoshes: they are read."
    ),
    "merge_key": Code("error", "A merge key (<<) takes fields from elsewhere and is not followed: they are missing."),
    # between articles
    "duplicate_original_url": Code(
        "warning", "Other articles have the same originalUrl: keep one, or mend its address."
    ),
    "duplicate_web_url": Code("warning", "Other articles have the same webUrl: keep one, or mend its address."),
    "duplicate_title": Code("info", "Other articles have the same title: see whether one story was filed twice."),
    "name_date_differs": Code(
        "warning",
        "The date in the file name is not the UTC day of publishedDateTime, which counts: mend the wrong one.",
    ),
    "unknown_topic": Code(
        "warning", "The taxonomy lacks this topic: add it, or mend its articles, of which this is the first."
    ),
    "unknown_provider": Code(
        "info", "The taxonomy lacks this outlet of several articles, of which this is the first: add the outlet."
    ),
    "domain_under_several_names": Code(
        "warning",
        "The outlet goes by another name on as many of its articles, or more, and is counted as two: choose one name.",
    ),
    "label_in_several_ways": Code(
        "warning", "The label is written in another way on as many or more articles and is counted as two: choose one."
    ),
    "published_against_score": Code(
        "warning", "The decision to publish goes against the cut-off that the corpus keeps elsewhere: check both."
    ),
    "stale_related": Code("info", "The copy of the related story is not what its own article says now: copy it again."),
    "dangling_related": Code("warning", "The related story has no address to link to: add its webUrl or take it out."),
    "placeholder_excerpt": Code("warning", "The excerpt is a stand-in or repeats the title: write one."),
    "entity_in_excerpt": Code(
        "info", "The text holds HTML entities, which readers may see as they stand: write the characters themselves."
    ),
}
