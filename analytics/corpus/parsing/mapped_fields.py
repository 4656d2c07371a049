"""Front matter of another kind of site → the fields of the record that its keys stand for (`field_map`)."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from analytics.corpus.field_map import (
    AUTHORS,
    DATED_PATHS,
    FIELD_MAP,
    FILE_NAME,
    FOLDER,
    OWN_MAP_NAMES,
    RECORD_ALONE,
    folded_key,
)
from analytics.corpus.limits import EARLIEST, LATEST
from analytics.corpus.parsing.field_readers import has_form_of_time
from analytics.corpus.parsing.front_matter_value_types import Plain, RepeatedField, Tagged
from analytics.corpus.site_profile import Groups
from analytics.corpus.sources.base import article_folder_and_name

Fields = dict[str, Any]
Key = tuple[str, ...]
"""A key of the map, folded; of several parts where it leads into tables."""


class Mapped(NamedTuple):
    """The `fields` of the record, and `keys`: field → the other key that it was read from, as the file writes it."""

    fields: Fields
    keys: dict[str, str]


def with_missing_fields_filled(
    fields: Fields, path: str, *, unknown_keys: Iterable[str], own_map: Groups = ()
) -> Mapped:
    """Front matter with the missing fields of the record filled in from other keys.

    `unknown_keys` are the keys of the file that the record does not have. A field that is there stays as it is. For one
    that is missing, the keys of the site's `own_map` map come first; where no value fits, that of the first of these
    stands as it is written, unless it is another field of the record. For a date, the file's name and folders come
    last.
    """
    dateless = fields.get("publishedDateTime") is None
    known = _keys_with(own_map)
    foreign = any(folded_key(name) in known.first for name in (fields if own_map else unknown_keys))
    if not (foreign or (dateless and fields.keys().isdisjoint(RECORD_ALONE)) or _are_addresses(fields.get("images"))):
        return Mapped(fields, {})
    found, keys = dict(fields), dict[str, str]()
    names = {folded_key(name): name for name in reversed(fields)}
    if dateless and _is_date(fields.get("published")):
        found["published"] = None
    for field, (all_keys, own_keys) in known.fields.items():
        if found.get(field) is None or (field == "images" and _are_addresses(fields[field])):
            fit = _FITS.get(field, _as_written)
            for key, folded, value in _values(fields, names, all_keys):
                if (fitting := fit(value, folded)) is not None:
                    found[field], keys[field] = fitting, key
                    break
            else:
                for key, folded, value in _values(fields, names, own_keys):
                    if folded not in _RECORD_KEYS:
                        found[field], keys[field] = value, key
                        break
    if fields.get("provider") is None:
        _add_provider(fields, names, known.provider, found, keys)
    if found.get("publishedDateTime") is None and fields.keys().isdisjoint(RECORD_ALONE):
        _add_date_of_path(fields, names, path, found, keys)
    return Mapped(found, keys)


def _folded_keys(keys: Iterable[str]) -> tuple[Key, ...]:
    return tuple(tuple(map(folded_key, key.split("."))) for key in keys)


_AUTHORS, _DATED_PATHS = _folded_keys(AUTHORS), _folded_keys(DATED_PATHS)
_RECORD_KEYS = frozenset(_folded_keys(OWN_MAP_NAMES))
_NAMED_ALIKE = tuple(
    name for name in OWN_MAP_NAMES if name not in FIELD_MAP and name not in ("provider.domain", "related")
)
"""Fields for which no other key stands than their own name, however it is written: `Category`."""

_PROVIDER = ("provider", "provider.domain")
"""Fields that are no values of their own but parts of one record (`_add_provider`)."""

KeysOf = dict[str, tuple[tuple[Key, ...], tuple[Key, ...]]]
"""Field of the record → all keys that stand for it, first its own name, and of these those of the site's own map."""


class _Keys(NamedTuple):
    """The keys of the values that are read one by one, those of the provider, and the first part of every key."""

    fields: KeysOf
    provider: KeysOf
    first: frozenset[str]


@lru_cache(maxsize=8)
def _keys_with(own: Groups) -> _Keys:
    """The keys of the map with those of a site's own before them."""
    own_keys = dict(own)
    keys: KeysOf = {}
    for name in dict.fromkeys((*FIELD_MAP, *_NAMED_ALIKE, *own_keys)):
        added = own_keys.get(name, ())
        keys[name] = _folded_keys((name, *added, *FIELD_MAP.get(name, ()))), _folded_keys(added)
    first = frozenset(key[0] for found, _ in keys.values() for key in found) | {key[0] for key in _AUTHORS}
    parts = {name: keys.pop(name, ((), ())) for name in _PROVIDER}
    return _Keys(keys, parts, first)


