"""Recognises commands on the dialogue itself: start over, undo, remove a filter.

Works on folded text only; carrying a command out is the business of the understanding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatrec.conversation.numerals import NUMBERS

_SO = (  # what people say before a command
    r"(?:(?:please|let's|let us|lets|ok|okay|can (?:we|you|i)|could (?:we|you|i)|i want to|i'd "
    r"like to|"
    r"alright|all right|right|well|so|no|nope|nah|hm+|um+|uh+|oh|actually|sorry|wait|you know what|"
    r"know what|i know|new idea|just|now|and|but|then|hey|ugh)\W+)*"
)
_OVER = (
    r"(?:start(?:ing)? (?:(?:all )?over(?: again)?|again|afresh|anew|fresh|from scratch|new)|"
    r"restart|"
    r"reset(?: everything| all| it)?|(?:a )?(?:new|fresh) (?:search|conversation|chat|session|"
    r"start)|"
    r"(?:clear|wipe|delete|erase) (?:everything(?: (?:i|we)(?:'ve)? (?:just )?"
    r"(?:asked(?: for)?|said|wanted))?|all(?: of (?:it|that|this))?|it all|the (?:chat|"
    r"conversation|slate)(?: clean)?|history)|(?:clean|blank) slate|"
    r"(?:forget|scrap|ignore|drop)(?: about)? (?:everything(?: (?:i|we)(?:'ve)? (?:just "
    r")?(?:asked(?: for)?|wanted|said|told "
    r"you)| (?:so far|before|until now))?|all (?:of )?(?:this|that|it)|it all|"
    r"(?:all |everything )?what i (?:just )?said|all i said)|begin (?:again|anew|afresh)|"
    r"back to (?:square one|the (?:start|beginning)|zero))"
)
_RESET = re.compile(
    rf"^\W*{_SO}(?:{_OVER}(?:\W+(?:and |then |please )?{_SO}{_OVER})*|"
    r"von vorne?(?: anfangen)?|(?:noch ?mal )?neu anfangen|neustart|alles loschen|"
    r"recommence[rz]?|on recommence|tout effacer|repartir de zero|"
    r"(?:otra vez )?desde el principio|empezar de nuevo|"
    r"reiniciar|borrar todo|重新开始|重来|从头|清空)"
    r"(?:\s+please)?\s*(?:[,.:;!-]|$|(?:and|with|from|this "
    r"time)\b)"
)
_LAST = (
    r"(?:(?:the|that|my) (?:very )?(?:last|latest|previous)(?: (?:one|bit|thing|part|step|change|"
    r"message|request|wish|point|condition|filter|sentence|addition|idea|remark))?|"
    r"what i (?:just|last) said|(?:that|this|it)(?: (?:last )?(?:bit|one|part|again))?)"
)
_UNDO = re.compile(
    rf"^\W*{_SO}(?:undo(?: {_LAST})?|(?:go|going|take me|take us) back(?: one)?(?: a)?(?: step)?"
    r"(?: to (?:the )?(?:one|list|films|ones|results|what we had|what it was) ?(?:before|from "
    r"before|"
    r"earlier)?(?: that)?)?|back|(?:a |one )?step back|"
    rf"(?:revert|scratch|strike|cancel|scrap|drop|delete|remove|erase|forget|ignore|disregard|"
    rf"reverse)"
    rf"(?: about)? {_LAST}|revert|nvm|nm|take (?:{_LAST}) back|take back {_LAST}|"
    r"(?:(?:show me |back to )?(?:the )?(?:previous|earlier) (?:list|results?|ones?|films)|"
    r"(?:back to )?the (?:list|ones|films) before(?: that)?)|"
    r"never ?mind(?: (?:that|the last (?:bit|one|thing|part)))?|"
    r"vergiss (?:das|es)|oubliez? (?:ca|cela)|laisse tomber|"
    r"olvida(?:lo| eso)|算了|ruckgangig(?: machen)?|"
    r"(?:einen schritt |geh )?zuruck|annule[rz]?|retour(?: en arriere)?|reviens|deshacer|"
    r"deshaz|volver|atras|撤销|撤回|返回|上一步|后退)"
    r"\W*(?:please|bitte|then|again|i said|sorry)?\W*$"
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


_UNFILTER_ALONE = re.compile(  # "drop the country"
    r"\W*(?:(?:please|ok|okay|actually|just)\W+)*(?:remove|drop|clear|delete|forget|lift|cancel|"
    r"ignore|forget about|get rid of) (?:the|that|my) "
    r"(?P<what>years?|decade|genres?|length|runtime|running time|languages?|country|countries|"
    r"price|budget|age)(?: please)?\W*"
)


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
    match = _UNFILTER.search(folded) or _UNFILTER_ALONE.fullmatch(folded)
    if match is None:
        return None
    what = (match.groupdict().get("what") or "").strip()
    for words, names in _FILTER_WORDS.items():
        if what and any(what.endswith(word) for word in words.split("|")):
            return names
    if what and what not in _DETERMINERS:
        return ("=", what)
    return ("*",) if _ALL.search(match[0]) else ()
