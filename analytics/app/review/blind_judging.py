"""What the Review page says instead of what a reader must not know yet of articles of the random control sample."""

from collections.abc import Collection

from analytics.reviews.agenda_reasons import REASON_LABELS, quoted_story
from analytics.reviews.models import Candidate, Reason

UNSEEN_TEXT = "Part of the random control sample: judge it first; score and state are shown after your verdict."

LISTED_TEXT = "random control sample: judged before score and state are shown"
"""Why an article of the control sample is on an agenda that is not opened yet."""

NAMES_RELATED = "better-related"
"""The agenda reason that names a related story, by the headline that was copied."""


def reason_text(reason: Reason, unseen: Collection[Candidate], *, related_unseen: bool = False) -> str:
    """Why an article is on the agenda, in words that tell nothing of articles that are `unseen`.

    The explanation of a reason can name another article with its score and state; where that one is unseen, only the
    label of the reason is left. `related_unseen`: whether a related story of the article is unseen.
    """
    names_unseen = any(quoted_story(each.title, None) in reason.why for each in unseen)
    if names_unseen or (related_unseen and reason.name == NAMES_RELATED):
        return REASON_LABELS[reason.name]
    return reason.why or reason.name
