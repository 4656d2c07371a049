"""How the sample corpus is scored: quality, heat and the decision to publish."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from tests.sample_corpus.planted import Record, reserve
from tests.sample_corpus.words import (
    PLACEHOLDERS,
    SPECIAL_TITLES,
    context,
    excerpt,
    headline,
    pick,
    reworded,
    slug,
    unnamed,
    words,
)
from tests.sample_corpus.world import (
    ARCHIVED,
    CUTOFF,
    DATES,
    EVENT_TOPICS,
    OUTLETS,
    SITE,
    SITE_OUTLET,
    TOPIC_NAMED,
    TOPICS,
    UNDECIDED,
    UNRANKED_SPELL,
    UNSCORED,
    YOUNG,
    Moment,
    Outlet,
    drift,
    moments,
    outlet_weights,
    spread,
    topic_weights,
)

HIGHEST = 190
FAVOURED = (14, 37, 72, 87, 104, 119)
MIDDLE = 66
HOT = 12


def draw_quality(rng: Random, outlet: Outlet, lift: int, day: int) -> int:
    """A whole number from 0 to 190 that depends on outlet, topic and day, and often snaps to a favoured value."""
    noise = (rng.random() + rng.random() + rng.random() - 1.5) * 42
    tail = rng.random()
    if tail < 0.03:
        noise += 20 + 55 * rng.random()
    elif tail < 0.05:
        noise -= 20 + 30 * rng.random()
    score = min(abs(int(MIDDLE + outlet.offset + lift + drift(day) + noise)), HIGHEST)
    snap = rng.random()
    if snap < 0.17 and abs(score - outlet.usual) < 24:
        return outlet.usual
    if snap > 0.8:
        nearest = min(FAVOURED, key=lambda value: abs(value - score))
        if abs(nearest - score) < 12:
            return nearest
    return score


def draw_heat(rng: Random, quality: int, day: int, *, hot: bool) -> int:
    """-1 for an unranked article; otherwise quality, lifted more often when young, and far when hot."""
    if rng.random() < (0.26 if day in UNRANKED_SPELL else 0.05):
        return -1
    if hot and rng.random() < 0.5:
        return min(quality + HOT + int(29 * rng.random()), HIGHEST)
    roll = rng.random()
    lifted = 0.72 if day in YOUNG else 0.14
    if roll < lifted:
        return min(quality + 1 + int(8 * rng.random() * rng.random()), HIGHEST)
    if roll > 0.96:
        return max(quality - 1 - int(3 * rng.random()), 0)
    return quality


def draw_published(rng: Random, quality: int, day: int) -> bool | None:
    """True from the cut-off on, with a few exceptions near it and a few undecided (None)."""
    roll = rng.random()
    if day in UNDECIDED or roll < 0.008:
        return None
    if roll > 0.968 and abs(quality - CUTOFF) < 16 and day not in UNSCORED:
        return quality < CUTOFF
    return quality >= CUTOFF


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


RECENT = 8
RECENT_ON_TOPIC = 12
STALE_STEPS = (-14, -9, -5, 4, 6, 11, 17)
KINDS = ("article",) * 93 + ("video",) * 3 + ("collection",) * 2 + ("download", "profile")


class Stories:
    """All stories of a corpus of a given size, once; `record` knows what was planted in those drawn so far."""

    def __init__(self, articles: int, seed: int) -> None:
        self.record = Record()
        self._rng = Random(f"stories {seed}")
        self._counts = spread(self._rng, articles)
        starts = list(accumulate(self._counts, initial=0))
        unscored = range(starts[UNSCORED.start], starts[UNSCORED.stop])
        self._faults, self._specials = reserve(self._rng, articles, unscored)
        self._recent: deque[Story] = deque(maxlen=RECENT)
        self._on_topic = {topic.name: deque[Story](maxlen=RECENT_ON_TOPIC) for topic in TOPICS}
        self._taken: dict[str, dict[str, int]] = {}

    def __iter__(self) -> Iterator[Story]:
        number = 0
        for day, count in enumerate(self._counts):
            if not count:
                continue
            outlets, topics = outlet_weights(day), topic_weights(day)
            yesterday = DATES[max(day - 1, 0)]
            self._taken = {date: names for date, names in self._taken.items() if date >= yesterday}
            for moment in moments(self._rng, day, count):
                yield self._story(Slot(number, moment, outlets, topics))
                number += 1

    def _story(self, slot: Slot) -> Story:
        if slot.number in self._faults:
            story = self._filed_plainly(fresh_draft(self._rng, slot), slot)
            story.fault = self._faults[slot.number]
            self.record.note(story.fault, story.path)
            return story
        if slot.number in self._specials:
            key = self._specials[slot.number]
            story = self._filed_plainly(special_draft(self._rng, key, slot), slot)
            self.record.note(key, story.path)
            return story
        roll = self._rng.random()
        if roll < 0.008:
            return self._newsletter(slot.moment)
        story = self._told_again(roll, slot) or self._told_first(roll, slot)
        self._recent.append(story)
        if story.web_url:
            self._on_topic[story.draft.topics[0]].append(story)
        return story

    def _told_first(self, roll: float, slot: Slot) -> Story:
        draft = fresh_draft(self._rng, slot)
        misfiled = 0.01 < roll < 0.02
        if misfiled:
            others = unnamed(list(TOPIC_NAMED), f"{draft.title} {draft.excerpt} {draft.body}")
            draft.topics = [pick(self._rng, others)]
        story = self._filed(draft, slot)
        if misfiled:
            self.record.note_pair("misfiled", story.path, draft.topics[0])
        if self._rng.random() < 0.2:
            self._relate(story, slot)
        return story

    def _told_again(self, roll: float, slot: Slot) -> Story | None:
        """For some rolls a story that was told before, else None."""
        if roll < 0.957 or not self._recent:
            return None
        first = pick(self._rng, self._recent)
        if roll > 0.99:
            case = "repeated_urls"
            draft: Draft | None = repeated_draft(self._rng, first)
        else:
            case = "syndicated" if roll < 0.979 else "near_duplicates"
            draft = retold_draft(self._rng, first, slot, reword=case == "near_duplicates")
        if draft is None:
            return None
        story = self._filed(draft, slot)
        self.record.note_pair(case, first.path, story.path)
        return story

    def _filed(self, draft: Draft, slot: Slot) -> Story:
        """The draft as a story with its path, addresses, time and scores."""
        rng, day = self._rng, slot.day
        stamp, date = self._dated(slot.moment)
        folder, category, kind = "_news", "news", pick(rng, KINDS)
        if rng.random() < 0.022:
            folder, category, kind = "_learning/videos", "learning", "video"
        elif day in ARCHIVED and rng.random() < 0.6:
            folder = "_archive/_news"
        story = self._placed(draft, folder, date, slot.number)
        story.category, story.kind, story.stamp = category, kind, stamp
        story.web_url = self._web_url(story.original_url)
        story.name = draft.outlet.alias if draft.outlet.alias and rng.random() < 0.4 else draft.outlet.name
        story.umbrella, story.amp = rng.random() < 0.96, rng.random() < 0.08
        story.published = draw_published(rng, draft.quality, day)
        if day not in UNSCORED:
            story.quality = draft.quality
            story.heat = draw_heat(rng, draft.quality, day, hot=EVENT_TOPICS.get(day) in draft.topics)
        if date != DATES[day]:
            self.record.note("date_mismatches", story.path)
        self._note_scores(story)
        return story

    def _filed_plainly(self, draft: Draft, slot: Slot) -> Story:
        """The draft as a story without any other oddity."""
        story = self._placed(draft, "_news", DATES[slot.day], slot.number)
        story.stamp = slot.moment.stamp
        story.web_url = story.original_url
        if slot.day not in UNSCORED:
            story.quality = story.heat = draft.quality
        story.published = draft.quality >= CUTOFF
        return story

    def _placed(self, draft: Draft, folder: str, date: str, number: int) -> Story:
        name = self._free_name(date, slug(draft.title))
        url = draft.original_url or address(draft.outlet, date, name, number)
        return Story(f"{folder}/{date}-{name}.md", draft, draft.outlet.name, "", "news", "article", url, url, [])

    def _free_name(self, date: str, name: str) -> str:
        """The slug, numbered when the same date has it already."""
        names = self._taken.setdefault(date, {})
        while name in names:
            names[name] += 1
            name = f"{name}-{names[name]}"
        names[name] = 1
        return name

    def _dated(self, moment: Moment) -> tuple[str, str]:
        """The time as the file writes it, and the date in its name: now and then not the UTC date."""
        roll = self._rng.random()
        if roll < 0.03 and moment.stamp_in_summer_time:
            return moment.stamp_in_summer_time, moment.stamp_in_summer_time[:10]
        if roll > 0.988 and moment.day:
            return moment.stamp, DATES[moment.day - 1]
        return moment.stamp, DATES[moment.day]

    def _web_url(self, url: str) -> str | None:
        roll = self._rng.random()
        if roll < 0.04:
            return None
        return f"{url}?utm_source=feed&utm_medium=rss" if roll < 0.09 else url

    def _note_scores(self, story: Story) -> None:
        if story.published is None:
            self.record.note("undecided", story.path)
        if story.quality is None or story.heat is None:
            return
        if story.heat >= story.quality + HOT:
            self.record.note("hot", story.path)
        if story.published is not None and story.published != (story.quality >= CUTOFF):
            self.record.note("published_below" if story.published else "held_above", story.path)

    def _newsletter(self, moment: Moment) -> Story:
        date, topic = DATES[moment.day], pick(self._rng, TOPICS).name
        title = f"The week in clean energy, {date}"
        text = f"What moved {topic.lower()} this week, and what our readers opened."
        body = f"<h1>{title}</h1>\n<p>{text}</p>\n"
        name = self._free_name(date, "the-week-in-clean-energy")
        url = f"https://{SITE}/newsletters/{date}/{name}"
        draft = Draft(SITE_OUTLET, [topic], title, text, 0, url, body)
        path = f"_newsletters/{date}-{name}.html"
        return Story(path, draft, SITE_OUTLET.name, moment.stamp, "newsletter", "collection", url, url, [])

    def _relate(self, story: Story, slot: Slot) -> None:
        """Gives the story one to four related ones, in the corpus or outside of it."""
        rng = self._rng
        known = list(self._on_topic[story.draft.topics[0]])
        for _ in range(1 + int(rng.random() * rng.random() * 4)):
            if known and rng.random() < 0.6:
                story.related.append(self._copied(story, known.pop(int(rng.random() * len(known)))))
                continue
            draft = draft_on(rng, story.draft.topics[:1], pick(rng, OUTLETS), slot.day)
            url = f"https://{draft.outlet.domain}/elsewhere/{slug(draft.title)}-{slot.number}"
            story.related.append(_related(draft, story.stamp, url, "article", draft.outlet.name, draft.quality))

    def _copied(self, story: Story, target: Story) -> RelatedStory:
        """A related story out of the corpus; now and then its quality has changed since it was copied."""
        quality = target.quality
        if quality is not None and self._rng.random() < 0.25:
            quality = abs(quality + pick(self._rng, STALE_STEPS))
            if quality != target.quality:
                self.record.note_pair("stale_related", story.path, target.path)
        url = target.web_url or target.original_url
        return _related(target.draft, target.stamp, url, target.kind, target.name, quality)


def _related(draft: Draft, stamp: str, url: str, kind: str, name: str, quality: int | None) -> RelatedStory:
    return RelatedStory(draft.title, draft.excerpt, stamp, url, kind, name, draft.outlet.domain, quality)


def address(outlet: Outlet, date: str, name: str, number: int) -> str:
    """The URL of a story, in the manner of its outlet."""
    if outlet.links == "dated":
        return f"https://{outlet.domain}/{date.replace('-', '/')}/{name}"
    if outlet.links == "numbered":
        return f"https://{outlet.domain}/story/{100_000 + 7 * number}/{name}"
    return f"https://{outlet.domain}/{name}-{number}"
