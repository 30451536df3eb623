"""What is for adults only isn't shown to somebody who doesn't ask for it.

Whoever names such a genre, asks for adult content in other words, or has had such items isn't kept
from them; nor is anybody in a catalogue that is mostly of that kind.
"""

from __future__ import annotations

import re

from chatrec.conversation.utterance import fold
from chatrec.data.adults_only import name_adults_only
from chatrec.data.catalog import Catalog
from chatrec.types import Query

_ASKED = re.compile(
    r"\b(?:hentai|porn\w*|erotic\w*|erotik\w*|erotique\w*|xxx|nsfw|18\+|adults? only|only adults|"
    r"adult (?:content|stuff|films?|movies?|anime|games?|books?|manga|ones?|videos?)|"
    r"sexually explicit)|成人|色情|情色"
)


def unsought(query: Query, catalog: Catalog) -> frozenset[str]:
    """Ids of what is for adults only and not asked for; none where it is asked for."""
    ids, limits = catalog.adults_only, query.constraints
    if 2 * len(ids) > len(catalog) or not ids.isdisjoint(
        (*query.history, *query.liked, *query.near)
    ):
        return frozenset()
    named = name_adults_only((*limits.genres_all, *limits.genres_any), limits.ratings_any)
    return frozenset() if named or _ASKED.search(fold(query.text)) else ids
