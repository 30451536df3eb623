"""How evidence is worded besides the leading plans: prompt lines, tails, and special words.

Wording only; the forms are those of plans.py.
"""

from __future__ import annotations

from chatrec.generation.words import word_set

FACT_LINES = {
    "genre": "genre: {name}",
    "creator": "{made_by} {name}",
    "cast": "with {name}",
    "year": "year: {name}",
    "country": "made in {country}",
    "language": "language: {name}",
    "silent": "a silent {noun}",
    "runtime": "length: {name}",
    "age_rating": "rated {name}",
    "keyword": "theme: {name}",
    "keyword_mood": "mood: {name}",
    "description": "{blurb}: {Story}",
    "price": "price: {name}",
    "fact": "{column}: {value}",
    "shared_creator": "{made_by} {name}, as {title}, which you liked",
    "shared_cast": "with {name}, as {title}, which you liked",
    "shared_genre": "genre: {name}, as {title}, which you liked",
    "shared_keyword": "theme: {name}, as {title}, which you liked",
    "shared_keyword_mood": "mood: {name}, as {title}, which you liked",
    "similar": "close to {title}, which you liked",
    "match": "you asked for: {text}",
    "match_mood": "you asked for: {text}",
}

TAILS: dict[str, tuple[str, ...]] = {
    "shared_creator": ("{name} {made} {title} too", "with {name}, {role} of {title}, behind it"),
    "shared_cast": ("with {name}, also in {title}, in the cast", "{name} is in it, as in {title}"),
    "shared_genre": (
        "it shares the {name} genre with {title}",
        "with {name} as its genre, as in {title}",
    ),
    "shared_keyword": (
        "it shares {name} with {title}",
        "with {name} as a theme, as in {title}",
        "like {title} it has {name} as a theme",
    ),
    "shared_keyword_mood": ("it is as {name} as {title}", "with the {name} mood of {title}"),
    "similar": ("it is close to {title}", "it sits near {title}, which you liked"),
    "match": ("it has the {text} you asked for", "with {text}, as you asked"),
    "match_mood": ("it is {text}, as you asked", "with the {text} tone you asked for"),
    "creator": (
        "{name} {made} it",
        "with {name} as {role}",
        "the {role} is {name}",
        "it was {made_by} {name}",
    ),
    "cast": (
        "with {name} in the cast",
        "{name} [is|appears] in it",
        "the cast includes {name}",
        "with a part for {name}",
    ),
    "keyword": (
        "with {name} among its themes",
        "{name} is [one of its themes|among its themes]",
        "its themes include {name}",
        "it has {name} as a theme",
        "with {name} as a theme",
    ),
    "keyword_mood": (
        "the [tone|mood] is {name}",
        "with a {name} [tone|mood]",
        "it is {name}",
        "you can expect a {name} mood",
    ),
    "genre": (
        "the genre is {name}",
        "with {name} among its genres",
        "it counts as {name}",
        "it is listed as {name}",
    ),
    "year": ("it came out in {name}", "it dates from {name}", "the year is {name}"),
    "country": ("it was made in {country}", "it comes from {country}"),
    "language": ("it is in {name}", "with {name} as its language"),
    "silent": ("it is a silent {noun}", "it is silent"),
    "runtime": (
        "it runs {name}",
        "it lasts {name}",
        "with a running time of {name}",
        "the running time is {name}",
    ),
    "age_rating": ("it is rated {name}", "with the rating {name}"),
    "price": ("it costs {name}", "with a price of {name}"),
    "fact": ("its {column} is {value}", "with {value} as its {column}"),
}

MOODS = word_set(
    """tense witty epic feel-good feelgood heartwarming bittersweet gritty suspenseful whimsical
    stylish charming tragic disturbing bleak lighthearted fast-paced raunchy gentle gothic
    quirky moving swashbuckling intense surreal silly irreverent playful zany warm campy fun
    deadpan harrowing dark funny sad scary eerie grim lush romantic violent brutal cozy cosy
    dreamlike offbeat slow lyrical poetic chilling haunting uplifting inspiring thoughtful
    thought-provoking energetic enchanting sweeping ominous absurd satirical atmospheric
    creepy melancholic melancholy nostalgic ultraviolent sweltering chic fast-talking
    nightmarish anarchic glamorous dreamy tender wistful cheerful claustrophobic cerebral
    hilarious goofy cute relaxing stirring sentimental bold raw stark wry sly macabre kinetic
    hypnotic restrained intimate operatic epic-scale unsettling shocking moody somber
    relentless brooding ambiguous mind-bending frantic feverish angry cynical earnest ethereal
    euphoric exuberant elegant rowdy rousing taut breezy provocative mysterious magical
    visceral"""
)

_PROPER = """London Paris Tokyo Chicago Boston Berlin Vienna Rome Venice Vegas Angeles Francisco San
    Miami Texas California Florida Hollywood Brooklyn Manhattan Harlem Broadway America
    American Africa African Europe European Asia Asian England English Britain British Ireland
    Irish Scotland Scottish France French Germany German Italy Italian Spain Spanish Russia
    Russian Soviet China Chinese Japan Japanese India Indian Mexico Mexican Brazil Cuba Cuban
    Vietnam Korea Korean Iraq Iran Israel Egypt Egyptian Greek Greece Roman Viking Victorian
    Christmas Halloween Thanksgiving Shakespeare Nazi Nazis Jewish Catholic Christian Muslim
    Hitler Arctic Antarctica Australia Australian Canada Denmark Danish Sweden Swedish Norway
    Oslo Hong Kong Mars Martian Martians Texas Washington Philadelphia Detroit Orleans
    Louisiana Alaska Hawaii Vermont Mississippi Broadway Dakar Afghanistan Yosemite Monaco Rio
    Janeiro Kipling II I TV DJ CIA FBI NASA IRA KGB Alamo Trojan Olympics Amish Mafia Dickens
    Western"""
PROPER_WORDS = {
    word.casefold(): word
    for word in _PROPER.split()
} | {"mafia": "mafia"}  # fmt: skip
PROPER_WORDS.pop("western")

PROPER_PHRASES = {
    "world war": "World War",
    "cold war": "Cold War",
    "new york city": "New York City",
    "new york": "New York",
    "new orleans": "New Orleans",
    "new zealand": "New Zealand",
    "las vegas": "Las Vegas",
    "star wars": "Star Wars",
    "civil war": "Civil War",
    "los angeles": "Los Angeles",
}

GENRE_ADJECTIVES = {
    "animation": "animated",
    "biography": "biographical",
    "history": "historical",
    "film-noir": "noir",
    "romance": "romantic",
    "children": "children's",
}
GENRES_ALONE = frozenset({"music", "sport", "other", "general", "misc"})