def _values(fields: Fields, names: dict[str, str], keys: Iterable[Key]) -> Iterator[tuple[str, Key, Any]]:
    """The values that are there under some keys, each with its key as written and as folded."""
    for first, *rest in keys:
        if first not in names:
            continue
        written, value = names[first], fields[names[first]]
        for part in rest:
            inner = {folded_key(name): name for name in reversed(value)} if isinstance(value, dict) else {}
            if part not in inner:
                break
            written, value = f"{written}.{inner[part]}", value[inner[part]]
        else:
            if value is not None and not (isinstance(value, str) and not value.strip()):
                yield written, (first, *rest), value


_ZONES = {"UTC": "Z", "GMT": "Z", "EST": "-05", "EDT": "-04", "CST": "-06", "CDT": "-05"} | {
    "MST": "-07",
    "MDT": "-06",
    "PST": "-08",
    "PDT": "-07",
}
"""The names of zones that RFC 822 knows."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"""(?:[a-z]{3,9},?\s+)?                                                              # Friday,
    (?: (?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})                      # 2024-3-5, 2024/03/05
      | (?P<day2>\d{1,2})(?:st|nd|rd|th)?[\s-](?P<name>NAME)\.?,?[\s-](?P<year2>\d{4})   # 5 March 2024
      | (?P<name2>NAME)\.?\s+(?P<day3>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year3>\d{4})      # Mar 5, 2024
    )
    (?: (?:[t,]|\s)\s*
        (?P<hour>\d{1,2})(?P<clock>:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)
        \s*(?P<zone>z|[a-z]{3}|[+-]\d{1,2}(?::?\d\d)?)?
    )?""".replace("NAME", "(?:" + "|".join(_MONTHS) + ")[a-z]{0,6}"),
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def _date(value: Any, key: Key) -> Any:
    """A date in the form that the record has, where it is written so that it cannot be misread; other text as it is."""
    if not isinstance(value, str) or isinstance(value, Tagged | RepeatedField):
        return value if isinstance(value, str) else None
    if has_form_of_time(value):
        return value
    parts = _DATE.fullmatch(value.strip())
    if parts is None:
        return None if key == ("published",) else value
    name = parts["name"] or parts["name2"]
    month = _MONTHS.index(name[:3].lower()) + 1 if name else parts["month"]
    year, day = parts["year"] or parts["year2"] or parts["year3"], parts["day"] or parts["day2"] or parts["day3"]
    zone = re.sub(r"([+-])(\d)(?!\d)", r"\g<1>0\2", (parts["zone"] or "").upper())
    clock = f"T{parts['hour']:0>2}{parts['clock']}{_ZONES.get(zone, zone)}" if parts["hour"] else ""
    return Plain(f"{year}-{month:0>2}-{day:0>2}{clock}")


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value.strip()) is not None


_STATUS = {"draft": False, "hidden": False, "private": False, "pending": False, "published": True, "publish": True}
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}


def _flag_word(value: str) -> bool | None:
    return _FLAGS.get(value.strip().casefold())


def _published(value: Any, key: Key) -> Any:
    """Whether it is published, from `draft`, which says the opposite, or from a word for its status."""
    if not isinstance(value, str) or isinstance(value, Tagged | RepeatedField):
        return value
    if key == ("status",):
        said = _STATUS.get(value.strip().casefold())
        return None if said is None else Plain(str(said).lower())
    said = _flag_word(value)
    if key != ("draft",) or said is None:
        return None if _is_date(value) else value
    return (Plain if isinstance(value, Plain) else str)(str(not said).lower())


def _as_written(value: Any, _: Key) -> Any:
    return value


def _text(value: Any, _: Key) -> Any:
    return value if isinstance(value, str) else None


def _names(value: Any, _: Key) -> Any:
    """A list of names: one, or some that are parted by semicolons or commas in one text; records by their name."""
    if isinstance(value, list):
        return [_name(item) for item in value] or None
    if not isinstance(value, str) or isinstance(value, Tagged | RepeatedField):
        return value if isinstance(value, str) else None
    parts = [part.strip() for part in value.split(";" if ";" in value else ",")]
    return [part for part in parts if part] if len(parts) > 1 else value


def _name(value: Any) -> Any:
    """The name of a person or an outlet: text, or a record with a name."""
    if isinstance(value, dict):
        return next((value[key] for key in ("name", "title", "label") if isinstance(value.get(key), str)), None)
    return value


def _address(value: Any, _: Key) -> Any:
    return value if isinstance(value, str) and _ADDRESS.match(value.strip()) else None


_ADDRESS = re.compile(r"https?://[^\s/]\S*$", re.IGNORECASE)


def _images(value: Any, _: Key) -> Any:
    """Images as records with an address, from addresses or from records of another kind."""
    found = [image for item in (value if isinstance(value, list) else [value]) if (image := _image(item))]
    return found or None


def _image(value: Any) -> Fields | None:
    if not isinstance(value, dict):
        return {"url": value} if _leads_to_image(value) else None
    address = next((value[key] for key in ("url", "src", "image", "path", "file", "href") if value.get(key)), None)
    title = next((value[key] for key in ("title", "alt", "caption") if value.get(key)), None)
    size = {key: value[key] for key in ("width", "height", "isCached") if key in value}
    return size | {"url": address, "title": title} if _leads_to_image(address) else None


def _leads_to_image(value: Any) -> bool:
    return isinstance(value, str) and ("/" in value or "." in value)


def _are_addresses(images: Any) -> bool:
    """Whether images are given as addresses alone."""
    return bool(images) and all(map(_leads_to_image, images)) if isinstance(images, list) else _leads_to_image(images)


_FITS: dict[str, Callable[[Any, Key], Any]] = {
    "title": _text,
    "excerpt": _text,
    "publishedDateTime": _date,
    "published": _published,
    "topics": _names,
    "originalUrl": _address,
    "images": _images,
}
"""Field of the record → what a value that stands for it is in the record's own form; None for one that does not fit."""


