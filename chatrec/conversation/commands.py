"""Recognises commands on the dialogue itself: start over, undo, remove a filter.

Works on folded text only; carrying a command out is the business of the understanding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatrec.conversation.numerals import NUMBERS

_RESET = re.compile(
    r"^\W*(?:(?:please|let's|let us|ok|okay|can we|i want to|lets)\W+)*(?:start (?:over|"
    r"again|afresh|anew|from scratch)|restart|reset(?: everything| all| it)?|"
    r"new (?:search|conversation|chat|session)|clear (?:everything|all|the (?:chat|"
    r"conversation)|history)|"
    r"forget (?:everything(?: (?:i|we)(?:'ve)? said)?|all (?:of )?(?:this|that)|it all|"
    r"what i said)|begin again|"
    r"von vorne?(?: anfangen)?|(?:noch ?mal )?neu anfangen|neustart|alles loschen|"
    r"recommence[rz]?|on recommence|tout effacer|repartir de zero|"
    r"(?:otra vez )?desde el principio|empezar de nuevo|"
    r"reiniciar|borrar todo|重新开始|重来|从头|清空)(?:\s+please)?\s*(?:[,.:;!-]|$|and\b)"
)
_UNDO = re.compile(
    r"^\W*(?:please\W+|can you\W+|ok\W+)*(?:undo(?: that| it| this| the last (?:one|step|"
    r"change|message))?|go back(?: one)?(?: a)?(?: step)?|back|step back|revert(?: that|"
    r" it)?|take (?:that|it) back|(?:the )?previous (?:list|results?)|scratch that|"
    r"never ?mind(?: that)?|strike that|cancel that|forget (?:that|it|this|about (?:that|it)|"
    r"the last (?:one|message))|vergiss (?:das|es)|oubliez? (?:ca|cela)|laisse tomber|"
    r"olvida(?:lo| eso)|算了|ruckgangig(?: machen)?|"
    r"(?:einen schritt |geh )?zuruck|annule[rz]?|retour(?: en arriere)?|reviens|deshacer|"
    r"deshaz|volver|atras|撤销|撤回|返回|上一步|后退)\W*(?:please|bitte)?\W*$"
)
_N = r"(\d{1,2}|[^\W\d_]+)"
_STEPS = r"(?:steps?|turns?|messages?|changes?|things?|requests?|times?|lists?)"
_UNDO_SEVERAL = re.compile(
    rf"^\W*(?:please\W+|can you\W+|ok\W+)*(?:(?:undo|forget|take back|revert|scratch) (?:the |my )?"
    rf"(?:last |previous )?{_N} {_STEPS}|go back {_N} {_STEPS}|undo {_N} {_STEPS}|"
    rf"(?:geh )?{_N} schritte zuruck|reviens {_N} etapes en arriere|"
    rf"(?:vuelve|retrocede) {_N} pasos)\W*(?:please|bitte)?\W*$"
)
_UNFILTER = re.compile(
    r"\b(?:remove|drop|clear|delete|forget|lift|cancel|take (?:off|away)|turn off|"
    r"get rid of|no more|without|ignore|undo|disable)\s+(?:(?:the|that|this|all|any|my|"
    r"last|those|these|of|your|"
    r"about)\s+)*(?P<what>[^\W\d_]+(?: [^\W\d_]+)?\s+)?(?:filters?|limits?|constraints?|"
    r"restrictions?|conditions?)\b"
    r"|\bfilter (?:entfernen|weg|loschen|aus)\b|\b(?:enleve[rz]?|retire[rz]?|"
    r"supprime[rz]?) (?:le|les|ce|ces|tous les) filtres?\b|\b(?:quita|quitar|elimina|"
    r"borra) (?:el|los|ese|esos|todos los) filtros?\b|(?:去掉|取消|"
    r"删除)(?:这个|那个|所有)?(?:筛选|过滤|"
    r"限制|条件)"
)
_DETERMINERS = frozenset({"last", "latest", "newest", "previous", "new"})
_ALL = re.compile(
    r"\b(?:all|every|any|filters|limits|constraints|restrictions|alle|tous|todos|filtres|"
    r"filtros)\b|所有"
)
_FILTER_WORDS: Mapping[str, tuple[str, ...]] = {
    "year|years|decade|date|age of film|period|era|time": ("years",),
    "genre|genres": ("genres_all", "genres_any", "genres_none", "unless"),
    "length|runtime|duration|running time": ("runtime",),
    "language|languages": ("languages_any", "languages_none"),
    "country|countries|nationality": ("countries_any", "countries_none"),
    "actor|actress|director|person|people|cast|author": ("people_all", "people_any", "people_none"),
    "price|budget|cost": ("price_max",),
    "age|rating|age rating|kids|children": ("max_age", "ratings_any"),
    "keyword|theme|topic|violence": ("keywords_none",),
}


def reset_end(folded: str) -> int | None:
    """Where "start over" ends (a wish may follow), None where nobody says so."""
    match = _RESET.match(folded)
    return None if match is None else match.end()


def undo_steps(folded: str) -> int:
    """How many changes the whole message takes back; 0 where it takes none."""
    several = _UNDO_SEVERAL.match(folded)
    if several is not None:
        said = next(filter(None, several.groups()))
        return int(said) if said.isdigit() else NUMBERS.get(said, 0)
    return int(_UNDO.match(folded) is not None)


def filters_to_remove(folded: str) -> tuple[str, ...] | None:
    """Filter names to remove: ("*",) for all, () for the last one added; None: no such command.

    ("=", words) names one by its value, as in "remove the horror filter".
    """
    match = _UNFILTER.search(folded)
    if match is None:
        return None
    what = (match.groupdict().get("what") or "").strip()
    for words, names in _FILTER_WORDS.items():
        if what and any(what.endswith(word) for word in words.split("|")):
            return names
    if what and what not in _DETERMINERS:
        return ("=", what)
    return ("*",) if _ALL.search(match[0]) else ()
