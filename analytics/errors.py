"""The errors that a user may see. Each message says what was found, where, and what to do."""


class AnalyticsError(Exception):
    """Base of all errors with a message for the user."""


class CorpusError(AnalyticsError):
    """The corpus as a whole cannot be read (a single bad article is a row in `problems` instead)."""


class SelectionError(AnalyticsError):
    """The text, link or options of a selection are not valid, or do not fit the corpus."""


class ViewError(AnalyticsError):
    """A view or one of its options is not in the catalog, or lacks the side data that it requires."""


class ExportError(AnalyticsError):
    """A report or a file could not be written; the file that was there before is unchanged."""


class ChartError(ExportError):
    """One chart cannot be drawn; its numbers are in its table."""


class UserDataError(AnalyticsError):
    """Saved selections, notes, recipes or rules cannot be read or written; their file is unchanged."""


class ReviewError(AnalyticsError):
    """The store of reviews cannot be opened, read or written, or refuses invalid input; nothing in it is lost."""


class SchemaError(AnalyticsError):
    """A table breaks its contract: a programming error, found before anything is shown."""
