"""What people say of how they feel, and the mood that it asks for.

"My girlfriend broke up with me, I need something to cheer me up" asks for something uplifting; a
retriever that takes the words as they stand looks for break-ups. Works on folded text; the moods
are words that :mod:`chatrec.retrieval.moods` spells out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chatrec.conversation.utterance import Span, overlaps

_TO = r"\b(?:(?:that|which) (?:will |would |can |really )*|to |um mich )?"

# The mood asked for | what it is to do to somebody.
_EFFECTS: Mapping[str, str] = {
    "uplifting": r"(?:cheers? (?:me|us|her|him|them|myself|\w+) up|cheer up|"
    r"(?:lifts?|raise) (?:my|our|her|his|their) (?:spirits?|mood)|"
    r"(?:makes? (?:me|us|her|him|them) )?feel (?:better|good again|happy)|"
    r"makes? (?:me|us|her|him|them) (?:smile|happy)|pick[- ]me[- ]up|restores? my faith \w+ \w+|"
    r"(?:zum )?(?:aufmuntern|aufheitern)|(?:me |nous )?(?:remonter|remonte) le moral|"
    r"(?:para )?(?:animarme|alegrarme|levantar\w* el animo))\b|让我开心|开心一点",
    "funny": r"(?:makes? (?:me|us|her|him|them) laugh|(?:for )?a (?:good )?laugh|"
    r"laugh out loud|zum lachen|(?:me |nous )?faire rire|(?:para )?reirme|hacerme reir)\b|让我笑",
    "tearjerker": r"(?:makes? (?:me|us|her|him|them) (?:cry|weep|sob)|"
    r"(?:for )?a good cry|cry my eyes out|zum (?:weinen|heulen)|(?:me |nous )?faire pleurer|"
    r"(?:para |hacerme )llorar)\b|让我哭",
    "scary": r"(?:(?:scares?|terrif(?:y|ies)|frightens?|spooks?) (?:me|us|her|him|them|"
    r"(?:my|the|our) "
    r"\w+)(?: (?:to death|silly|stiff|witless|out of \w+ \w+))?|(?:be|get|feel|being) (?:\w+ "
    r")?(?:scared|terrified|"
    r"frightened|spooked)(?! (?:of|by)\b)(?: (?:to death|silly|stiff|witless|out of (?:my|our) "
    r"\w+))?|"
    r"(?:an?|the|some) (?:\w+ )?(?:fright|good scare|scares|creeps|chills|heebie[- ]?jeebies)|"
    r"(?:jump|leap) out of (?:my|our) (?:skin|seats?)s?|"
    r"gives? (?:me|us) nightmares|zum gruseln|(?:me |nous )?faire peur|darme miedo)\b",
    "tense": r"(?:(?:on|at) the edge of (?:my|our) seats?|keeps? (?:me|us) (?:awake|up|"
    r"guessing)|gets? my (?:heart|blood) \w+)\b",
    "thought-provoking": r"(?:makes? (?:me|us|you) think|zum nachdenken|"
    r"(?:me |nous )?faire reflechir|(?:para |hacerme )pensar)\b",
    "gentle": r"(?:help(?:s)? (?:me|us) (?:relax|unwind|sleep|fall asleep)|unwind|"
    r"wind down|switch off|calms? (?:me|us) down|zum (?:entspannen|einschlafen|abschalten)|"
    r"me detendre|(?:para )?relajarme)\b",
}
# The mood that fits, unless something else is asked for | what has happened to somebody.
_STATES: Mapping[str, str] = {
    "uplifting": r"\b(?:(?:my|his|her) (?:girlfriend|boyfriend|wife|husband|partner|ex|fiancee?) "
    r"(?:has |just )*(?:broke up with|left|dumped|cheated on) (?:me|him|her)|"
    r"(?:(?:i|we)(?:'ve)? )?(?:have |just )*(?:got|been|broke|broken|split) (?:dumped|fired|"
    r"up with \w+(?: \w+)?|up)|i(?:'ve)? (?:just )?(?:lost|failed) my \w+|"
    r"(?:i|we)(?:'ve)? (?:have |just )*(?:had|having) (?:a|an|such a) (?:really |very )?(?:bad|"
    r"rough|tough|hard|horrible|terrible|awful|shitty|crappy) (?:day|week|month|year|time)|"
    r"i(?:'m| am| feel|'ve been| have been)(?: feeling)? (?:so |really |very |a bit |"
    r"pretty )*(?:sad|down|low|depressed|lonely|heartbroken|miserable|blue|homesick))\b",
    "gentle": r"\b(?:i(?:'m| am| feel)|we(?:'re| are))(?: feeling)? (?:so |really |very |a bit |"
    r"pretty |completely |totally )*(?:tired(?! of)|exhausted|stressed(?: out)?|sick|ill|hung "
    r"?over|"
    r"anxious|overworked|burnt out|burned out)\b",
    "": r"\b(?:i(?:'m| am| feel)|we(?:'re| are))(?: feeling)? (?:so |really |very |a bit |"
    r"pretty )*(?:bored|home alone|in bed|on the (?:couch|sofa)|stuck at home)\b|"
    r"\bit(?:'s| is) (?:raining|snowing|cold|hot) (?:outside|today|tonight|here)\b",
}


_EXCEPTED = re.compile(r"\b(?:unless|except(?: if| when)?|only if|but only)\b[^.,;!?]*$")


@dataclass(frozen=True, slots=True)
class Felt:
    """The moods that a message speaks of, and where it does.

    ``asked`` are those that it asks for by what it is to do, ``suited`` those that would suit how
    somebody feels; ``spans`` is where both are said.
    """

    asked: tuple[str, ...] = ()
    suited: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()

    def moods(self, wish: str) -> tuple[str, ...]:
        """The moods for a message whose other words are ``wish``; what suits yields to a wish."""
        return self.asked or (() if wish else self.suited)


def read_feelings(folded: str) -> Felt:
    """What a message with its titles masked says of feelings.

    >>> read_feelings("i'm feeling down, something to make me laugh").asked
    ('funny',)
    """
    spans: list[Span] = []
    asked = _found(folded, _EFFECTS, _TO, spans)
    return Felt(asked, _found(folded, _STATES, "", spans), tuple(spans))


def _found(
    folded: str, table: Mapping[str, str], before: str, spans: list[Span]
) -> tuple[str, ...]:
    moods = []
    for mood, pattern in table.items():
        for match in re.finditer(before + pattern, folded):
            if _EXCEPTED.search(folded[: match.start()]):
                continue  # "no horror unless it makes us laugh" is read as genres
            if not overlaps(match.span(), spans):
                spans.append(match.span())
                moods.append(mood)
    return tuple(dict.fromkeys(mood for mood in moods if mood))
