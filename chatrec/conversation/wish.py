"""The free-text wish: what of a message goes to retrieval, and whether it wishes at all.

What has been read as a title, a refusal or a number is cut out, since a retriever can't negate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatrec.conversation.utterance import MASK, Span, split

SIGNAL = re.compile(
    r"\b(?:recommend\w*|suggest\w*|watch|movies?|films?|something|anything|looking for|"
    r"look for|searching for|show me|give me|"
    r"find me|find|i want|i'd like|we want|in the mood|mood for|feel like|fancy|"
    r"what should|what can i|any ideas|surprise me|pick|"
    r"uberrasche? (?:mich|uns)|surpren(?:ez|ds)-moi|sorprend[ea]me|"
    r"games?|books?|songs?|title|tonight|empfiehl\w*|empfehl\w*|filme?n?|etwas|zeig|suche|"
    r"ich (?:will|mochte)|lust auf|vorschlag\w*|"
    r"recommande\w*|conseille\w*|quelque chose|cherche|je veux|je voudrais|propose\w*|"
    r"recomienda\w*|recomiend\w*|algo|busco|quiero|"
    r"peliculas?|sugier\w*)\b|推荐|电影|片子|想看|有什么|找|随便|惊喜"
)
_FILLER_TEXT = """
why whatever idk dunno nah nope yeah yep next surprise together came come without in on
uberrasch uberrasche surprenez surprends sorprendeme sorprendame
don't dont doesn't didn't wouldn't mag habe keine keinen mind son daughter sons daughters kid
kids child children boy girl c' d' j' l' m' n' qu' s' t' a about again similar same all already
also an and any anything are as at be best but by can could do does either else few find fine
for from gimme give good got great had has have help hello hey hi how i i'd i'll i'm i've idea
ideas if in instead is it it's its just kind know let let's like list little look looking lot
love make many may maybe me mood more most movie movies film films my need new nice no not now
of off ok okay on one ones only or other others our out over perhaps pick please prefer
preferably rather really recommend recommendation recommendations search searching see should
show so some someone something sort such suggest suggestion suggestions sure than thank thanks
that that's the them then there these they thing things think this those time to today tonight
too try up us very want wanted was watch we well were what what's which while who will with
would yes yet you your actually always never ever feel fancy filter today's evening title titles
app apps game games book books read play put get story think seen liked loved both different
another before after bored sorry aber
alle als am an auch auf aus bitte danke das dem den der des die dir doch ein eine einem einen
einer eines er es etwas filme filmen fur gerne gib guten gute guter gutes haben hatte heute ich
im in ist jetzt kann kannst lieber mal mehr mich mir mit mochte nach nicht noch nur oder schauen
sehen sein sie so such suche und uns von was welche welchen will wir wurde zeig zeige zu zum zur
empfiehl empfehlen anschauen abend au aussi avec bien bon bonne ce cela ces cet cette chose
comme d'un d'une dans de des donne du elle en est et etre fait faire il j'ai j'aime j'aimerais
je l'ai la le les leur ma mais mes moi mon ne nous on ou par pas peu plus pour propose que
quelque quelques qui recommande regarder sa sans ses soir son sur suis sur ta te tout tres tu un
une veux voir voudrais vous y cherche al algo alguna algun buena bueno como con de del dame el
ella en es esta este favor ha hay hoy la las lo los me mi mis muy noche nos o para pelicula
peliculas pero por puedes que quiero recomienda se ser si sin sobre su sus un una unas unos ver
y ya yo busco
"""
_FILLERS = frozenset(_FILLER_TEXT.split())
_COMPOUNDS = re.compile(  # "feel-good" is no filler, though its parts are; "surprends-moi" is one
    r"(?!surpren)\b[^\W\d_]{3,}-[^\W\d_]{3,}|\bfeel good (?=\w)"
)
_CJK_FILLERS = re.compile(
    r"(?:有没有|随便|惊喜|一样|我|想|看|请|给|推荐|一部|一个|一些|几部|部|个|的|电影|片子|片|有|什么|吗|吧|呢|要|是|来|点|也|好|可以|适合|在|和|和|年代|年|里)"
)
_EDGES = re.compile(
    r"^(?:\s|[,.;:!?&/()\"'的-]|(?:(?:what|how) about|"
    r"sorry to (?:bother|disturb|interrupt)(?: you)?(?: again)?|"
    r"and|but|or|also|with|then|und|aber|oder|et|mais|ou|y|"
    r"pero|o|now|actually|just|please|ok|okay|sorry|well|hmm|alright|thanks|jetzt|maintenant|ahora|des)\b)+|(?:\s|[,;:&/(\"'-]|\b(?:and|but|"
    r"or|with|from|like|by|a|an|the|und|aber|oder|et|mais|ou|pero|des|de|du|aus|den|los|"
    r"las|del|vom))+$",
    re.IGNORECASE,
)


def wish_text(text: str, folded: str, cut: Sequence[Span], telling: Sequence[Span] = ()) -> str:
    """The user's words less the spans to cut; empty where only everyday words are left.

    ``telling`` are spans of words that say something although they are everyday ones.
    """
    chars, shadow = list(text), list(folded)
    for start, end in cut:
        chars[start:end] = shadow[start:end] = MASK * (end - start)
    kept = _tidy("".join(chars))
    return kept if telling or content_words("".join(shadow)) else ""


def is_filler(word: str) -> bool:
    """Whether a folded word says nothing about a wish."""
    return word in _FILLERS


def content_words(folded: str) -> list[str]:
    """The words that say something about a wish, everyday words left out."""
    words = [word.text for word in split(folded.replace(MASK, " "))]
    compounds = _COMPOUNDS.findall(folded)
    kept = compounds + [
        word for word in words if word not in _FILLERS and not word.isdigit() and len(word) > 1
    ]
    return [word for word in kept if ord(word[0]) < 0x2FFF or _CJK_FILLERS.sub("", word)]


def _tidy(text: str) -> str:
    text = re.sub(rf"[{MASK}]+", " ", text)
    text = re.sub(r"\(\s*\)|\"\s*\"", " ", text)
    text = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", text))
    text = re.sub(r"([,.;:!?])[\s,.;:!?]*(?=[,.;:!?])", "", text)
    text = re.sub(r"\s+\b(?:from|in|with|by|of|like|aus|des|de|vom)\b\s*(?=[,.;!?])", "", text)
    before = None
    while before != text:
        before, text = text, _EDGES.sub("", text)
    return text.strip()
