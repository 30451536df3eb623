"""Which column of a source file means what: common names mapped to fields of Item and Interaction.

Names are compared by their letters and digits (``movieId``, ``movie_id`` and ``Movie ID`` are
one); where several columns of a file fit a field, the one listed first here wins and the others
stay what they are: facts of an item, further columns of an interaction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from chatrec.errors import DataError

_ITEM_ID = [
    "item_id",
    "item",
    "movie_id",
    "film_id",
    "parent_asin",
    "asin",
    "book_id",
    "game_id",
    "app_id",
    "product_id",
    "sku",
    "anime_id",
    "track_id",
    "song_id",
    "news_id",
    "article_id",
    "content_id",
    "business_id",
    "place_id",
    "venue_id",
    "poi_id",
    "course_id",
    "recipe_id",
]
_PEOPLE = (
    "customer visitor account person member client buyer reader viewer listener player student"
)
_NUMBERS = ["isbn", "imdb_id"]  # of which some items have none: an id of the file's own goes first
ITEM_COLUMNS: Mapping[str, Sequence[str]] = {
    "item_id": [*_ITEM_ID, "id", *_NUMBERS],
    "title": [
        "title",
        "name",
        "movie_title",
        "item_title",
        "book_title",
        "product_title",
        "product_name",
        "app_name",
        "track_name",
        "headline",
    ],
    "year": [
        "year",
        "release_year",
        "year_of_publication",
        "publication_year",
        "published",
        "release_date",
        "publication_date",
    ],
    "genres": ["genres", "genre", "categories", "category", "subcategory"],
    "creators": [
        "creators",
        "creator",
        "directors",
        "director",
        "authors",
        "author",
        "book_author",
        "artists",
        "artist",
        "developers",
        "developer",
        "brand",
        "maker",
        "manufacturer",
        "store",
    ],
    "cast": ["cast", "actors", "starring", "performers"],
    "countries": ["countries", "country", "production_countries"],
    "language": ["language", "languages", "original_language"],
    "runtime_min": ["runtime_min", "runtime", "runtime_minutes", "duration_min"],
    "age_rating": ["age_rating", "mpaa", "certificate", "certification", "content_rating", "rated"],
    "keywords": ["keywords", "tags", "keyword", "themes", "plot_keywords"],
    "description": [
        "description",
        "logline",
        "overview",
        "synopsis",
        "plot",
        "plot_short",
        "summary",
        "blurb",
        "abstract",
        "short_desc",
    ],
    "price": ["price", "price_usd", "price_eur"],
}
INTERACTION_COLUMNS: Mapping[str, Sequence[str]] = {
    "user_id": [
        "user_id",
        "user",
        "reviewer_id",
        "reviewer",
        "uid",
        *(name for person in _PEOPLE.split() for name in (f"{person}_id", person)),
    ],
    "item_id": [*_ITEM_ID, *_NUMBERS, "iid"],
    "weight": [
        "rating",
        "weight",
        "overall",
        "score",
        "stars",
        "book_rating",
        "hours",
        "playtime",
        "play_count",
        "plays",
        "count",
    ],
    "timestamp": [
        "timestamp",
        "unix_review_time",
        "unix_timestamp",
        "time",
        "ts",
        "event_time",
        "datetime",
        "date",
        "created_at",
        "rated_at",
        "watched_at",
    ],
    "position": ["position", "order", "sequence", "seq"],
}


def fields_of(columns: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Field -> the column that holds it, for the fields that ``columns`` have.

    >>> fields_of(["movieId", "title", "imdbId"], ITEM_COLUMNS)
    {'item_id': 'movieId', 'title': 'title'}
    """
    by_letters: dict[str, str] = {}
    for column in columns:
        by_letters.setdefault(_letters(column), column)
    found: dict[str, str] = {}
    for field, names in known.items():
        hit = next((by_letters[_letters(n)] for n in names if _letters(n) in by_letters), None)
        if hit is not None and hit not in found.values():
            found[field] = hit
    return found


def require(
    path: Path,
    found: Mapping[str, str],
    field: str,
    known: Mapping[str, Sequence[str]],
    columns: Sequence[str],
) -> None:
    """Raise DataError, naming the columns there are, if no column holds ``field``."""
    if field not in found:
        shown = ", ".join(repr(column) for column in columns[:12])
        names = ", ".join(known[field][:6])
        raise DataError(
            f"{path}, row 1: no column for {field!r}, got {shown}; name a column {names}"
        )


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
