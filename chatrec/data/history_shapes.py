"""The shapes of the files in which services hand people their own history, known by their columns.

Letterboxd, Goodreads, IMDb, Netflix, Steam, MovieLens, and any table with a column of titles. It
knows names of columns; it reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatrec.data.columns import INTERACTION_COLUMNS, ITEM_COLUMNS, fields_of
from chatrec.errors import DataError, shortened

Scale = tuple[float, float]  # the lowest and the highest rating


@dataclass(frozen=True, slots=True)
class Shape:
    """What a service calls its columns, compared by letters and digits; empty: there is none.

    ``needs`` are the columns that tell the shape; of ``year``, ``rating`` and ``date`` the first
    column with a value in a row counts. ``scale`` None: the file's own lowest and highest rating.
    ``hours`` says that the rating is a time played, which praises but never blames. ``shelf`` is
    a column whose values in ``not_yet`` mark what wasn't had.
    """

    name: str
    needs: tuple[str, ...]
    title: str
    item_id: str = ""
    user: str = ""
    year: tuple[str, ...] = ()
    rating: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    creator: str = ""
    scale: Scale | None = None
    hours: bool = False
    episodes: bool = False
    shelf: str = ""
    not_yet: tuple[str, ...] = ()


SHAPES = (
    Shape(
        "Letterboxd",
        ("name", "letterboxduri"),
        "name",
        year=("year",),
        rating=("rating",),
        date=("watcheddate", "date"),
        scale=(0.5, 5.0),
    ),
    Shape(
        "Goodreads",
        ("title", "author", "myrating"),
        "title",
        year=("originalpublicationyear", "yearpublished"),
        rating=("myrating",),
        date=("dateread", "dateadded"),
        creator="author",
        scale=(1.0, 5.0),
        shelf="exclusiveshelf",
        not_yet=("to-read", "currently-reading"),
    ),
    Shape(
        "IMDb",
        ("const", "yourrating", "title"),
        "title",
        item_id="const",
        year=("year",),
        rating=("yourrating",),
        date=("daterated",),
        scale=(1.0, 10.0),
    ),
    Shape(
        "Netflix",
        ("profilename", "starttime", "title"),
        "title",
        user="profilename",
        date=("starttime",),
        episodes=True,
    ),
    Shape(
        "MovieLens",
        ("userid", "movieid", "rating"),
        "title",
        item_id="movieid",
        user="userid",
        rating=("rating",),
        date=("timestamp",),
        scale=(0.5, 5.0),
    ),
    *(
        Shape(
            "Steam",
            (title, hours),
            title,
            item_id="appid",
            rating=(hours,),
            date=("rtimelastplayed", "lastplayed"),
            hours=True,
        )
        for title in ("name", "game", "title")
        for hours in ("playtimeforever", "playtime", "playtimehours", "hours", "hoursplayed")
    ),
)
_NETFLIX_SHORT = Shape("Netflix", ("title", "date"), "title", date=("date",), episodes=True)


def shape_of(columns: Sequence[str], file: str) -> Shape:
    """The shape that a header is of; DataError where it names neither titles nor items.

    >>> shape_of(["Date", "Name", "Year", "Letterboxd URI", "Rating"], "ratings.csv").name
    'Letterboxd'
    """
    have = {letters(column) for column in columns}
    if have == {"title", "date"}:
        return _NETFLIX_SHORT
    for shape in SHAPES:
        if have.issuperset(shape.needs):
            return shape
    items = fields_of(columns, {n: ITEM_COLUMNS[n] for n in ("title", "year", "creators")})
    met = fields_of(columns, INTERACTION_COLUMNS)
    if "title" not in items and "item_id" not in met:
        shown = ", ".join(shortened(column, 30) for column in columns[:8])
        raise DataError(
            f"{file}, row 1: no column with titles, got {shown}; send the CSV as Letterboxd, "
            "Goodreads, IMDb, Netflix, Steam or MovieLens write it, or name a column 'title'"
        )
    return _plain_table(items, met)


def letters(name: str) -> str:
    """A column's name by its letters and digits."""
    return re.sub(r"[\W_]+", "", name.casefold())


def _plain_table(items: dict[str, str], met: dict[str, str]) -> Shape:
    def column(found: dict[str, str], field: str) -> str:
        return letters(found.get(field, ""))

    return Shape(
        "table",
        (),
        column(items, "title"),
        item_id=column(met, "item_id"),
        user=column(met, "user_id"),
        year=(column(items, "year"),),
        rating=(column(met, "weight"),),
        date=(column(met, "timestamp"),),
        creator=column(items, "creators"),
    )
