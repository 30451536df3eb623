"""How questions are worded, in five languages, and which plain answers to them are understood.

Data and look-ups. ``{}`` stands for what is offered, joined by "or".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chatrec.conversation import lexicon
from chatrec.conversation.attributes import FACT
from chatrec.conversation.labels import named
from chatrec.conversation.lexicon import Language
from chatrec.conversation.utterance import Span, words_of
from chatrec.generation.themes import theme

_Words = Mapping[Language, str]

_QUESTIONS: Mapping[str, _Words] = {
    "genre": {
        "en": "Which comes closest to your mood: {}?",
        "de": "Was trifft deine Stimmung am ehesten: {}?",
        "fr": "Qu'est-ce qui vous tente le plus : {} ?",
        "es": "¿Qué te apetece más: {}?",
        "zh": "你更想要哪一种：{}？",
    },
    "decade": {
        "en": "Do you have a time in mind, say {}?",
        "de": "Denkst du an eine bestimmte Zeit, etwa {}?",
        "fr": "Avez-vous une époque en tête, par exemple {} ?",
        "es": "¿Piensas en alguna época, por ejemplo {}?",
        "zh": "有偏好的年代吗，比如{}？",
    },
    "country": {
        "en": "Should it come from somewhere in particular, say {}?",
        "de": "Soll es von irgendwo Bestimmtem kommen, etwa {}?",
        "fr": "Une préférence pour l'origine, par exemple {} ?",
        "es": "¿Prefieres algún país, por ejemplo {}?",
        "zh": "对国家或地区有偏好吗，比如{}？",
    },
    "language": {
        "en": "Which language would you like: {}?",
        "de": "Welche Sprache wäre dir recht: {}?",
        "fr": "Quelle langue préférez-vous : {} ?",
        "es": "¿Qué idioma prefieres: {}?",
        "zh": "你想要哪种语言：{}？",
    },
    "runtime": {
        "en": "Should it be shorter or longer than {} minutes?",
        "de": "Soll es kürzer oder länger als {} Minuten sein?",
        "fr": "Plutôt plus court ou plus long que {} minutes ?",
        "es": "¿Mejor más corto o más largo que {} minutos?",
        "zh": "想要短于还是长于{}分钟的？",
    },
    "price": {
        "en": "Should it cost no more than {}?",
        "de": "Soll es höchstens {} kosten?",
        "fr": "Faut-il que le prix ne dépasse pas {} ?",
        "es": "¿Debe costar como mucho {}?",
        "zh": "价格要不超过{}吗？",
    },
    "person": {
        "en": "Would you like something with {}?",
        "de": "Möchtest du etwas mit {}?",
        "fr": "Aimeriez-vous quelque chose avec {} ?",
        "es": "¿Te gustaría algo con {}?",
        "zh": "想要有{}参与的吗？",
    },
    "theme": {"en": "How about something with {} in it?"},
    "item": {
        "en": "Is {} the kind of thing you mean?",
        "de": "Geht {} in die richtige Richtung?",
        "fr": "{}, est-ce le genre de chose que vous cherchez ?",
        "es": "¿Es {} el tipo de cosa que buscas?",
        "zh": "《{}》是你想要的那种吗？",
    },
    FACT: {
        "en": "Any preference for {}: {}?",
        "de": "Hast du bei {} eine Vorliebe: {}?",
        "fr": "Une préférence pour {} : {} ?",
        "es": "¿Alguna preferencia de {}: {}?",
        "zh": "对{}有偏好吗：{}？",
    },
}
_OR: _Words = {"en": " or ", "de": " oder ", "fr": " ou ", "es": " o ", "zh": "还是"}
_COMMA: _Words = {"en": ", ", "de": ", ", "fr": ", ", "es": ", ", "zh": "、"}
_DECADE: _Words = {
    "en": "the {}s",
    "de": "die {}er",
    "fr": "les années {}",
    "es": "los años {}",
    "zh": "{}年代",
}
SETTLED: _Words = {
    "en": "Fine, that's open then.",
    "de": "Gut, das bleibt offen.",
    "fr": "Très bien, on laisse cela ouvert.",
    "es": "Bien, eso queda abierto.",
    "zh": "好的，这一点不限。",
}
_ENGLISH: Mapping[str, str] = {  # an answer as the understanding reads it
    "genre": "more {}",
    "decade": "from the {}s",
    "country": "from {}",
    "language": "in {}",
    "person": "with {}",
    "theme": "with {}",
}
_WITH_ARTICLE = frozenset(
    ("USA", "UK", "Netherlands", "Soviet Union", "Czech Republic", "Philippines")
)
_FILM_GENRES = frozenset(
    form for names, _ in lexicon.GENRES.values() for form in lexicon.forms(names)
)

_YES = re.compile(
    r"\W*(?:yes|yeah|yep|yup|sure|ok|okay|please|exactly|right|good idea|sounds good|why not|"
    r"ja|gern|gerne|genau|klar|oui|d'accord|volontiers|si|vale|claro|exacto|是|是的|好|好的|对|嗯|要)"
    r"(?:\W+(?:please|bitte|gerne?|s'il (?:vous|te) plait|por favor|it is|that's it|exactly|sure))*"
    r"\W*"
)
_NO = re.compile(
    r"\W*(?:no|nope|nah|not really|not quite|rather not|no thanks|no,? thank you|nein|nee|"
    r"nicht wirklich|lieber nicht|nein danke|non|pas vraiment|non merci|no gracias|"
    r"不|不是|不要|没有|不用)(?:\W+(?:thanks|thank you|danke|merci|gracias))*\W*"
)
_OPEN = re.compile(
    r"\W*(?:(?:oh|well|hm+|no|um|i|it|that|honestly|really)\W+)*"
    r"(?:(?:do not|don't|dont|doesn't|doesnt) "
    r"(?:really )?(?:care|mind|matter|know)(?: really| much| either way)?|no (?:real )?"
    r"(?:preference|idea)|any(?:thing|one| of them| will do| is fine)?|"
    r"either(?: one| is fine| way)?|"
    r"whatever|whichever|both(?: are fine)?|all of them|you (?:choose|decide|pick)|surprise me|"
    r"not (?:important|sure|fussed|picky)|idk|dunno|all the same|makes no difference|"
    r"(?:ist |das ist )?(?:mir )?(?:egal|gleich|wurscht)|"
    r"keine (?:praferenz|ahnung|vorliebe)|beides|"
    r"weiss (?:ich )?nicht|entscheide du|peu importe|n'importe(?: lequel| laquelle| quoi)?|"
    r"(?:ca )?m'est egal|les deux|pas de preference|je ne sais pas|comme (?:vous voulez|tu veux)|"
    r"(?:me )?da igual|cualquiera|los dos|las dos|ambos|sin preferencia|no (?:lo )?se|no importa|"
    r"lo que sea|都行|都可以|随便|无所谓|没有偏好|不知道|你决定)"
    r"(?:\W+(?:to me|really|thanks|please|then|honestly))*\W*"
)
_NEITHER = re.compile(
    r"\W*(?:neither(?: of (?:them|those|these))?|none(?: of (?:them|those))?|weder noch|"
    r"keins(?: davon)?|keines|keine davon|ni l'un ni l'autre|aucun(?: des (?:deux|trois))?|"
    r"ninguno|ninguna|都不要|都不|都不是)(?:\W+(?:really|please|thanks))*\W*"
)
_LESS = re.compile(
    r"\b(?:short\w*|under|less|below|quick\w*|kurz\w*|unter|weniger|court\w*|moins|cort[oa]s?|menos)\b"
    r"|短|少"
)
_MORE = re.compile(
    r"\b(?:long\w*|over|more|above|epic|lang\w*|langer\w*|mehr|uber|plus|larg[oa]s?|mas)\b|长|多"
)
_HURRIED = re.compile(
    r"^\W*quick\W*[,!:]|\b(?:hurry(?: up)?|be quick|quickly|quick (?:one|question)|asap|right now|"
    r"no time|short on time|just (?:give|show|tell|pick|recommend)|stop asking|don't ask|"
    r"(?:no|stop (?:asking|with the)|enough|without) (?:more )?questions?|"
    r"eilig|beeil\w*|schnell|keine (?:ruck)?fragen|frag nicht|"
    r"vite|suis pressee?|pas de questions?|depeche\w*|"
    r"prisa|rapido|apurate|sin preguntas|no preguntes)\b|赶时间|快点|马上|别问"
)


def question_text(kind: str, values: Sequence[str], language: Language) -> str:
    """The question about what is offered; "" where it can't be put in the language.

    >>> question_text("decade", ("1980", "1990"), "en")
    'Do you have a time in mind, say the 1980s or the 1990s?'
    """
    fact = kind.startswith(FACT)
    wording = _QUESTIONS[FACT if fact else kind].get(language)
    if wording is None:
        return ""
    offered = _joined([spoken(kind, value, language) for value in values], language)
    column = kind.removeprefix(FACT).replace("_", " ")
    return wording.format(column, offered) if fact else wording.format(offered)


def spoken(kind: str, value: str, language: Language) -> str:
    """A value as it is said inside a sentence.

    >>> spoken("genre", "Comedy", "en"), spoken("decade", "1980", "de")
    ('comedy', 'die 1980er')
    """
    if kind == "genre":
        name = named("genre", value, language)
        plain = language == "en" and words_of(name) in _FILM_GENRES
        return name.lower() if plain else name
    if kind == "decade":
        return _DECADE[language].format(value)
    if kind in ("country", "language"):
        article = "the " if language == "en" and value in _WITH_ARTICLE else ""
        return article + named(kind, value, language)
    return theme(value) if kind == "theme" else value


def in_english(kind: str, value: str) -> str:
    """An answer that names a value, as the understanding reads it in any conversation.

    >>> in_english("runtime", "-100"), in_english("runtime", "+100"), in_english("genre", "Crime")
    ('up to 100 minutes', 'more than 100 minutes', 'more crime')
    """
    if kind == "genre":
        value = value.lower()  # "Romance" and "Horror" are titles too
    if kind == "runtime":
        return f"{'up to' if value[0] == '-' else 'more than'} {value[1:]} minutes"
    if kind == "price":
        return f"up to ${value[1:]}"
    return _ENGLISH.get(kind, "{}").format(value)


def is_yes(folded: str) -> bool:
    """Whether the whole message agrees."""
    return _YES.fullmatch(folded) is not None


def is_no(folded: str) -> bool:
    """Whether the whole message says no and nothing else."""
    return _NO.fullmatch(folded) is not None


def is_open(folded: str) -> bool:
    """Whether the whole message says that it doesn't matter.

    >>> is_open("i don't care"), is_open("either"), is_open("anything but horror")
    (True, True, False)
    """
    return _OPEN.fullmatch(folded) is not None


def is_neither(folded: str) -> bool:
    """Whether the whole message wants none of what was offered."""
    return _NEITHER.fullmatch(folded) is not None


def half_named(folded: str) -> tuple[str, list[Span]]:
    """Which half the message asks for, and where it says so.

    "-" stands for shorter or less, "+" for longer or more, "" for neither or both.
    """
    less = [match.span() for match in _LESS.finditer(folded)]
    more = [match.span() for match in _MORE.finditer(folded)]
    if bool(less) == bool(more):
        return "", []
    return ("-", less) if less else ("+", more)


def is_hurried(folded: str) -> bool:
    """Whether the user has no time, or wants no questions."""
    return _HURRIED.search(folded) is not None


def _joined(parts: Sequence[str], language: Language) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{_COMMA[language].join(parts[:-1])}{_OR[language]}{parts[-1]}"
