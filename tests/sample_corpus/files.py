"""How a story of the sample corpus looks as a file, faults included; and the taxonomy around the articles."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from random import Random

from tests.sample_corpus.stories import RelatedStory, Story
from tests.sample_corpus.words import pick
from tests.sample_corpus.world import OUTLETS, SITE, SITE_OUTLET, TOPICS, UMBRELLA, UMBRELLA_KEYWORDS, Outlet

LOGOS = f"https://{SITE}/assets/images/organizations"
SIZES = ((1200, 630), (1200, 675), (1024, 512), (1600, 900), (800, 450), (640, 360))
UNKNOWN_FIELDS = (
    "tags: [energy, editors-pick]",
    "locale: en-gb",
    "highlight: true",
    "updatedDateTime: 2026-03-02T09:00:00Z",
)

README = f"""The Load Curve, a sample site
=============================

Invented articles by invented outlets about {UMBRELLA.lower()}: something to look at before you open a corpus
of your own. Every name, number and address in here is made up. `article-analytics sample` writes it again.
"""


def article_bytes(rng: Random, story: Story) -> bytes:
    """The whole file of a story: front matter between two lines of three hyphens, then its body."""
    parts = [_head(story), _provider(rng, story), _topics(story), _images(rng, story), _related(rng, story.related)]
    if story.kind == "video":
        parts.append(_player(story))
    if rng.random() < 0.03:
        parts.append(f"{pick(rng, UNKNOWN_FIELDS)}\n")
    if rng.random() < 0.95:
        parts.append(f'secured: "{_opaque(rng, 240)};{_opaque(rng, 16)}"\n')
    text = "---\n" + "\n".join(part for part in parts if part) + f"---\n\n{story.draft.body}"
    return BREAKS[story.fault](text) if story.fault else text.encode()


def quoted(text: str) -> str:
    """The text as a double-quoted YAML scalar."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _opaque(rng: Random, size: int) -> str:
    return b64encode(rng.randbytes(size)).decode()


def _head(story: Story) -> str:
    lines = [
        f"category: {story.category}",
        f"title: {quoted(story.draft.title)}",
        f"excerpt: {quoted(story.draft.excerpt)}",
        f"publishedDateTime: {story.stamp}",
        f'originalUrl: "{story.original_url}"',
    ]
    if story.web_url:
        lines.append(f'webUrl: "{story.web_url}"')
    if story.amp:
        host = story.draft.outlet.domain.replace(".", "-")
        lines.append(f'ampWebUrl: "{story.original_url}/amp"')
        lines.append(f'cdnAmpWebUrl: "https://{host}.cdn.example/c/s/{story.original_url[8:]}/amp"')
    lines.append(f"type: {story.kind}")
    if story.quality is not None:
        lines.append(f"quality: {story.quality}")
    if story.heat is not None:
        lines.append(f"heat: {story.heat}")
    if story.published is not None:
        lines.append(f"published: {'true' if story.published else 'false'}")
    return "\n".join(lines) + "\n"


def _provider(rng: Random, story: Story) -> str:
    text = f"provider:\n  name: {story.name}\n  domain: {story.draft.outlet.domain}\n"
    if rng.random() < 0.85:
        logo = f"{LOGOS}/{story.draft.outlet.domain}-50x50.jpg"
        text += f'  images:\n    - url: "{logo}"\n      width: 50\n      height: 50\n'
    return text


def _topics(story: Story) -> str:
    names = [*story.draft.topics, UMBRELLA] if story.umbrella else story.draft.topics
    return "topics:\n" + "".join(f"  - {name}\n" for name in names)


def _images(rng: Random, story: Story) -> str:
    roll = rng.random()
    if roll < 0.07:
        return ""
    return "images:\n" + "".join(_image(rng, story.draft.outlet.domain, "  ") for _ in range(2 if roll > 0.95 else 1))


