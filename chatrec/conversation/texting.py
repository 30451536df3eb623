"""Writes out what is shortened on phones: "smth w/ u" is "something with you", "dont" is "don't".

Only words in small letters, and only English ones; titles keep theirs by being written large or
quoted. Knows no catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatrec.conversation.utterance import Utterance

_SHORT_TEXT = """
smth=something sth=something smthn=something smthg=something smthng=something somethin=something
sumthin=something sumthing=something nth=nothing nthg=nothing nothin=nothing anythin=anything
nething=anything plz=please pls=please plss=please plse=please thx=thanks thnx=thanks tnx=thanks
u=you ur=your wanna=want@to gonna=going@to gotta=have@to lemme=let@me abt=about bc=because
coz=because b4=before ppl=people tho=though rly=really rlly=really srsly=seriously def=definitely
prolly=probably probs=probably tonite=tonight 2nite=tonight 2night=tonight thru=through luv=love
luved=loved luvd=loved lovd=loved wat=what wot=what wut=what wats=what's wots=what's
docu=documentary yrs=years yr=year newr=newer oldr=older shortr=shorter longr=longer
betr=better bettr=better
mins=minutes rec=recommend recs=recommendations flicc=flick gud=good gr8=great defo=definitely
whos=who's hows=how's wheres=where's thats=that's theres=there's
dont=don't cant=can't didnt=didn't
doesnt=doesn't isnt=isn't wasnt=wasn't wont=won't havent=haven't hasnt=hasn't couldnt=couldn't
wouldnt=wouldn't shouldnt=shouldn't arent=aren't werent=weren't lets=let's im=i'm ive=i've
youre=you're theyre=they're weve=we've theyve=they've hes=he's shes=she's youve=you've
"""
_SHORT: Mapping[str, str] = {
    short: full.replace("@", " ")
    for short, full in (pair.split("=") for pair in _SHORT_TEXT.split())
}
_I_NOT = re.compile(  # of people who learn English: "i not want"
    r"(?<![\w'])(?P<who>[Ii]) (?:not|no) (?=(?:like|want|know|see|love|understand)\b)"
)
_EQUALS = re.compile(r"(?<=\w) +=+>? +(?=\w)")  # "Heat = perfection"
_WORDS = re.compile(
    rf"(?<![\w'/.-])(?:(?P<out>w/o)|(?P<with>w/|w(?=\s+[^\W\d_]{{2,}}))|(?P<any>ne)(?=\s+(?:with|"
    rf"about|"
    rf"from|more|others?|good|by|of|in|like)\b)|(?P<some>sum)(?=\s+[^\W\d_]{{3,}})|"
    rf"(?P<and>n)(?=\s+[^\W\d_]{{3,}})|"
    rf"(?P<would>id)(?=\s+(?:rather|like|love|prefer|want|say|go)\b)|(?P<are>r)(?=\s+(?:there|"
    rf"they|you|u|we|those|"
    rf"these)\b)|"
    rf"(?P<short>{'|'.join(sorted(_SHORT, key=len, reverse=True))})(?![\w'/-]|\.\w))"
)


def written_out(utterance: Utterance) -> Utterance:
    """The message with its shortened words written out; one without any is given back as it is.

    >>> written_out(Utterance("smth funny w/ robots, plz")).text
    'something funny with robots, please'
    """
    if utterance.language != "en":
        return utterance
    text = _I_NOT.sub(r"\g<who> don't ", utterance.text)
    text = _EQUALS.sub(" is ", _WORDS.sub(_full, text))
    return (
        utterance
        if text == utterance.text
        else Utterance(re.sub(r"\s+", " ", text).strip(), utterance.cut, utterance.fallback)
    )


def _full(match: re.Match[str]) -> str:
    if match["out"]:
        return "without"
    if match["with"]:
        return "with "
    for plain, full in (("any", "any"), ("some", "some"), ("and", "and"), ("would", "i'd")):
        if match[plain]:
            return full
    return "are" if match["are"] else _SHORT[match["short"]]
