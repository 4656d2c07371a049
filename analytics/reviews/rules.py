"""The verdicts and reasons that the next session has."""

from analytics.errors import KeptError, ReviewError
from analytics.kept.review_rules import review_rules
from analytics.reviews.models import REASONS, VERDICTS, Rules, Verdict


def rules() -> Rules:
    """What the team has written down (`kept.review_rules`), and the defaults of `models` for what it has not.

    Raises ReviewError when its file makes no sense.
    """
    try:
        found = review_rules()
    except KeptError as error:
        raise ReviewError(str(error)) from None
    verdicts, reasons = found.verdicts, found.reasons
    return Rules(
        VERDICTS if verdicts is None else tuple(Verdict(each.name, each.rank, each.agrees) for each in verdicts),
        REASONS if reasons is None else reasons,
    )
