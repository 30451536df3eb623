"""Checks of what a sentence tells of the story of a mentioned title.

"<ta> with its red walls", "in <ta> a novice met her aunt": who and what of a kind that can be mixed
up (kin, trades, animals, colours ...) must be told of that title, in that word or one that means
the same; and a story that only the item's facts tell is not that title's. Where it is open which of
the two is meant, either may tell it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatrec.generation.claims import Claims, item_words
from chatrec.generation.ties import tells
from chatrec.generation.transfers import same_row
from chatrec.generation.vocabulary import CONNECTING, NUMBER_WORDS, STORY_NOUNS
from chatrec.generation.words import STOP_WORDS, stem, word_set, words_of
from chatrec.types import Item

ELSEWHERE = 2  # words of the item's own story that make a part tell that one
_SAID = r"(?P<part>(?:<p\w>|[^,.;:<])+?)(?=[.;:,]|\W*$)"
_OPENS = r"(?:^|[.;:,] )(?:and |but |while |whereas |where |whose )?"
_TOLD = (
    r"(?:(?:is|was) about|told (?:of|the)|tells (?:of|the)|follow(?:s|ed)|had|put|sen(?:ds|t)|gave|"
    r"showed|took|saw)"
)
_DESCRIBED = tuple(  # "<ta> with its red walls": every word is about the title's story
    re.compile(pattern)
    for pattern in (
        rf"<t(?P<of>\w)>(?:,? with| and) (?:its|his|her|their) (?!sequels?\b|follow){_SAID}",
        rf"<t(?P<of>\w)>, the one (?:where|in which|about|with|that has) {_SAID}",
        rf"<t(?P<of>\w)>, (?:his|her|their) (?:[\w-]+ )?(?:{STORY_NOUNS}) (?:of|about) {_SAID}",
        rf"<t(?P<of>\w)>,? (?:which|that) {_TOLD} {_SAID}",
        rf"{_OPENS}in <t(?P<of>\w)>,? {_SAID}",
        rf"{_OPENS}<t(?P<of>\w)> {_TOLD} {_SAID}",
        rf"{_OPENS}(?:[\w'-]+ ){{1,4}}in <t(?P<of>\w)> (?!you\b)"
        r"(?P<part>[a-z]+ed (?:<p\w>|[^,.;:<])+?)(?=[.;:,]|\W*$)",
    )
)
_TOLD_OF = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:took|sent|put|had|gave|showed|led|brought|let) (?:you|us|him|her|them|<p\w>) "
        r"(?P<part>(?:<p\w>|[^,.;:<]){3,60}?) in <t(?P<of>\w)>",
        # nothing of the item was said before
        rf"^\W*(?:if |since |because |after |like )?(?:you (?:[a-z]+ )?[a-z]+ed )?<t(?P<of>\w)>, "
        rf"(?:where|in which) {_SAID}",
        r"\b(?:the|that|those) (?P<part>[^,.;:<]{3,40}?) (?:of|in|from) <t(?P<of>\w)>",
        rf"{_OPENS}(?:where|while|whereas) (?P<part>[^,.;:<]{{3,60}}?) in <t(?P<of>\w)>",
    )
)
_WHERE = re.compile(rf"<t(?P<of>\w)>, (?:where|in which|about) {_SAID}")
_LIGHT = NUMBER_WORDS.keys() | word_set("without whom below above too again")
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
spider spiders
snake snakes serpent
octopus squid
lizard lizards reptile reptiles
crocodile crocodiles alligator
bird birds
whale whales
elephant elephants
rabbit rabbits bunny
fox foxes
deer
cow cows cattle
sheep lamb
chicken chickens hen hens
penguin penguins
frog frogs
bat bats
son sons boy boys
daughter daughters girl girls
wedding weddings marriage marry marries married
funeral funerals burial buried
birthday birthdays
christmas
baseball
basketball
football footballers
soccer
hockey
golf golfer golfers
tennis
cricket
boxing boxer boxers
submarine submarines
ship ships liner boat boats vessel aboard
train trains railway railroad locomotive
plane planes airplane jet airliner aircraft flight
spaceship spaceships spacecraft ship
red
blue
green
yellow
purple
""".splitlines()
    if line
)
_LOOSE = word_set(  # words above with another meaning: they may be told, and are not judged
    """church army farm bank politics married marriage couple private spirit steal boy boys girl
    girls"""
)
_JUDGED = frozenset().union(*_KINDS) - _LOOSE


def retelling_problems(claims: Claims) -> Iterator[str]:
    """People and things of a title's story that it lacks, and the item's story told of it."""
    yield from _of_either(claims)
    own = {stem(word) for word in words_of(item_words(claims.item))}
    for pattern in (*_DESCRIBED, *_TOLD_OF):
        for match in pattern.finditer(claims.masked):
            title = claims.titles.get(match["of"])
            if title is None or not title.items:
                continue
            plainly = re.sub(r"<\w+>", " ", match["part"])
            said = [word.removesuffix("'s") for word in words_of(plainly)]
            for word in said:
                if word in _JUDGED and not _has(title.items, word):
                    yield f"{word!r} is not known of {title.name!r}"
            if same_row(claims, title):
                continue
            plain = [w for w in said if w not in STOP_WORDS and stem(w) not in CONNECTING]
            here = [word for word in plain if stem(word) in own]
            untold = [word for word in here if not tells(title, word)]
            if len(untold) >= ELSEWHERE and 2 * len(untold) > len(here):
                yield f"tells of {title.name!r} what is told of this: {', '.join(untold)}"
            unknown = [w for w in plain if w not in _LIGHT and not tells(title, w)]
            if pattern in _DESCRIBED and unknown:
                yield f"describes {title.name!r} by what is not known of it: {', '.join(unknown)}"


def _of_either(claims: Claims) -> Iterator[str]:
    """``<ta>, where ...``: told of the title or of the item, whichever is meant."""
    for match in _WHERE.finditer(claims.masked):
        title = claims.titles.get(match["of"])
        if title is None or not title.items:
            continue
        for word in words_of(match["part"]):
            if word in _JUDGED and not _has((claims.item, *title.items), word):
                yield f"{word!r} is not known of {title.name!r} or of this"


def _has(items: Sequence[Item], word: str) -> bool:
    """Whether the facts have the word or one that means the same."""
    told = {told for item in items for told in words_of(item_words(item))}
    return word in told or any(told & line for line in _KINDS if word in line)
