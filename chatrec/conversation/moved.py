"""How it is worded, in five languages, which of a user's titles moved an item in the order.

Knows what was measured (:mod:`chatrec.generation.movers`), not how.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from chatrec.conversation.lexicon import Language
from chatrec.conversation.wordings import Row, in_language
from chatrec.data.catalog import Catalog
from chatrec.generation.movers import Moved

MOST_UP, MOST_DOWN = 3, 2
LEAST_CHANCE = math.log(1.1)  # a tenth more or less likely
LEAST_PLACES = 1.0

WORDS: Mapping[str, Row] = {
    "up": (
        "Moved up by {}.",
        "Nach oben gebracht von {}.",
        "Remonté par {}.",
        "Subió por {}.",
        "靠前因为：{}。",
    ),
    "down": (
        "Pulled down by {}.",
        "Nach unten gezogen von {}.",
        "Tiré vers le bas par {}.",
        "Bajó por {}.",
        "靠后因为：{}。",
    ),
    "none": (
        "No single title moved it much; titles left out one by one: {}.",
        "Kein einzelner Titel hat es viel bewegt; weggelassen wurden der Reihe nach {}.",
        "Aucun titre seul ne l’a beaucoup déplacé ; titres retirés tour à tour : {}.",
        "Ningún título por sí solo lo movió mucho; títulos omitidos uno a uno: {}.",
        "没有哪一部作品单独产生明显影响；逐一去掉了{}部。",
    ),
    "untold": (
        "Your words alone made this list: no title of yours had a say.",
        "Allein deine Worte ergaben diese Liste; kein Titel von dir hat mitgeredet.",
        "Vos mots seuls ont fait cette liste : aucun de vos titres n’a compté.",
        "Solo tus palabras hicieron esta lista: ninguno de tus títulos contó.",
        "这份列表只依据你的话，没有用到你的作品。",
    ),
    "unknown": (
        "What moved it can’t be measured for this list.",
        "Was es bewegt hat, lässt sich bei dieser Liste nicht messen.",
        "Ce qui l’a déplacé ne peut pas être mesuré pour cette liste.",
        "Lo que lo movió no se puede medir en esta lista.",
        "这份列表无法测出影响。",
    ),
    "chance": (
        "×2 means: with this title the tuned item model, which decides {} % of this order, "
        "finds it twice as likely as without.",
        "×2 heißt: Mit diesem Titel hält das trainierte Titelmodell, das {} % dieser Ordnung "
        "bestimmt, es für doppelt so wahrscheinlich wie ohne.",
        "×2 signifie : avec ce titre, le modèle de titres entraîné, qui décide de {} % de cet "
        "ordre, le juge deux fois plus probable que sans.",
        "×2 significa: con este título el modelo de títulos entrenado, que decide el {} % de "
        "este orden, lo ve el doble de probable que sin él.",
        "×2表示：有这部作品时，训练过的条目模型（决定此排序的{}%）认为它的可能性是没有时的两倍。",
    ),
    "places": (
        "+2 means: with this title it stands two places higher in the combined search’s order "
        "than without; what isn’t found without it counts as last.",
        "+2 heißt: Mit diesem Titel steht es in der Ordnung der kombinierten Suche zwei Plätze "
        "höher als ohne; was ohne ihn nicht gefunden wird, zählt als letztes.",
        "+2 signifie : avec ce titre, il est deux places plus haut dans l’ordre de la recherche"
        " combinée que sans ; ce qui n’est pas trouvé sans lui compte comme dernier.",
        "+2 significa: con este título está dos puestos más arriba en el orden de la búsqueda "
        "combinada que sin él; lo que sin él no se encuentra cuenta como último.",
        "+2表示：有这部作品时，它在综合搜索的排序中比没有时高两位；没有它就找不到的算作最后一位。",
    ),
}


def told_moved(moved: Moved, item_id: str, catalog: Catalog, language: Language) -> str:
    """Which titles moved a listed item up and down, the strongest first, and by what measure."""
    gains = moved.gains.get(item_id)
    if gains is None:
        return say_moved("unknown", language)
    if not moved.left_out:
        return say_moved("untold", language)
    titles = [catalog.get(left).title for left in moved.left_out]
    least = LEAST_CHANCE if moved.led_by == "item_head" else LEAST_PLACES
    ordered = sorted(zip(gains, titles, strict=True), key=lambda pair: -abs(pair[0]))
    parts = [
        _said(name, found[:most], moved, language)
        for name, most, found in (
            ("up", MOST_UP, [pair for pair in ordered if pair[0] >= least]),
            ("down", MOST_DOWN, [pair for pair in ordered if pair[0] <= -least]),
        )
        if found
    ]
    if not parts:
        return say_moved("none", language, len(titles))
    measure = "chance" if moved.led_by == "item_head" else "places"
    return " ".join((*parts, say_moved(measure, language, round(100 * moved.share))))


def say_moved(name: str, language: Language, *values: object) -> str:
    """The words with their values filled in; KeyError for an unknown name."""
    return in_language(WORDS[name], language).format(*values)


def _said(name: str, found: Sequence[tuple[float, str]], moved: Moved, language: Language) -> str:
    amount = _factor if moved.led_by == "item_head" else _places
    listed = (f"{title} ({amount(gain)})" for gain, title in found)
    comma = "、" if language == "zh" else ", "
    return say_moved(name, language, comma.join(listed))


def _factor(gain: float) -> str:
    """How many times as likely: ×14, ×2.2, ×0.7, ×0.04."""
    factor = math.exp(gain)
    return f"×{factor:{',.0f' if factor >= 10 else '.1f' if factor >= 1 else '.1g'}}"


def _places(gain: float) -> str:
    return f"{gain:+.0f}".replace("-", "−")
