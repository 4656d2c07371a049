"""What a story of the sample corpus tells, before it has a place and a date: outlet, topics, text and quality."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from analytics.corpus.sample_calendar import Moment
from analytics.corpus.sample_scores import draw_quality
from analytics.corpus.sample_text import PLACEHOLDERS, context, excerpt, headline, pick, reworded, words
from analytics.corpus.sample_words import SPECIAL_TITLES
from analytics.corpus.sample_world import OUTLETS, TOPIC_NAMED, TOPICS, Outlet

MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the stream of stories: its number, its moment, and the cumulative weights of that day."""

    number: int
    moment: Moment
    outlets: Sequence[float]
    topics: Sequence[float]

    @property
    def day(self) -> int:
        """The day of the period."""
        return self.moment.day


@dataclass(slots=True)
class RelatedStory:
    """A story in the `related` list of an article, as it was when the article was gathered."""

    title: str
    excerpt: str
    stamp: str
    url: str
    kind: str
    name: str
    domain: str
    quality: int | None


@dataclass(slots=True)
class Draft:
    """What a story tells; `original_url` is known only for a story that was told before."""

    outlet: Outlet
    topics: list[str]
    title: str
    excerpt: str
    quality: int
    original_url: str | None = None
    body: str = ""


@dataclass(slots=True)
class Story:
    """One article of the corpus, before it becomes text."""

    path: str
    draft: Draft
    name: str
    stamp: str
    category: str
    kind: str
    original_url: str
    web_url: str | None
    related: list[RelatedStory]
    quality: int | None = None
    heat: int | None = None
    published: bool | None = True
    umbrella: bool = True
    amp: bool = False
    fault: str | None = None


def draw_outlet(rng: Random, slot: Slot) -> Outlet:
    """An outlet by the weights of the day."""
    return OUTLETS[bisect_right(slot.outlets, rng.random() * slot.outlets[-1])]


def fresh_draft(rng: Random, slot: Slot) -> Draft:
    """A new story by the weights of the day; an outlet with a beat often returns to it."""
    outlet = draw_outlet(rng, slot)
    topic = TOPICS[bisect_right(slot.topics, rng.random() * slot.topics[-1])]
    if outlet.beat and rng.random() < 0.45:
        topic = TOPIC_NAMED[pick(rng, outlet.beat)]
    names = [topic.name] + [name for name, chance in topic.companions if rng.random() < chance]
    return draft_on(rng, names[:MOST_TOPICS], outlet, slot.day)


def draft_on(rng: Random, topics: list[str], outlet: Outlet, day: int) -> Draft:
    """A new story on given topics, the first of which it is about."""
    told = words(rng, topics[0])
    title = headline(rng, topics[0], told)
    text = excerpt(rng, topics, title, told)
    if rng.random() < 0.012:
        text, topics = pick(rng, PLACEHOLDERS), topics[:1]
    body = ""
    if rng.random() < 0.13:
        body = f"{text}\n\n{context(rng, told)}\n" if rng.random() < 0.4 else f"{text}\n"
    return Draft(outlet, topics, title, text, draw_quality(rng, outlet, TOPIC_NAMED[topics[0]].lift, day), body=body)


def special_draft(rng: Random, key: str, slot: Slot) -> Draft:
    """A story under one of the special titles."""
    outlet = draw_outlet(rng, slot)
    title, topic = SPECIAL_TITLES[key]
    text = excerpt(rng, (topic,), title, words(rng, topic))
    if key == "html_tag":
        text += " <img src=x onerror=alert(1)>"
    return Draft(outlet, [topic], title, text, draw_quality(rng, outlet, TOPIC_NAMED[topic].lift, slot.day))


def repeated_draft(rng: Random, first: Story) -> Draft:
    """The same story at the same address once more, sometimes announced as an update."""
    draft = first.draft
    title = draft.title
    if rng.random() < 0.5 and not title.startswith("Update: "):
        title = f"Update: {title}"
    return Draft(draft.outlet, list(draft.topics), title, draft.excerpt, draft.quality, first.original_url)


def retold_draft(rng: Random, first: Story, slot: Slot, *, reword: bool) -> Draft | None:
    """The same story from another outlet, word for word or with one word of its title changed; None if that fails."""
    draft, outlet = first.draft, draw_outlet(rng, slot)
    title = reworded(draft.title) if reword else draft.title
    if title is None or outlet is draft.outlet:
        return None
    quality = draw_quality(rng, outlet, TOPIC_NAMED[draft.topics[0]].lift, slot.day)
    return Draft(outlet, list(draft.topics), title, draft.excerpt, quality)
