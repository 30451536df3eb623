"""The words that generated requests are made of: one set to train with, another to validate with.

Data only. In a frame ``{0}`` is the wish, ``{noun}`` what the domain calls an item; in a wording
the braces name what the style puts there. No wording stands in both sets, so that validation shows
what a person's other way of asking would get.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Style = Literal[
    "history",
    "vague",
    "negated",
    "misspelt",
    "history_intent",
    "attributes",
    "person",
    "like_but",
    "mood",
    "plot",
]
STYLES: tuple[Style, ...] = get_args(Style)


@dataclass(frozen=True, slots=True)
class Words:
    """``frames`` go around a wish, ``greetings`` before it; ``styles`` are each style's wordings;
    ``moods`` the words for a mood; ``alike`` words that may stand for another in a plot.
    """

    frames: tuple[str, ...]
    greetings: tuple[str, ...]
    styles: Mapping[str, tuple[str, ...]]
    moods: tuple[str, ...]
    alike: Mapping[str, str]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _alike(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


TRAINING = Words(
    frames=_lines("""
        {0}
        {0}
        {0} please
        i want {0}
        i'm looking for {0}
        can you recommend {0}?
        any {0}?
        i like {0}
        i am in the mood for {0}
        show me {0}
        do you know {0}
        i would like to see {0}
        maybe {0}
        i love {0}
        a good {noun}, {0}
        do you have suggestions for {0}
        """),
    greetings=_lines("""
        hi
        hello
        hi, how are you?
        hey, i'm looking for a good {noun}
        hello! can you help me find a {noun}?
        good morning. i need a {noun} for tonight
        yes please
        """),
    styles={
        "history": _lines("""
            {titles}
            i liked {titles}
            i love {noun}s like {titles}
            {titles} are my favorites
            i have seen {titles} and they were great
            i really enjoyed {titles}. anything similar?
            something like {titles}
            """),
        "vague": _lines("""
            {genre}
            something {genre}
            a {genre} {noun}
            {genre} {noun}s
            i don't know, maybe some {genre}
            a good {genre}
            {genre} or {genre2}
            """),
        "negated": _lines("""
            {wanted} but no {refused}
            {wanted} without {refused}
            {wanted}, not {refused}
            {wanted}. i don't like {refused}
            no {refused}, rather {wanted}
            """),
        "history_intent": _lines("""
            {titles}, but today {wish}
            i liked {titles}. now i want {wish}
            {wish}, i have seen {titles}
            {wish} like {titles}
            """),
        "attributes": _lines("""
            {parts}
            {parts}
            a {noun} that is {parts}
            {parts} {noun}
            """),
        "person": _lines("""
            {name}
            with {name}
            {noun}s by {name}
            anything with {name} in it
            i am a big fan of {name}
            the new {name} {noun}
            """),
        "like_but": _lines("""
            like {title} but {more}
            {title} but {more}
            something similar to {title}, only {more}
            i liked {title}, but {more} would be good
            """),
        "mood": _lines("""
            {mood}
            something {mood}
            a {mood} {noun}
            {mood} and {mood2}
            i feel like something {mood}
            """),
        "plot": _lines("""
            the one where {plot}
            a {noun} about {plot}
            {plot}
            what is that {noun} in which {plot}
            """),
    },
    moods=_words("""
        sad tearjerker tragic uplifting cheerful heartwarming violent gory scary spooky dark
        grim funny witty tense suspenseful cute gentle weird surreal slow meditative exciting
        fast-paced clever thought-provoking sexy beautiful brutal feel-good romantic
        """),
    alike=_alike("""
        man=guy woman=lady kill=murder kills=murders finds=discovers young=youthful
        discovers=finds becomes=turns tries=attempts must=has-to boy=kid city=town
        """),
)

VALIDATION = Words(
    frames=_lines("""
        {0}
        could you suggest {0}
        tonight we fancy {0}
        what would you put on for somebody who wants {0}
        got {0}?
        my wife asked for {0}
        """),
    greetings=_lines("""
        hey there!
        good evening, i could use some help choosing
        what's up. bored at home
        """),
    styles={
        "history": _lines("""
            last week i watched {titles}, all wonderful
            fan of {titles} here
            what next after {titles}
            """),
        "vague": _lines("""
            not sure really, {genre} perhaps
            whatever, as long as it's {genre}
            {genre} kind of thing
            """),
        "negated": _lines("""
            {wanted}, anything except {refused}
            {wanted} yet please leave out {refused}
            i can't stand {refused}; {wanted}
            """),
        "history_intent": _lines("""
            we enjoyed {titles} and tonight fancy {wish}
            {wish} for people who adore {titles}
            """),
        "attributes": _lines("""
            it should be {parts}
            {parts}, ideally
            """),
        "person": _lines("""
            {name} is great, what else is there
            starring or made by {name}
            """),
        "like_but": _lines("""
            in the vein of {title} yet {more}
            {title} was good, though i'd prefer it {more}
            """),
        "mood": _lines("""
            i'm in a {mood} sort of mood
            make it {mood}
            """),
        "plot": _lines("""
            i forgot the name: {plot}
            somebody told me of a story, {plot}
            """),
    },
    moods=_words("""
        heartbreaking depressing hopeful happy bloody creepy terrifying bleak gritty hilarious
        gripping thrilling cozy bizarre trippy contemplative smart sensual
        """),
    alike=_alike("""
        man=fellow woman=female kill=slay kills=slays finds=stumbles-upon young=juvenile
        discovers=learns becomes=grows-into tries=struggles must=needs-to boy=lad city=metropolis
        family=relatives friend=buddy friends=buddies wife=spouse husband=spouse house=home
        father=dad mother=mum police=cops crime=felony love=affection war=conflict
        killer=murderer money=cash school=college car=vehicle fight=battle fights=battles
        falls=drops girl=lass child=kid children=kids team=crew secret=hidden small=little
        """),
)