def _add_provider(fields: Fields, names: dict[str, str], known: KeysOf, found: Fields, keys: dict[str, str]) -> None:
    """The provider by its name, else by the domain of the address, else by the first of the authors.

    A record under a key of the site's own map is the provider as it stands.
    """
    provider: Fields = {}
    (all_keys, own_keys), (domain_keys, _) = known["provider"], known["provider.domain"]
    for key, folded, value in _values(fields, names, all_keys):
        if isinstance(value, dict) and folded in own_keys:
            found["provider"], keys["provider"] = value, key
            return
        name = _name(value)
        if isinstance(name, str) and not _ADDRESS.match(name):
            provider["name"], keys["provider"] = name, key
            break
    domain = _domain(found["originalUrl"]) if "originalUrl" in keys else None
    for key, _, value in _values(fields, names, domain_keys[1:]):
        if isinstance(value, str):
            provider["domain"], keys["provider.domain"] = value, key
            break
    if domain and "domain" not in provider:
        provider["domain"], keys["provider.domain"] = domain, keys["originalUrl"]
    for key, folded, value in _values(fields, names, _AUTHORS):
        listed = _names(value, folded) if folded[-1] == "authors" and isinstance(value, Plain) else value
        authors = [name for item in (listed if isinstance(listed, list) else [listed]) if (name := _name(item))]
        if authors:
            provider["authors"] = list({str(name): name for name in authors}.values())
            if not domain and "name" not in provider:
                provider["name"], keys["provider"] = authors[0], key
            break
    if domain and "name" not in provider:
        provider["name"], keys["provider"] = domain, keys["originalUrl"]
    if provider:
        found["provider"] = provider


def _domain(address: Any) -> str | None:
    """The domain of an address, without `www.`; None for what is no address."""
    if not isinstance(address, str):
        return None
    try:
        return (urlsplit(address.strip()).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


_NAMED_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_DAY_IN_FOLDERS = re.compile(r"(?:^|/)(\d{4})/(\d\d)/(\d\d)(?=[/_-])", re.ASCII)


def _add_date_of_path(fields: Fields, names: dict[str, str], path: str, found: Fields, keys: dict[str, str]) -> None:
    name = article_folder_and_name(path)[1]
    dated_paths = ((key, _DAY_IN_FOLDERS.search(str(value))) for key, _, value in _values(fields, names, _DATED_PATHS))
    places = ((FILE_NAME, _NAMED_DAY.match(name)), (FOLDER, _DAY_IN_FOLDERS.search(path)), *dated_paths)
    for key, parts in places:
        if parts and _is_day(*map(int, parts.groups())):
            found["publishedDateTime"], keys["publishedDateTime"] = Plain("-".join(parts.groups())), key
            return


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return EARLIEST <= date(year, month, day) <= LATEST
    except ValueError:
        return False
