"""Whether a message begins a new wish or refines the current one.

One that names its own genre, or by title an item to be like, begins a new wish where the current
one has a genre, an item or words of its own. A modifier ("older", "but funny") refines it. "Now"
and "instead" with content of their own begin anew, as does one request in words ("something dark")
after another.
"""

from __future__ import annotations

import re
from dataclasses import replace

from chatrec.conversation import merging
from chatrec.conversation.ages import kids_named
from chatrec.conversation.reading import Reading
from chatrec.conversation.smalltalk import insults
from chatrec.conversation.state import DialogueState
from chatrec.conversation.tastes import tells_taste
from chatrec.conversation.utterance import fold
from chatrec.types import Constraints

_RESTART = re.compile(
    r"^\W*(?:(?:ok|okay|no|well|hmm|so)\W+)*(?:now|instead|on second thought|"
    r"changed my mind|different topic|new topic|forget (?:that|it)|"
    r"let's try|switch to|jetzt|maintenant|ahora|现在|换成|"
    r"(?:fuck|screw|to hell with|enough (?:of|with)|i'm (?:sick|tired) of) (?:this|that|it|these|"
    r"those)|this is (?:shit|crap|rubbish|garbage|useless|boring))\b"
    r"|\binstead\b(?! of)"
)
_RATHER = re.compile(  # anew with a genre or a title of its own; "rather sad" refines
    r"^\W*(?:(?:ok|okay|no|well|hmm|so)\W+)*(?:actually|eigentlich|(?:doch )?lieber|plutot|en fait|"
    r"mejor|en realidad|其实)"
)
_REFINE = re.compile(
    r"^\W*(?:(?:yes|ok|okay|great|good|nice)\W+)*(?:and|but|also|plus|with|make (?:it|"
    r"that|them)|preferably|ideally|only|it should|they should|should be|must be|"
    r"or|oder|ou|o|und|aber|auch|et|mais|aussi|y|pero|tambien|con|mit|avec)\b|^(?:而且|但|还要)"
    r"|\b(?:as well|also|too)\W*$|\bones? only\b|\bonly the\b|\bthe \w+ ones\b|\bonly\W*$"
)
_ADJECTIVE = re.compile(  # "funny" said alone of the wish as it is; "a comedy" is another one
    r"\W*(?:(?:and|but|also|really|very|pretty|quite|kind of|kinda|more|ideally|preferably|ok|"
    r"oh)\W+)*"
    r"(?:funny|hilarious|scary|creepy|spooky|romantic|animated|dramatic|historical|comedic|"
    r"humorous|"
    r"frightening|terrifying|musical)\W*(?:please|too|also|ideally|preferably|ones?)?\W*"
)
_LIKE = re.compile(  # a whole request, not "like that one" said of the current wish
    r"^\W*(?:[^\W\d_]+\W+){0,5}?(?:films?|movies?|games?|books?|songs?|places?|something|anything|"
    r"filme?|etwas|quelque chose|peliculas?|algo)\W+(?:(?:that|which)(?:'s| is| are)? )?(?:a bit |"
    r"just |very )?(?:like|similar to|in the (?:style|vein|spirit) of|wie|ahnlich wie|comme|como)\b"
)
_OPENS = re.compile(
    r"\W*(?:(?:please|ok|okay|hi|hello|hey)\W+)*"
    r"(?:(?:give|show|find|get|recommend|suggest) (?:me|us) |"
    r"(?:i|we) (?:want|need|fancy|feel like|would like|am in the mood for) |"
    r"(?:i'm|we're) in the mood for |i'd like |how about |what about )*"
    r"(?:something|anything|(?:an?|some|the) (?:\w+ ){0,3}?(?:films?|movies?|games?|books?|one)\b|"
    r"etwas|einen film|quelque chose|un film|algo|una pelicula)(?! (?:else|more|less)\b)"
)


def refines(folded: str) -> bool:
    """Whether a message says of itself that it adds to what was said ("but funny")."""
    return _REFINE.search(folded) is not None


def opens(folded: str) -> bool:
    """Whether a message begins as a request in words: "something", "a film", not "the film"."""
    match = _OPENS.match(folded)
    return match is not None and re.search(r"\bthe\b", match[0]) is None


def scolds(folded: str) -> bool:
    """Whether a message blames what was shown for the wish instead of leaving it.

    >>> scolds("you are useless, show me comedies"), scolds("this is crap, show me comedies")
    (True, False)
    """
    return insults(folded) and _RESTART.search(folded) is None


def outliving(folded: str, state: DialogueState) -> Constraints:
    """The limits that still hold when a message names another wish.

    Who scolds and names a genre wants that genre instead, within all else that was asked for.
    """
    if scolds(folded):
        return replace(state.constraints, genres_all=(), genres_any=())
    return merging.lasting(state.constraints, state.standing)


def starts_anew(reading: Reading, state: DialogueState) -> bool:
    """Whether the message asks for something else than the current wish."""
    folded, c = reading.utterance.folded, state.constraints
    audience = kids_named(folded)
    if reading.turns_to_person:
        return True
    own = reading.names_own or bool(audience)
    if _RESTART.search(folded) and (own or reading.wish):
        return True
    if _RATHER.search(folded):
        return own or bool(_OPENS.search(folded))
    if refines(folded) or _ADJECTIVE.fullmatch(folded):
        return False
    if _LIKE.search(folded) and any(m.meaning == "near" and m.by_title for m in reading.mentions):
        return bool(state.near or state.wish or state.constraints != Constraints())
    placed = c.people_all or c.people_any or c.countries_any or c.languages_any or c.facts
    genres, tastes = c.genres_all or c.genres_any, reading.limits.tastes
    if genres and tastes and not reading.names_own:  # "I love horror" after "a comedy"
        return not {*genres} & {*tastes}
    if not reading.names_own:  # "something dark" after "something sad" is another wish
        worded = state.wish and not (placed or genres or state.near)
        worded = worded and not tells_taste(fold(state.wish))  # which still holds
        return bool(worded and reading.wish and _OPENS.match(folded))
    return bool(state.near or c.genres_all or c.genres_any or (state.wish and not placed))