def _image(rng: Random, domain: str, indent: str) -> str:
    width, height = pick(rng, SIZES)
    name = f"{rng.getrandbits(32):08x}"
    lines = [f'- url: "https://images.{domain}/{name}.jpg"', f"  width: {width}", f"  height: {height}"]
    lines.append(f"  isCached: {'true' if rng.random() < 0.9 else 'false'}")
    if rng.random() < 0.1:
        lines.append('  title: "Archive photo"')
    return "".join(f"{indent}{line}\n" for line in lines)


def _related(rng: Random, related: list[RelatedStory]) -> str:
    if not related:
        return ""
    return "related:\n" + "".join(_related_entry(rng, story) for story in related)


def _related_entry(rng: Random, story: RelatedStory) -> str:
    lines = [
        f"  - title: {quoted(story.title)}",
        f"    excerpt: {quoted(story.excerpt)}",
        f"    publishedDateTime: {story.stamp}",
        f'    webUrl: "{story.url}"',
        f"    type: {story.kind}",
        "    provider:",
        f"      name: {story.name}",
        f"      domain: {story.domain}",
    ]
    if story.quality is not None:
        lines.append(f"    quality: {story.quality}")
    text = "\n".join(lines) + "\n"
    if rng.random() < 0.4:
        text += "    images:\n" + _image(rng, story.domain, "      ")
    return text


def _player(story: Story) -> str:
    source = f"https://player.{story.draft.outlet.domain}/embed/{story.path[-24:-3]}"
    frame = f'<iframe width="560" height="315" src="{source}" allowfullscreen></iframe>'
    return f"featuredContent: {quoted(frame)}\n"


def _field(name: str, line: str) -> Callable[[str], bytes]:
    """A fault that puts another line in the place of a top-level field; an empty line removes it."""
    pattern = re.compile(rf"^{name}:.*\n(?:[ -].*\n)*", re.MULTILINE)
    return lambda text: pattern.sub(lambda _: line, text, count=1).encode()


def _quote_quality(text: str) -> bytes:
    return re.sub(r"^quality: (\d+)$", r'quality: "\1"', text, count=1, flags=re.MULTILINE).encode()


def _repeat_quality(text: str) -> bytes:
    return re.sub(r"^(quality: )(\d+)\n", r"\g<0>\g<1>104\n", text, count=1, flags=re.MULTILINE).encode()


def _make_time_naive(text: str) -> bytes:
    return re.sub(r"^(publishedDateTime: .*)Z$", r"\1", text, count=1, flags=re.MULTILINE).encode()


BREAKS: dict[str, Callable[[str], bytes]] = {
    "quality_text": _field("quality", "quality: high\n"),
    "quality_quoted": _quote_quality,
    "title_missing": _field("title", ""),
    "time_missing": _field("publishedDateTime", ""),
    "time_unparsable": _field("publishedDateTime", "publishedDateTime: yesterday\n"),
    "time_naive": _make_time_naive,
    "unterminated": lambda text: text[: text.rindex("---\n")].encode(),
    "yaml_broken": lambda text: text.replace('"\nexcerpt:', "\nexcerpt:", 1).encode(),
    "yaml_tab": lambda text: text.replace("provider:\n  name:", "provider:\n\tname:", 1).encode(),
    "duplicate_key": _repeat_quality,
    "topics_text": _field("topics", "topics: Storage\n"),
    "not_utf8": lambda text: text.encode().replace(b'title: "', b'title: "Caf\xe9 talk: ', 1),
    "empty_file": lambda _: b"",
    "published_text": _field("published", "published: maybe\n"),
    "provider_text": _field("provider", "provider: The Grid Ledger\n\n"),
}


def surrounding_files() -> Iterator[tuple[str, bytes]]:
    """The files that are no articles: the taxonomy of topics, the organisations, and a text without front matter."""
    yield "README.md", README.encode()
    keywords = "".join(f"  - {keyword}\n" for keyword in UMBRELLA_KEYWORDS)
    yield _topic_file(0, UMBRELLA, None, "All that moves energy away from fossil fuels.", keywords)
    for number, topic in enumerate(TOPICS, start=1):
        keywords = "".join(f"  - {keyword}\n" for keyword in topic.keywords)
        yield _topic_file(number, topic.name, topic.parent, topic.description, keywords)
    for outlet in (SITE_OUTLET, *OUTLETS):
        if outlet.listed:
            yield _organization_file(outlet)


