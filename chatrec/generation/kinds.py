"""Checks of kinds of stories that are no genres: "superhero movie", "ghost story", "spy thriller".

A theme of the catalogue right before such a noun is a claim about the whole item, not a word of
its plot. Knows nothing of genres (see attributes.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.about import said_of_title
from chatrec.generation.claims import Claims
from chatrec.generation.denials import negated_ranges
from chatrec.generation.genres import genre_words_in, genres_of_word, has_any
from chatrec.generation.nations import NATIONS
from chatrec.generation.vocabulary import CONNECTING, NUMBER_WORDS
from chatrec.generation.words import stem, word_set

FAMILY = 5  # letters that words of one family begin with
_KIND = re.compile(
    r"\b(?P<what>[a-z]{3,})[ -](?:films?|movies?|flicks?|pictures?|story|stories|tales?|sagas?|"
    r"dramas?|"
    r"comedy|comedies|thrillers?|adventures?|romances?|mystery|capers?|epics?|musicals?|westerns?|"
    r"parody|spoof|satire|yarn|feature|horror|animation|documentary)\b(?P<of>,? <t)?"
)
_OWNER = re.compile(r"(?:\b(?:whose|his|her|their)|'s?) $")
_KINDS = word_set(
    """superhero zombie vampire werewolf ghost spy samurai ninja robot alien monster creature pirate
    disaster courtroom prison heist gangster mafia mob cop police detective boxing baseball football
    basketball racing hockey surfing skating teen teenage college school buddy road slasher gothic
    space submarine naval aviation medieval biblical viking gladiator cowboy frontier christmas
    holiday dystopian apocalyptic cyberpunk steampunk espionage revenge vigilante survival shark
    dinosaur dragon fairy folk ballet concert dance wedding campus sports kidnap serial conspiracy
    political legal medical journalism newspaper financial hospital train ocean jungle desert arctic
    mountaineering chess cooking culinary martial karate screwball gay lesbian ghostly haunted
    stoner sex erotic silent puppet"""
)
_MEANT = {  # kinds that other words of the facts make
    "teen": word_set("school prom teenager teenagers teenage adolescent highschool"),
    "teenage": word_set("school prom teenager teenagers teen adolescent"),
    "road": word_set("hitchhiker hitchhikers drive drives driving motorcycle trek cross-country"),
    "survival": word_set("stranded survive survives survivor survivors marooned castaway"),
    "creature": word_set("monster monsters kaiju alien aliens worms shark sharks beast"),
    "monster": word_set("creature creatures kaiju beast worms"),
    "school": word_set("pupils pupil students student teacher class classroom college boarding"),
    "college": word_set("campus university fraternity sorority freshman students"),
    "spy": word_set("agent agents 007 mi6 cia espionage kgb"),
    "heist": word_set("robbery robbers rob thieves burglary vault"),
    "courtroom": word_set("trial jury juror jurors lawyer judge"),
    "ghost": word_set("haunted haunting spirit spirits apparition"),
    "boxing": word_set("boxer boxers fighter ring"),
    "prison": word_set("inmate inmates convict convicts jail prisoner prisoners cell"),
    "pirate": word_set("pirates buccaneer"),
    "samurai": word_set("ronin swordsman swordsmen"),
}
_PLAIN = word_set(
    """black dark white wrong right modern own old new long short big small real whole mid late
    early end side true"""
)


def kind_problems(claims: Claims) -> Iterator[str]:
    """Kinds of stories that the facts do not tell of the item."""
    negated = list(negated_ranges(claims))
    for match in _KIND.finditer(claims.masked):
        word = match["what"]
        genre = genre_words_in(match.group())[:1] == [match.group()]  # "costume drama"
        genre = genre and has_any(claims.genres, genres_of_word(match.group()))
        if match["of"] or genre or not _is_kind(claims, word) or _is_told(claims, word):
            continue
        if any(start <= match.start() < end for start, end in negated):
            continue
        owned = _OWNER.search(claims.masked[: match.start()]) and word not in _KINDS
        if not owned and not said_of_title(claims, match):
            yield f"kind of story {match.group()!r} is not among the facts"


def _is_told(claims: Claims, word: str) -> bool:
    """Whether the word or one of its family is told: "suburban", where there is a suburb."""
    head = stem(word)[:FAMILY]
    if claims.words.intersection(_MEANT.get(word, ())):
        return True
    return stem(word) in claims.stems or any(other.startswith(head) for other in claims.words)


def _is_kind(claims: Claims, word: str) -> bool:
    """Whether the word is a theme and no mood, genre, nation or number."""
    if word in _PLAIN or word in NATIONS or word in NUMBER_WORDS or genre_words_in(word):
        return False
    return word in _KINDS or (word in claims.lookups.theme_words and stem(word) not in CONNECTING)
