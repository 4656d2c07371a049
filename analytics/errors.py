"""The one family of errors that a user may see; each message says what was found, where, and what to do."""


class AnalyticsError(Exception):
    """Anything the program refuses or cannot do, in words meant for the person at the keyboard."""


class CorpusError(AnalyticsError):
    """The corpus as a whole cannot be read (a single bad article is a row in `problems` instead)."""


class SelectionError(AnalyticsError):
    """A selection's text, link or options hold something that has no meaning."""


class ViewError(AnalyticsError):
    """A view or one of its options is not in the catalog."""


class ExportError(AnalyticsError):
    """A report or a file could not be written; what stood there before is untouched."""


class UserDataError(AnalyticsError):
    """What a user keeps (saved selections, notes) cannot be read or written; what stood there is untouched."""


class ReviewError(AnalyticsError):
    """The store of reviews cannot be opened, read or written, or refuses what makes no sense; nothing in it is lost."""


class SchemaError(AnalyticsError):
    """A table does not keep its contract: a programming error, caught before anything is shown."""