def _topic_file(number: int, name: str, parent: str | None, description: str, keywords: str) -> tuple[str, bytes]:
    key = name.lower().replace(" ", "-")
    text = f"taxonomy: topic\n_id: {key}\nname: {name}\nshortname: {name}\n"
    if parent:
        text += f"parent: {parent}\n"
    text += f"description: {quoted(description)}\nkeywords:\n{keywords}hashtags:\n"
    text += f'  - "#{name.replace(" ", "")}"\n'
    text += f"services:\n  news: https://{SITE}/api/news/{key}/\n"
    return f"_data/topics/{number:02}-{key}.yaml", text.encode()


def _organization_file(outlet: Outlet) -> tuple[str, bytes]:
    text = f"---\ntaxonomy: organization\n_id: {outlet.domain}\nname: {outlet.name}\ndomain: {outlet.domain}\nimages:\n"
    for size in (50, 400):
        text += f"  - url: /assets/images/organizations/{outlet.domain}-{size}x{size}.jpg\n"
        text += f"    width: {size}\n    height: {size}\n"
    return f"_data/organizations/{outlet.domain}.md", f"{text}---\n".encode()


Edits = Mapping[str, str]
"""Field → its earlier value; `outlet` is the domain of another outlet that carried the story, `url` an address."""

DRAFT_TITLE, DRAFT_EXCERPT = "Untitled draft", "Placeholder."

_DOMAIN = re.compile(r"^  name: .*\n  domain: (.*)$", re.MULTILINE)


def edited(data: bytes, edits: Edits) -> bytes:
    """The file with earlier values; a field that it lacks stays absent."""
    text = data.decode()
    for field, value in sorted(edits.items(), key=lambda pair: pair[0] != "outlet"):
        text = _EDITS[field](text, value)
    return text.encode()


def another_secret(rng: Random) -> str:
    """A secured text of the usual length."""
    return f"{b64encode(rng.randbytes(180)).decode()};{b64encode(rng.randbytes(12)).decode()}"


def domain(data: bytes) -> str:
    """The domain of the outlet in a file."""
    found = _DOMAIN.search(data.decode())
    return found[1] if found else ""


def _plain(field: str) -> Callable[[str, str], str]:
    pattern = re.compile(rf"^({field}: ).*$", re.MULTILINE)
    return lambda text, value: pattern.sub(lambda found: found[1] + value, text, count=1)


def _quoted(field: str) -> Callable[[str, str], str]:
    put = _plain(field)
    return lambda text, value: put(text, f'"{value}"')


def _edited_topics(text: str, value: str) -> str:
    return re.sub(r"^topics:\n(?:  - .*\n)+", f"topics:\n  - {value}\n", text, count=1, flags=re.MULTILINE)


def _outlet(text: str, value: str) -> str:
    other = next(outlet for outlet in OUTLETS if outlet.domain == value)
    text = text.replace(domain(text.encode()), value)
    return re.sub(r"^(  name: ).*$", lambda found: found[1] + other.name, text, count=1, flags=re.MULTILINE)


def _url(text: str, value: str) -> str:
    return re.sub(r'^(originalUrl|webUrl): ".*"$', lambda found: f'{found[1]}: "{value}"', text, flags=re.MULTILINE)


_EDITS: dict[str, Callable[[str, str], str]] = {
    "outlet": _outlet,
    "url": _url,
    "heat": _plain("heat"),
    "quality": _plain("quality"),
    "published": _plain("published"),
    "title": _quoted("title"),
    "excerpt": _quoted("excerpt"),
    "secured": _quoted("secured"),
    "topics": _edited_topics,
}
