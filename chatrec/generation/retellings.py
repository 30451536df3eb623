"""Checks of what a sentence tells of the story of a mentioned title.

"<ta> with its red walls", "in <ta> a novice met her aunt": who and what of a kind that can be mixed
up (kin, trades, animals, colours ...) must be told of that title, in that word or one that means
the same; and a story that only the item's facts tell is not that title's. Knows nothing of what is
said of the item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims, Title, item_words
from chatrec.generation.ties import tells
from chatrec.generation.transfers import same_row
from chatrec.generation.vocabulary import CONNECTING
from chatrec.generation.words import STOP_WORDS, stem, word_set, words_of

ELSEWHERE = 2  # words of the item's own story that make a part tell that one
_SAID = r"(?P<part>(?:<p\w>|[^,.;:<])+?)(?=[.;:,]|\W*$)"
_OPENS = r"(?:^|[.;:,] )(?:and |but |while |whereas |where )?"
_TOLD = (
    r"(?:(?:is|was) about|told (?:of|the)|tells (?:of|the)|follow(?:s|ed)|had|put|sen(?:ds|t)|gave|"
    r"showed|took|saw)"
)
_PARTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"<t(?P<of>\w)>,? with (?:its|his|her|their) {_SAID}",
        rf"<t(?P<of>\w)>, the one (?:where|in which|about|with|that has) {_SAID}",
        rf"<t(?P<of>\w)>,? (?:which|that) {_TOLD} {_SAID}",
        rf"{_OPENS}in <t(?P<of>\w)>,? {_SAID}",
        rf"{_OPENS}<t(?P<of>\w)> {_TOLD} {_SAID}",
        # nothing of the item was said before
        rf"^\W*(?:if |since |because |after |like )?(?:you (?:[a-z]+ )?[a-z]+ed )?<t(?P<of>\w)>, "
        rf"(?:where|in which) {_SAID}",
        r"\b(?:the|that|those) (?P<part>[^,.;:<]{3,40}?) (?:of|in|from) <t(?P<of>\w)>",
        rf"{_OPENS}(?:where|while|whereas) (?P<part>[^,.;:<]{{3,60}}?) in <t(?P<of>\w)>",
    )
)
# What can be mixed up; the words of one line mean the same, or nearly.
_KINDS = tuple(
    frozenset(line.split())
    for line in """
mother mum mom mothers stepmother
father dad fathers stepfather
grandmother grandma granny
grandfather grandpa
aunt aunts auntie
uncle uncles
niece nieces
nephew nephews
cousin cousins
sister sisters sibling siblings twin twins
brother brothers sibling siblings twin twins brotherhood
wife wives husband husbands spouse spouses marriage married bride newlyweds couple
widow widows widower
policeman policemen police cop cops officer officers constable
detective detectives investigator inspector sleuth
sheriff marshal lawman
priest priests clergyman pastor vicar reverend church preacher archdiocese
nun nuns convent novice sister
monk monks
lawyer lawyers attorney
judge judges
doctor doctors physician surgeon
nurse nurses
teacher teachers schoolteacher governess
soldier soldiers troops army veteran private
sailor sailors seaman navy crew
pirate pirates
spy spies agent agents espionage
thief thieves burglar robber robbers theft heist steal
gangster gangsters mobster mafia mob
hitman hitmen assassin assassins killer
king kings
queen queens
prince princes
princess princesses
knight knights
cowboy cowboys
astronaut astronauts
pilot pilots flier
farmer farmers farm
baker bakers bakery
printer printers
butcher butchers
barber barbers
chef chefs cook cooks
butler butlers
maid maids housemaid servant
housekeeper housekeepers
waiter waiters waitress waitresses
writer writers novelist author screenwriter playwright
poet poets
journalist journalists reporter reporters newspaper
painter painters artist
composer composers musician
pianist pianists piano
singer singers sing
dancer dancers dance ballet
boxer boxers boxing
scientist scientists
professor professors
robot robots android
vampire vampires dracula
zombie zombies undead
ghost ghosts haunted spirit spirits
alien aliens extraterrestrial
wizard wizards
witch witches
werewolf werewolves
dragon dragons
dinosaur dinosaurs
shark sharks
politician politicians politics
president presidents
banker bankers bank
smuggler smugglers
dog dogs puppy
cat cats kitten
horse horses
bear bears
lion lions
tiger tigers
wolf wolves
ape apes gorilla simians
monkey monkeys
mouse mice
rat rats
pig pigs
wedding weddings marriage marry marries married
funeral funerals burial buried
birthday birthdays
christmas
red
blue
green
yellow
purple
""".splitlines()
    if line
)
_WORDS = frozenset().union(*_KINDS)
_LOOSE = word_set(  # of more than one meaning: these may be told, and are not judged
    "church army farm bank politics married marriage couple private spirit steal"
)


def retelling_problems(claims: Claims) -> Iterator[str]:
    """People and things of a title's story that it lacks, and the item's story told of it."""
    own = {stem(word) for word in words_of(item_words(claims.item))}
    for pattern in _PARTS:
        for match in pattern.finditer(claims.masked):
            title = claims.titles.get(match["of"])
            if title is None or not title.items:
                continue
            said = [word.removesuffix("'s") for word in words_of(match["part"])]
            for word in said:
                if word in _WORDS and word not in _LOOSE and not _has(title, word):
                    yield f"{word!r} is not known of {title.name!r}"
            if same_row(claims, title):
                continue
            here = [
                word for word in said if stem(word) in own - CONNECTING and word not in STOP_WORDS
            ]
            untold = [word for word in here if not tells(title, word)]
            if len(untold) >= ELSEWHERE and 2 * len(untold) > len(here):
                yield f"tells of {title.name!r} what is told of this: {', '.join(untold)}"


def _has(title: Title, word: str) -> bool:
    """Whether the title's facts have the word or one that means the same."""
    told = {word for item in title.items for word in words_of(item_words(item))}
    return word in told or any(told & line for line in _KINDS if word in line)
