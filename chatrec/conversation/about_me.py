"""Recognises what visitors say about the profile: show it, forget one thing, forget everything,
get to know me (titles to judge, :mod:`chatrec.conversation.onboarding`).

Works on folded text; what the profile holds is the business of
:mod:`chatrec.conversation.profile`. "Forget everything" alone starts the conversation over
(:mod:`chatrec.conversation.commands`) and keeps the profile; "forget me" deletes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from chatrec.conversation import profile
from chatrec.conversation.causes import Entry
from chatrec.conversation.lexicon import Language
from chatrec.conversation.profile_words import speak
from chatrec.conversation.state import DialogueState
from chatrec.conversation.utterance import Utterance
from chatrec.data.catalog import Catalog

Read = Callable[[str], Collection[Entry]]

_SHOW: Mapping[Language, str] = {
    "en": r"(?:so )?(?:(?:tell|show) me )?what (?:do you|you|have you|you have|did you|you've) "
    r"(?:already )?(?:know|think|believe|remember|remembered|learnt|learned|stored|store|saved|"
    r"hold) (?:about|of|on) me(?: so far| already)?|"
    r"what do you (?:think|believe) (?:that )?i (?:like|want)|"
    r"(?:show (?:me )?|what'?s in |what is in )?my (?:profile|preferences|tastes?)",
    "de": r"was wei(?:ss|ß)t du (?:schon )?(?:uber mich|von mir)|(?:zeig (?:mir )?)?mein profil",
    "fr": r"(?:que|qu'est-ce que) (?:sais-tu|tu sais|savez-vous|vous savez)(?: deja)? "
    r"(?:de|sur) moi|(?:montre(?:-moi|z-moi)? )?mon profil",
    "es": r"que sabes (?:ya )?(?:de|sobre) mi|(?:muestra(?:me)? )?mi perfil",
    "zh": r"你(?:都)?(?:知道|了解|记得)我(?:的)?(?:什么|哪些)|我的(?:档案|资料|偏好)",
}
_FORGET_ALL: Mapping[Language, str] = {
    "en": r"(?:forget|delete|erase) (?:all |everything )(?:of it )?(?:you (?:know|have) )?"
    r"(?:about|on) me|forget (?:about )?me(?: completely| entirely)?|"
    r"(?:delete|erase|clear|remove|forget|wipe) (?:all )?(?:of )?my "
    r"(?:data|profile|tastes?|preferences)",
    "de": r"vergiss mich(?: ganz)?|vergiss alles (?:uber mich|von mir)|losche mein profil",
    "fr": r"oublie(?:z)?[- ]moi|oublie(?:z)? tout (?:de|sur) moi|"
    r"(?:efface|supprime)[rz]? mon profil",
    "es": r"olvidame|olvida todo (?:de|sobre) mi|(?:borra|elimina) mi perfil",
    "zh": r"忘(?:了|记|掉)我|删除我的(?:资料|数据|档案)",
}
_TITLES = r"(?:titles?|films?|movies?|books?|games?|songs?|things|items)"
_RATE: Mapping[Language, str] = {
    "en": rf"(?:let me|i want to|i'd like to|can i) (?:rate|judge) (?:a few|some|three|3|\w+)? ?"
    rf"{_TITLES}|rate (?:a few|some|three|3) {_TITLES}|"
    rf"ask me about (?:a few|some|three|3) {_TITLES}|get to know me(?: better)?|"
    rf"(?:learn|find out) what i like|(?:i don't|i do not) know what i (?:like|want)",
    "de": r"(?:lass mich|ich will|ich mochte) (?:ein paar |drei |einige )?"
    r"(?:titel|filme|bucher|spiele) bewerten|lern mich (?:besser )?kennen|"
    r"ich wei(?:ss|ß) nicht,? was ich mag",
    "fr": r"(?:je veux|je voudrais|laisse-moi|laissez-moi) noter (?:quelques |trois |des )?"
    r"(?:titres|films|livres|jeux)|apprends a me connaitre|je ne sais pas ce que j'aime",
    "es": r"(?:quiero|dejame) (?:puntuar|valorar) (?:algunos |unos |tres )?"
    r"(?:titulos|libros|juegos)|(?:quiero|dejame) (?:puntuar|valorar) (?:algunas |unas |tres )?"
    r"peliculas|conoceme(?: mejor)?|no se que me gusta",
    "zh": r"(?:让我|我想)评(?:价|分)?(?:几|三)(?:部|个|本)(?:作品|电影|书|游戏)?|了解一下我|"
    r"我不知道(?:我)?喜欢什么",
}
_VERBS = (
    r"(?:(?:really|always|only|do|don't|do not|didn't|never|have|am|was|not) )*"
    r"(?:like[ds]?|love[ds]?|enjoy(?:ed)?|hate[ds]?|dislike[ds]?|said|want(?:ed)?|prefer(?:red)?|"
    r"seen|saw|watch(?:ed)?|read|played|know)(?: (?:i|no|to|about)\b)*"
)
_FORGET: Mapping[Language, str] = {
    "en": rf"(?:forget|delete|remove) (?:that |about )?(?:i|we)(?:'ve|'m)? {_VERBS} (?P<a>.+?)|"
    r"(?:forget|delete|remove) (?P<b>.+?) from my (?:profile|likes|dislikes|tastes?|history)",
    "de": r"vergiss,? dass ich (?:nicht )?(?P<a>.+?) "
    r"(?:mag|liebe|kenne|hasse|will|mochte|gesehen habe|gelesen habe)",
    "fr": r"oublie(?:z)? que (?:j'aime|j'adore|je n'aime pas|je deteste|j'ai (?:vu|lu)|je veux) "
    r"(?P<a>.+?)",
    "es": r"olvida que (?:no )?(?:me gustan?|odio|quiero|he visto|vi) (?P<a>.+?)",
    "zh": r"忘(?:了|记|掉)我(?:不)?(?:喜欢|讨厌|看过|想要)(?P<a>.+?)",
}
_ARTICLES = re.compile(r"^(?:the|an?|any|some|les?|la|des|du|los|las|el|die|der|das|den|keinen?) ")


def _whole(patterns: Mapping[Language, str]) -> Mapping[Language, re.Pattern[str]]:
    before = r"^\W*(?:(?:please|bitte|por favor|ok|okay|can you|could you|now|请)\W+)*"
    after = r"\W*(?:(?:please|bitte|now|por favor|s'il (?:te|vous) plait)\W*)?$"
    return {
        language: re.compile(f"{before}(?:{pattern}){after}")
        for language, pattern in patterns.items()
    }


Act = Literal["show", "forget_all", "forget", "rate"]
_PATTERNS: Mapping[Act, Mapping[Language, re.Pattern[str]]] = {
    "show": _whole(_SHOW),
    "forget_all": _whole(_FORGET_ALL),
    "forget": _whole(_FORGET),
    "rate": _whole(_RATE),
}


@dataclass(frozen=True, slots=True)
class AboutMe:
    """What is to be done, said in ``language``; ``words`` name what to forget, folded."""

    act: Act
    language: Language
    words: str = ""


def about_me_in(folded: str) -> AboutMe | None:
    """What the whole message asks about the profile, None where it asks nothing of the kind.

    >>> about_me_in("forget that i like horror")
    AboutMe(act='forget', language='en', words='horror')
    """
    for act, patterns in _PATTERNS.items():
        for language, pattern in patterns.items():
            match = pattern.match(folded)
            if match is not None:
                words = next(filter(None, match.groups()), "").strip(" \"'.,!?。")
                return AboutMe(act, language, _ARTICLES.sub("", words))
    return None


@dataclass(frozen=True, slots=True)
class Told:
    """What a message about the profile comes to.

    It is the state that it leads to, and what is said; or ``titles`` are to be asked about.
    """

    state: DialogueState
    note: str = ""
    titles: bool = False


def answered(
    utterance: Utterance, state: DialogueState, catalog: Catalog, read: Read
) -> Told | None:
    """What a message about the profile comes to; None for other messages.

    ``read`` gives what words alone would make a state hold; that is meant too.
    """
    asked = about_me_in(utterance.folded)
    if asked is None:
        return None
    language, state = asked.language, replace(state, language=asked.language)
    match asked.act:
        case "rate":
            return Told(state, titles=True)
        case "show":
            return Told(state, profile.spoken(state, catalog, language))
        case "forget_all":
            bare = replace(profile.forget_all(state), turns=state.turns[-1:])  # "forget me" itself
            return Told(bare, speak("forgot_all", language))
        case "forget":
            return _forgotten(asked, state, catalog, read)


def _forgotten(asked: AboutMe, state: DialogueState, catalog: Catalog, read: Read) -> Told:
    found = profile.meant(state, asked.words, read(asked.words), catalog)
    if not found:
        return Told(state, speak("no_such", asked.language, asked.words))
    for belief in found:
        if profile.holds(state, belief.what, belief.value):  # one may have been part of another
            state = profile.forget(state, belief.what, belief.value)
    texts = dict.fromkeys(belief.text for belief in found)
    return Told(state, speak("forgot", asked.language, ", ".join(texts)))
