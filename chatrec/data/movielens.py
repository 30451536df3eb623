"""The layouts of MovieLens' own files, which have no header: 100k (``u.*``) and 1M (``*.dat``)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

GENRES_100K = (
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary",
    "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi",
    "Thriller", "War", "Western",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """How a headerless file is written; copies in UTF-8 are about, too."""

    separator: str
    columns: tuple[str, ...]
    else_encoding: str = "latin-1"


_RATINGS = ("user_id", "item_id", "rating", "timestamp")
MOVIELENS = {
    "u.item": Layout(
        "|",
        ("item_id", "title", "release_date", "video_release_date", "imdb_url", *GENRES_100K),
    ),
    "u.data": Layout("\t", _RATINGS),
    "movies.dat": Layout("::", ("item_id", "title", "genres")),
    "ratings.dat": Layout("::", _RATINGS),
}


def join_flags(frame: pl.DataFrame) -> pl.DataFrame:
    """The table of ``u.item`` with one list of genres in place of its 19 columns of 0 and 1."""
    named = [pl.when(pl.col(g) == "1").then(pl.lit(g)) for g in GENRES_100K if g != "unknown"]
    genres = pl.concat_list(named).list.drop_nulls().alias("genres")
    return frame.with_columns(genres).drop(*GENRES_100K)
