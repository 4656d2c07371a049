"""The frames of a corpus, column by column."""

from analytics.schema import Column, Table

ARTICLES = Table(
    "articles",
    "one row per article file, sorted by path",
    (
        Column("path", "text", "file, from the corpus root, with forward slashes: the article's id"),
        Column("collection", "label", "folder without leading underscores: news, archive/news, learning/videos"),
        Column("category", "label", "category as recorded"),
        Column("type", "label", "article, video, collection, …"),
        Column("title", "text", "headline"),
        Column("excerpt", "text", "summary as recorded, untrusted text"),
        Column("published_at", "time", "time of publication"),
        Column("file_date", "day", "date in the file's name"),
        Column("quality", "whole", "quality score, 0 to about 190; missing stays missing", "points"),
        Column("heat", "whole", "heat score, 0 to about 190; -1 marks an unranked article", "points"),
        Column("heat_state", "label", "ranked, unranked (heat is -1) or missing"),
        Column("published", "flag", "whether the article was published; missing is a third state"),
        Column("provider", "label", "name of the outlet"),
        Column("domain", "label", "domain of the outlet"),
        Column("provider_publishers", "text", "publishers recorded with the provider, joined by '; '"),
        Column("provider_authors", "text", "authors recorded with the provider, joined by '; '"),
        Column("url", "text", "web address: web_url, else original_url"),
        Column("original_url", "text", "address the article was found at"),
        Column("web_url", "text", "address readers are sent to"),
        Column("amp_url", "text", "AMP address"),
        Column("cdn_amp_url", "text", "AMP address on a cache"),
        Column("image_url", "text", "first image"),
        Column("image_width", "whole", "width of the first image", "pixels"),
        Column("image_height", "whole", "height of the first image", "pixels"),
        Column("image_cached", "flag", "whether the site keeps a copy of the first image"),
        Column("topic_count", "whole", "topics of the article"),
        Column("image_count", "whole", "images of the article itself"),
        Column("related_count", "whole", "related stories"),
        Column("related_best_quality", "whole", "highest quality among the related stories", "points"),
        Column("deleted", "flag", "whether the record is marked as deleted"),
        Column("highlight", "flag", "whether the record is marked as a highlight"),
        Column("locale", "label", "language and region as recorded"),
        Column("updated_at", "time", "time of the last update as recorded"),
        Column("has_secured", "flag", "whether the record holds a secured text (the text itself is never read in)"),
        Column("has_featured_content", "flag", "whether the record holds embedded content (never read in)"),
        Column("body_chars", "whole", "length of the text below the front matter", "characters"),
    ),
)

TOPICS = Table(
    "topics",
    "one row per topic of an article, in the articles' order",
    (
        Column("path", "text", "article"),
        Column("position", "whole", "place in the article's list, from 0"),
        Column("topic", "label", "topic"),
    ),
)

IMAGES = Table(
    "images",
    "one row per image of an article, its provider or a related story, in the articles' order",
    (
        Column("path", "text", "article"),
        Column("owner", "label", "article, provider or related"),
        Column("owner_position", "whole", "for a related story: its place in the list, from 0"),
        Column("position", "whole", "place in the owner's list, from 0"),
        Column("url", "text", "address of the image"),
        Column("width", "whole", "width", "pixels"),
        Column("height", "whole", "height", "pixels"),
        Column("cached", "flag", "whether the site keeps a copy"),
        Column("title", "text", "title of the image"),
    ),
)

RELATED = Table(
    "related",
    "one row per related story of an article, in the articles' order",
    (
        Column("path", "text", "article"),
        Column("position", "whole", "place in the article's list, from 0"),
        Column("title", "text", "headline as copied into the record"),
        Column("excerpt", "text", "summary as copied"),
        Column("published_at", "time", "time of publication as copied"),
        Column("url", "text", "web address as copied"),
        Column("type", "label", "type as copied"),
        Column("provider", "label", "name of the outlet as copied"),
        Column("domain", "label", "domain of the outlet as copied"),
        Column("quality", "whole", "quality as copied: may be stale", "points"),
        Column("image_count", "whole", "images of the related story"),
        Column("target_path", "text", "the story's own article, when it is in the corpus"),
    ),
)

PROBLEMS = Table(
    "problems",
    "one row per thing found wrong or noted, sorted by path, line, field and code",
    (
        Column("path", "text", "file"),
        Column("line", "whole", "line in the file, from 1"),
        Column("field", "text", "field of the record, dotted for nested ones"),
        Column("severity", "label", "error (a value or an article is lost), warning (doubtful) or info (noted)"),
        Column("code", "label", "kind of problem"),
        Column("value", "text", "what was found, shortened"),
        Column("message", "text", "what it means"),
    ),
)

TOPIC_TREE = Table(
    "topic_tree",
    "one row per topic of the taxonomy (_data/topics)",
    (
        Column("path", "text", "taxonomy file"),
        Column("name", "text", "topic"),
        Column("shortname", "text", "short name"),
        Column("parent", "text", "name of the parent topic"),
        Column("description", "text", "what the topic is about"),
        Column("keywords", "text", "words that put an article under the topic, one a line"),
        Column("hashtags", "text", "hashtags, one a line"),
    ),
)

ORGANISATIONS = Table(
    "organisations",
    "one row per organisation of the taxonomy (_data/organizations)",
    (
        Column("path", "text", "taxonomy file"),
        Column("domain", "text", "domain"),
        Column("name", "text", "name of the outlet"),
    ),
)

UNKNOWN_FIELDS = Table(
    "unknown_fields",
    "one row per field name that the program does not read, most frequent first",
    (
        Column("field", "text", "field of the record, dotted for nested ones"),
        Column("n", "whole", "articles that have it", "articles"),
    ),
)
