"""Which keys of other sites' front matter stand for a field of the record where that field itself is missing.

Keys are compared without case, hyphens and underscores (`pubDate`, `pub_date`); a dot leads into a table: `extra.tags`.
The first key of a field that holds a fitting value counts, and before all others the field's own name, however written.
From Jekyll, Hugo, Eleventy, Astro, Zola, Pelican and their common themes.
"""

from functools import lru_cache

LONGEST_KEY = 64


def folded_key(key: str) -> str:
    """A key without case, hyphens and underscores, as keys are compared; one longer than LONGEST_KEY stays as it is."""
    return _without_case_and_joints(key) if len(key) <= LONGEST_KEY else key


@lru_cache(maxsize=4096)
def _without_case_and_joints(key: str) -> str:
    return key.replace("_", "").replace("-", "").casefold()


FIELD_MAP: dict[str, tuple[str, ...]] = {
    "title": ("headline",),
    "excerpt": (
        "description",
        "summary",
        "deck",
        "dek",
        "subtitle",
        "standfirst",
        "teaser",
        "lead",
        "lede",
        "abstract",
        "extra.description",
        "extra.summary",
        "params.description",
        "params.summary",
    ),
    "publishedDateTime": (
        "date",
        "pubDate",
        "pubDatetime",
        "publishDate",
        "publishedAt",
        "publishedDate",
        "publishedOn",
        "publicationDate",
        "datePublished",
        "published",
        "posted",
        "created",
        "createdAt",
        "creationDate",
        "extra.date",
        "params.date",
    ),
    "published": ("draft", "status"),
    "topics": (
        "tags",
        "taxonomies.tags",
        "extra.tags",
        "params.tags",
        "extra.topics",
        "categories",
        "taxonomies.categories",
        "extra.categories",
        "params.categories",
        "keywords",
        "extra.keywords",
    ),
    "originalUrl": (
        "source_url",
        "link",
        "externalUrl",
        "externalLink",
        "linkUrl",
        "articleUrl",
        "canonicalUrl",
        "canonical",
        "source",
        "source.url",
        "source.link",
        "url",
        "extra.source_url",
        "extra.link",
        "extra.externalUrl",
        "extra.canonicalUrl",
        "extra.source",
        "params.link",
        "params.externalUrl",
    ),
    "provider": (
        "source",
        "source_name",
        "publisher",
        "publication",
        "outlet",
        "siteName",
        "via",
        "extra.source",
        "extra.publisher",
    ),
    "images": (
        "image",
        "cover",
        "coverImage",
        "featuredImage",
        "featureImage",
        "heroImage",
        "ogImage",
        "banner",
        "thumbnail",
        "teaserImage",
        "extra.image",
        "extra.cover",
        "params.image",
        "params.cover",
    ),
}

AUTHORS = ("authors", "author", "taxonomies.authors", "extra.authors", "extra.author", "params.author", "byline")
"""Keys whose first name is the provider where neither a key of the provider nor an address tells one."""

DATED_PATHS = ("path", "permalink", "url")
"""Keys whose value may hold the date of publication as a path does: `2024/03/05/some-title`."""

FILE_NAME, FOLDER = "file name", "folder"
"""What stands in place of a key for a date that the file's name, or its folders, tell."""

RECORD_ALONE = frozenset(
    {
        "publishedDateTime",
        "originalUrl",
        "webUrl",
        "ampWebUrl",
        "cdnAmpWebUrl",
        "quality",
        "heat",
        "related",
        "secured",
        "featuredContent",
    }
)
"""Fields that only the record has: where there is one, a missing date is a fault, and no file name stands in for it."""

FIELD_NAMES = {
    "title": "title",
    "excerpt": "excerpt",
    "publishedDateTime": "published_at",
    "published": "published",
    "topics": "topics",
    "originalUrl": "url",
    "provider": "provider",
    "provider.domain": "domain",
    "images": "image",
}
"""Field of the record that other keys can stand for → what an article can have by it (`record_fields.PRESENCE`)."""

OWN_MAP_NAMES = FIELD_NAMES | {
    "type": "type",
    "category": "category",
    "quality": "quality",
    "heat": "heat",
    "webUrl": "web_url",
    "ampWebUrl": "amp_url",
    "cdnAmpWebUrl": "cdn_amp_url",
    "related": "related",
    "deleted": "deleted",
    "highlight": "highlight",
    "locale": "locale",
    "updatedDateTime": "updated_at",
}
"""Field of the record that keys of a site's own profile can stand for → what an article has by it: as in `FIELD_NAMES`,
or the column that it is read into."""
