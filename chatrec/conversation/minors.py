"""Whether the one who writes says that they are a child: an age, a class, "I'm under 18".

Works on folded text, in five languages. Children that somebody else speaks of ("for my son, 9")
are read by :mod:`chatrec.conversation.ages`. What is rated for more than the age is never shown in
the conversation again, whatever else is said; where nothing is rated, what its genre calls adult.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from chatrec.conversation.lexicon import Language
from chatrec.conversation.utterance import Span, words_of
from chatrec.data.adults_only import name_adults_only
from chatrec.data.catalog import Catalog
from chatrec.types import Constraints

OF_AGE = 18
YOUNGEST = 3
UNSAID_AGE = 13  # of somebody "under 18" who says no more
CHILD = 7  # of "I'm a kid"
_FIRST_CLASS = 5  # years that the first class is older than its number

_NUMBERS_TEXT = """
three drei trois tres 三|four vier quatre cuatro 四|five funf cinq cinco 五|six sechs seis 六|
seven sieben sept siete 七|eight acht huit ocho 八|nine neun neuf nueve 九|ten zehn dix diez 十|
eleven elf onze once 十一|twelve zwolf douze doce 十二|thirteen dreizehn treize trece 十三|
fourteen vierzehn quatorze catorce 十四|fifteen funfzehn quinze quince 十五|
sixteen sechzehn seize dieciseis 十六|seventeen siebzehn diecisiete 十七
"""
_ORDINALS_TEXT = """
1st first erste ersten premiere primero primer 一|2nd second zweite zweiten deuxieme segundo 二|
3rd third dritte dritten troisieme tercero tercer 三|4th fourth vierte vierten quatrieme cuarto 四|
5th fifth funfte funften cinquieme quinto 五|6th sixth sechste sechsten sixieme sexto 六|
7th seventh siebte siebten septieme septimo 七|8th eighth achte achten huitieme octavo 八|
9th ninth neunte neunten neuvieme noveno 九|10th tenth zehnte zehnten 十|
11th eleventh elfte elften|12th twelfth zwolfte zwolften
"""


def _numbered(text: str, first: int) -> Mapping[str, int]:
    rows = text.replace("\n", "").split("|")
    return {word: n for n, row in enumerate(rows, start=first) for word in row.split()}


_NUMBERS = _numbered(_NUMBERS_TEXT, YOUNGEST)
_ORDINALS = _numbered(_ORDINALS_TEXT, 1)


def _choice(words: Collection[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_N = rf"(?P<n>\d{{1,2}}|{_choice([w for w in _NUMBERS if w.isascii()])})"
_ZH_N = rf"(?P<n>\d{{1,2}}|{_choice([w for w in _NUMBERS if not w.isascii()])})"
_C = rf"(?P<c>\d{{1,2}}|{_choice([w for w in _ORDINALS if w.isascii()])})"
_ZH_C = rf"(?P<c>\d{{1,2}}|{_choice([w for w in _ORDINALS if not w.isascii()])})"
_AM = r"(?:i'?m|i am|we'?re|we are|i(?:'ve)? (?:just |only )?turn(?:ed)?|me and my \w+ are)"
_JUST = (
    r"(?: (?:only|just|still|now|not even|barely|about|nearly|almost|actually|like|a|an|the|both|"
    r"all|turning|your average|average))*"
)
# What may follow a bare number that is an age: "I'm 12 and ...", not "I'm 12 episodes in".
_END = (
    r"(?=\s*(?:$|[.,;:!?()\"-]|(?:and|but|so|what|which|can|could|do|is|please|give|show|recommend|"
    r"suggest|looking|i|i'm|i'd|we|my|too|btw|lol|tho|though|now|next|tomorrow|soon|today|this|"
    r"or|und|aber|also|was|et|mais|y|pero|years?|yrs?|yo)\b)(?! (?:minutes?|hours?|weeks?|months?|"
    r"and a half (?:hours?|weeks?|months?))))"
)
_OLD = r"(?:[ -]?(?:years?|yrs?|yr)(?:[ -]olds?| of age| young)?| ?(?:yo|y/o)\b)"
_BACK = r"(?! (?:at heart|again|inside|of the|in the (?:fifties|sixties|seventies|eighties)|when))"

_AGES = (
    rf"\b{_AM}{_JUST} {_N}{_OLD}(?! (?:into|in the business|sober|married|late))",
    rf"\b{_AM}{_JUST} {_N}{_END}",
    rf"\b(?:my age is|i'?m aged?|age:|aged) {_N}\b(?! to\b)",
    rf"^\W*{_N}{_OLD}(?: (?:old )?(?:here|girl|boy|kid|student)\b|\W*$)",
    rf"\b{_N}{_OLD} here\b",
    rf"\b(?:as|speaking as) an? {_N}{_OLD}\b",
    rf"\bi(?:'ll| will) (?:be|turn) {_N} (?:soon|next|tomorrow|in|this)\b",
    rf"\b(?:ich bin|wir sind|bin|ich werde)(?: (?:erst|gerade|noch|jetzt|schon|ja|nur|bald|beide|"
    rf"alle|ein(?:e)?))* {_N}(?:[ -]?jahr(?:e|en)?(?: alt| jung)?(?! (?:verheiratet|in|im|dabei))|"
    rf"{_END})",
    rf"\b(?:ich bin|wir sind)(?: (?:ein|eine|erst))* {_N}-?jahrige[rn]?\b",
    rf"\b(?:j'ai|on a|nous avons|j'aurai)(?: (?:seulement|juste|bientot|a peine))* {_N} ans\b"
    r"(?! (?:de|d'|que|dans))",
    rf"\b(?:tengo|tenemos|acabo de cumplir|cumplo)(?: (?:solo|apenas|casi))* {_N}(?: anos\b"
    rf"(?! (?:de|en|casad|trabaj|viviendo|sin))|{_END})",
    rf"我(?:们)?(?:今年|现在|才|刚|只有|都|刚满|是|也|快|还|已经){{0,3}}{_ZH_N}\s?岁(?!的|时|那)",
)
_CLASSES = (
    r"\b(?:i'?m|i am|we'?re|we are|i go to|we go to|i just (?:started|finished)|i started|"
    rf"i'?m going into|i'?m starting) (?:still |only |now |just )?(?:in |into )?(?:the )?{_C}"
    r"(?:th|st|nd|rd)? (?:grade|form|class)\b(?! (?:teachers?|film|movie))",
    rf"\b(?:i'?m|i am|we'?re|we are) (?:in |all |both )?(?:an? )?{_C}[ -]?graders?\b",
    rf"\b(?:ich (?:bin|gehe)|wir (?:sind|gehen)) (?:\w+ )?(?:in|aus) (?:die|der) {_C}\.? ?klasse\b",
    rf"\b(?:ich bin|wir sind) (?:\w+ )?{_C}\.?[ -]?klassler(?:in|innen)?\b",
    rf"\b(?:estoy|estamos|voy|vamos) (?:en|a) {_C}[ºo]? (?:de primaria|grado)\b",
    rf"我(?:们)?(?:在|上|是|读|在上|在读|现在|正在|就读){{0,2}}(?:小学)?{_ZH_C}年级",
)
_BE = r"\b(?:i'?m|i am|we'?re|we are)(?: (?:only|just|still|all|both|a|an|the|in|at|from))*"
_GROUPS: tuple[tuple[int, str], ...] = (
    (
        UNSAID_AGE,
        r"\b(?:i'?m|i am|we'?re|we are|i)(?: (?:still|only|just|a|all|am))* (?:under ?-?(?:18|"
        r"eighteen|age)|younger than (?:18|eighteen)|below 18|not (?:yet )?(?:18|eighteen)(?: "
        r"yet)?|"
        r"underage|minors?|teen(?:ager)?s?|tweens?|high[ -]?school(?:ers?| students?)|"
        r"middle[ -]?schoolers?)\b(?! (?:at heart|again|teachers?|romance|comed\w+|films?|movies?|"
        r"dramas?|key|league))",
    ),
    (UNSAID_AGE, rf"{_BE} (?:high school|secondary school|middle school|junior high)"
        r"(?=\s*(?:$|[.,;:!?]|(?:and|so|but|now|right|i|we|what|which|can|student)\b))"),
    (
        UNSAID_AGE,
        r"\bich bin (?:noch |erst )?(?:minderjahrig|(?:nicht|keine) 18|unter 18|ein teenager|"
        r"jugendlicher?)\b|\bwir sind (?:noch |alle |beide )*(?:minderjahrig|unter 18)\b|"
        r"\bje suis (?:encore )?(?:mineure?|ado(?:lescente?)?)\b|\bj'ai moins de (?:18|dix-huit) "
        r"ans\b|"
        r"\bje n'ai pas (?:encore )?(?:18|dix-huit) ans\b|\bje suis (?:au college|au lycee|"
        r"collegien(?:ne)?|lyceen(?:ne)?)\b|\bsoy (?:un |una )?(?:menor(?: de edad)?|"
        r"adolescente)\b|"
        r"\bsomos menores\b|\btengo menos de 18\b|\baun no tengo 18\b|\bestoy en (?:la )?"
        r"secundaria\b|我(?:们)?(?:还|都|是|还是|只是|才是){0,2}(?:未成年|初中生|高中生|中学生|"
        r"没满(?:18|十八)岁|不到(?:18|十八)岁|没到(?:18|十八)岁)",
    ),
    (
        10,
        rf"{_BE} (?:elementary|primary|grade) school\b(?! teachers?)|"
        r"\bi go to (?:elementary|primary|grade) school\b|\bich (?:bin|gehe) (?:\w+ )?(?:in|auf) "
        r"(?:der|die) grundschule\b|\bich bin grundschuler(?:in)?\b|\bje suis (?:en|a l'ecole) "
        r"(?:primaire|cp|ce1|ce2|cm1|cm2)\b|\b(?:estoy|voy) (?:en|a) primaria\b|"
        r"我(?:们)?(?:是|还是|只是|都是|在上|在读)小学",
    ),
    (
        CHILD,
        rf"\b(?:i'?m|i am|we'?re|we are)(?: (?:only|just|still|a|an|all|both|little|small))* "
        rf"(?:kids?|child|children|little (?:girl|boy)|kindergartners?|preschoolers?)\b{_BACK}"
        r"(?! (?:of|person|lover|and (?:a |an )?adult))|\bich bin (?:noch |nur |doch )?ein "
        r"(?:kleines )?"
        r"kind\b(?! der| geblieben)|\bwir sind (?:noch )?kinder\b(?! der)|"
        r"\bje suis (?:encore |juste )?un(?:e)? (?:petite? )?(?:enfant|fille|garcon)\b(?! d)|"
        r"\bsoy (?:solo )?un(?:a)? (?:nin[oa]|crio)(?: pequen[oa])?\b(?! de los)|"
        r"我(?:还|只|就)?是(?:一?个)?(?:小孩|孩子|儿童|小朋友)",
    ),
)  # fmt: skip
_DISCLAIMED = (
    r"\b(?:any (?:age )?rating|r[- ]rated|rated r|nc-?17|18\+|adults? (?:films?|movies?|only|stuff|"
    r"ones?|content)|for (?:adults|grown[- ]?ups)|(?:kidding|joking|lied|i'?m (?:actually|really) "
    r"(?:an adult|\d\d)|i am (?:actually|really) (?:an adult|\d\d)|i'm an adult)|age (?:limit|"
    r"rating|restriction|filter)|(?:fsk|ab) ?18|ab 18|fur erwachsene|pour adultes|para adultos|"
    r"my (?:parents?|mom|mum|dad|mother|father) (?:says?|said|lets?|allows?|is|are) )|成人|18禁|"
    r"骗你的"
)
_AGE = tuple(re.compile(pattern) for pattern in _AGES)
_CLASS = tuple(re.compile(pattern) for pattern in _CLASSES)
_GROUP = tuple((age, re.compile(pattern)) for age, pattern in _GROUPS)
_DISCLAIM = re.compile(_DISCLAIMED)
_NOT_FOR_CHILDREN = frozenset({  # beside the genres that are for adults only
    "erotic", "ecchi", "mature", "sexual content", "nudity", "18", "18 plus", "erotik", "erotique",
    "erotico", "成人",
})  # fmt: skip

NOTES: Mapping[str, Mapping[Language, str]] = {
    "aged": {
        "en": "As you are {}, I show only what is rated for your age in this conversation.",
        "de": "Da du {} bist, zeige ich in diesem Gespräch nur, was für dein Alter freigegeben "
        "ist.",
        "fr": "Comme tu as {} ans, je ne montre ici que ce qui est classé pour ton âge.",
        "es": "Como tienes {} años, aquí solo muestro lo que está calificado para tu edad.",
        "zh": "你{}岁，所以这次对话里我只推荐适合你年龄的作品。",
    },
    "young": {
        "en": "As you are under 18, I show only what is rated for ages up to {} in this "
        "conversation.",
        "de": "Da du unter 18 bist, zeige ich in diesem Gespräch nur, was bis {} Jahre freigegeben "
        "ist.",
        "fr": "Comme tu as moins de 18 ans, je ne montre ici que ce qui est classé jusqu'à {} ans.",
        "es": "Como tienes menos de 18 años, aquí solo muestro lo calificado hasta {} años.",
        "zh": "你未满18岁，所以这次对话里我只推荐{}岁及以下适合的作品。",
    },
    "unrated": {
        "en": "Nothing here is rated by age; I leave out what its genre calls adult. Please choose "
        "together with a grown-up.",
        "de": "Hier hat nichts eine Altersfreigabe; ich lasse weg, was dem Genre nach für "
        "Erwachsene "
        "ist. Such bitte mit einem Erwachsenen aus.",
        "fr": "Rien ici n'est classé par âge ; j'écarte les genres pour adultes. Choisis avec un "
        "adulte.",
        "es": "Aquí nada está calificado por edad; dejo fuera los géneros para adultos. Elige con "
        "un "
        "adulto.",
        "zh": "这里的作品没有年龄分级；我会排除成人类型。请和大人一起挑选。",
    },
    "stays": {
        "en": "The age limit stays for the whole conversation.",
        "de": "Die Altersgrenze gilt für das ganze Gespräch.",
        "fr": "La limite d'âge reste valable pour toute la conversation.",
        "es": "El límite de edad vale para toda la conversación.",
        "zh": "年龄限制在整个对话中都有效。",
    },
}


def age_told(folded: str) -> tuple[int, Span] | None:
    """The age in years of a child who writes, and the words that say so; None for none.

    Of several the youngest; an age that isn't said is put low.

    >>> age_told("i'm 12, any horror films?"), age_told("we are in 5th grade")
    ((12, (0, 6)), (10, (0, 19)))
    >>> age_told("i'm 12 minutes in"), age_told("a film about a boy who is 12")
    (None, None)
    """
    found = [(_years(m["n"], _NUMBERS), m.span()) for p in _AGE for m in p.finditer(folded)]
    found += [
        (_years(m["c"], _ORDINALS) + _FIRST_CLASS, m.span())
        for p in _CLASS
        for m in p.finditer(folded)
    ]
    found += [(age, m.span()) for age, p in _GROUP for m in p.finditer(folded)]
    young = [(age, span) for age, span in found if YOUNGEST <= age < OF_AGE]
    return min(young) if young else None


def disclaims(folded: str) -> bool:
    """Whether a message takes the age back, or asks for what is for adults."""
    return _DISCLAIM.search(folded) is not None


def _years(said: str, words: Mapping[str, int]) -> int:
    return int(said) if said.isdigit() else words[said]


def limits_for(age: int, catalog: Catalog) -> Constraints:
    """What a child of this age isn't shown: by age rating, or by genre where nothing is rated."""
    if any(item.age_rating for item in catalog):
        return Constraints(max_age=age)
    genres = dict.fromkeys(genre for item in catalog for genre in item.genres)
    refused = (g for g in genres if words_of(g) in _NOT_FOR_CHILDREN or name_adults_only([g], []))
    return Constraints(genres_none=tuple(refused))


def note(age: int, folded: str, limits: Constraints, language: Language) -> str:
    """What is said once to a child of this age."""
    if limits.max_age is None:
        return NOTES["unrated"][language]
    said = any(p.search(folded) for p in _AGE)
    return NOTES["aged" if said else "young"][language].format(age)
