"""The words that people use for genres and themes, and that tell a language.

Data only. Forms are written folded (lower case, no accents) and separated by ``|``; a trailing
``*`` stands for the German adjective endings. Which of these a catalogue really has is decided in
:mod:`chatrec.conversation.vocabulary`; nothing here knows a catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "de", "fr", "es", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "de", "fr", "es", "zh")

GERMAN_ENDINGS = ("", "e", "er", "es", "en", "em")


def forms(spec: str) -> tuple[str, ...]:
    """The forms of one ``|``-separated entry, endings spelt out.

    >>> forms("funny|lustig*")[:3]
    ('funny', 'lustig', 'lustige')
    """
    found: list[str] = []
    for form in spec.split("|"):
        if form.endswith("*"):
            found += [form[:-1] + ending for ending in GERMAN_ENDINGS]
        else:
            found.append(form)
    return tuple(found)


# A concept: the names that catalogues give the genre, then the words that people say for it.
GENRES: Mapping[str, tuple[str, str]] = {
    "comedy": (
        "comedy|comedies|humor|humour|comic",
        "comedy|comedies|comedic|funny|hilarious|humorous|comedy movie|comedy film|make me laugh|"
        "makes me laugh|make us laugh|makes us laugh|makes you laugh|a laugh|good laugh|want to "
        "laugh|need to laugh|have to laugh|"
        "laugh out loud|komodie|komodien|lustig*|witzig*|"
        "etwas zum lachen|comedie|comedies|drole|droles|marrant|marrante|comedia|comedias|"
        "divertida|"
        "divertido|graciosa|gracioso|喜剧|喜劇|搞笑|好笑|😂|🤣",
    ),
    "horror": (
        "horror",
        "horror|horrors|scares me|scares us|scary|frightening|terrifying|spooky|creepy|"
        "horrorfilm|horrorfilme|"
        "horrorfilmen|gruselig*|gruselfilm|gruselfilme|horreur|epouvante|film d'horreur|"
        "films d'horreur|"
        "effrayant|effrayante|terror|miedo|terrorifica|恐怖|恐怖片|鬼片|吓人|😱",
    ),
    "drama": ("drama|dramas", "drama|dramas|dramatic|dramen|drame|drames|dramatique|剧情|劇情"),
    "action": (
        "action",
        "action|actioner|action packed|actionfilm|actionfilme|accion|d'action|动作|動作",
    ),
    "adventure": (
        "adventure|adventures",
        "adventure|adventures|adventurous|abenteuer|abenteuerfilm|abenteuerfilme|aventure|"
        "aventures|"
        "d'aventure|aventura|aventuras|冒险|冒險",
    ),
    "animation": (
        "animation|animated|cartoon|cartoons|anime",
        "animation|animations|animated|cartoon|cartoons|zeichentrick|zeichentrickfilm|"
        "zeichentrickfilme|animationsfilm|animationsfilme|animiert*|dessin anime|dessins animes|"
        "film d'animation|animacion|animada|animado|dibujos animados|动画|動畫|动漫|卡通",
    ),
    "romance": (
        "romance|romantic|romances",
        "romance|romances|romantic|love story|love stories|love film|love movie|romantisch*|"
        "liebesfilm|"
        "liebesfilme|liebesgeschichte|romantique|romantiques|film d'amour|films d'amour|"
        "histoire d'amour|romantica|romantico|historia de amor|爱情|愛情|浪漫|❤",
    ),
    "thriller": (
        "thriller|thrillers|suspense",
        "thriller|thrillers|suspense thriller|krimithriller|惊悚|驚悚",
    ),
    "sci-fi": (
        "sci fi|scifi|science fiction|sf|science fiction & fantasy",
        "sci fi|scifi|sifi|syfy|science fiction|sf|sciencefiction|science fiction film|"
        "ciencia ficcion|"
        "科幻|科幻片",
    ),
    "fantasy": ("fantasy", "fantasy|fantasyfilm|fantasyfilme|fantastique|fantasia|奇幻|魔幻"),
    "crime": (
        "crime",
        "crime|gangster|gangsters|mafia film|mafia movie|krimi|krimis|policier|policiers|polar|"
        "policiaca|犯罪",
    ),
    "mystery": (
        "mystery|mysteries",
        "mystery|mysteries|whodunit|whodunits|whodunnit|misterio|mystere|悬疑|懸疑",
    ),
    "war": (
        "war",
        "war film|war films|war movie|war movies|war picture|war pictures|war flick|war flicks|"
        "war epic|"
        "war drama|kriegsfilm|kriegsfilme|"
        "film de guerre|films de guerre|belica|guerra|战争|戰爭",
    ),
    "western": ("western|westerns", "western|westerns|cowboy film|cowboy movie|西部"),
    "musical": (
        "musical|musicals",
        "musical|musicals|with singing|lots of singing|song and dance|songs and dance|"
        "comedie musicale|comedies musicales|歌舞|音乐剧",
    ),
    "music": ("music", "music film|music films|music movie|music movies|音乐"),
    "documentary": (
        "documentary|documentaries",
        "documentary|documentaries|dokumentarfilm|dokumentarfilme|doku|dokus|documentaire|"
        "documentaires|documental|documentales|纪录|紀錄",
    ),
    "biography": (
        "biography|biographies|biopic|memoir",
        "biography|biographical|biopic|biopics|biografie|filmbiografie|biographie|biografia|传记",
    ),
    "history": (
        "history|historical",
        "historical|history film|history films|historisch*|historique|historica|historico|历史",
    ),
    "family": (
        "family|children|children's|kids",
        "family film|family films|family movie|family movies|family night|family friendly|"
        "kid friendly|whole family|ganze familie|familienfilm|familienfilme|familienabend|"
        "kinderfilm|kinderfilme|"
        "film familial|film de famille|pour toute la famille|para toda la familia|familiar|"
        "合家欢|家庭片|全家",
    ),
    "role-playing": (
        "rpg|role playing|role playing game|role playing games",
        "rpg|rpgs|role playing|role playing game|role playing games|rollenspiel|rollenspiele|"
        "jeu de role|jeux de role|juego de rol|juegos de rol|角色扮演",
    ),
    "racing": (
        "racing",
        "racing|racing game|racing games|rennspiel|rennspiele|jeu de course|jeux de course|"
        "carreras|juego de carreras|juegos de carreras|赛车|竞速",
    ),
    "puzzle": (
        "puzzle|puzzles",
        "puzzle|puzzles|puzzle game|puzzle games|puzzler|puzzlers|ratselspiel|ratselspiele|"
        "knobelspiel|jeu de reflexion|"
        "casse tete|rompecabezas|解谜|益智",
    ),
    "strategy": (
        "strategy",
        "strategy|strategy game|strategy games|strategiespiel|strategiespiele|strategie|"
        "jeu de strategie|jeux de strategie|estrategia|策略",
    ),
    "shooter": (
        "shooter|shooters",
        "shooter|shooters|fps|shoot em up|ballerspiel|ballerspiele|jeu de tir|jeux de tir|"
        "disparos|射击",
    ),
    "platformer": (
        "platformer|platformers|platform",
        "platformer|platformers|platform game|platform games|jump and run|jeu de plateforme|"
        "jeux de plateforme|plataformas|平台跳跃",
    ),
    "simulation": (
        "simulation|simulations",
        "simulation|simulations|simulator|simulators|simulacion|模拟",
    ),
    "fighting": (
        "fighting",
        "fighting game|fighting games|prugelspiel|jeu de combat|jeux de combat|juego de lucha|格斗",
    ),
    "classic": (
        "classic|classics",
        "classic|classics|klassiker|classique|classiques|clasico|clasicos|经典|名著",
    ),
    "magical realism": (
        "magical realism",
        "magical realism|magic realism|magischer realismus|realisme magique|realismo magico|"
        "魔幻现实主义",
    ),
    "non-fiction": (
        "non fiction|nonfiction",
        "non fiction|nonfiction|sachbuch|sachbucher|essais|no ficcion|非虚构",
    ),
    "film-noir": ("film noir|noir", "film noir|films noirs|noir|noirs|黑色电影"),
    "sport": (
        "sport|sports",
        "sports film|sports films|sports movie|sports movies|sport film|sportfilm|运动",
    ),
}

# Words that stand for several concepts at once, or for a concept and a country.
COMPOUND_GENRES: Mapping[str, tuple[str, ...]] = {
    "romcom": ("romance", "comedy"),
    "rom com": ("romance", "comedy"),
    "romcoms": ("romance", "comedy"),
    "rom coms": ("romance", "comedy"),
    "dramedy": ("comedy", "drama"),
    "tragicomedy": ("comedy", "drama"),
    "horror comedy": ("horror", "comedy"),
}

# Genres named after whom they are made for: their names, then what asks for them. Only where a
# catalogue has such a genre; elsewhere "for girls" speaks of an age.
AUDIENCES: tuple[tuple[str, str], ...] = (
    ("josei", "for women|for ladies|for adult women|for grown women|for young women"),
    ("shoujo|shojo", "for girls|for teenage girls|for teen girls|for young girls"),
    ("shounen|shonen", "for boys|for teenage boys|for teen boys|for young boys"),
    ("seinen", "for men|for adult men|for grown men|for young men"),
)

# What a comparative asks for more of.
COMPARATIVES: Mapping[str, str] = {
    "funnier": "comedy",
    "scarier": "horror",
    "creepier": "horror",
    "lustiger": "comedy",
    "witziger": "comedy",
    "gruseliger": "horror",
    "plus drole": "comedy",
    "plus effrayant": "horror",
    "mas divertida": "comedy",
    "mas divertido": "comedy",
    "mas gracioso": "comedy",
    "更搞笑": "comedy",
    "更好笑": "comedy",
    "更恐怖": "horror",
}

# Genre names that are everyday words too: they count only beside "film" and the like.
_EVERYDAY_TEXT = """
family music history war sport sports news short adult children kids education travel nature
science business art health cooking poetry
"""
EVERYDAY_GENRES = frozenset(_EVERYDAY_TEXT.split())

_GORE = ("gore", "gory", "bloody", "slasher", "splatter", "torture", "gruesome")

# Themes that people rule out with one word: the forms, the words refused with it in a catalogue's
# keywords and descriptions, and the genres that can hardly do without it.
THEMES: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "violence": (
        "violence|violent|brutal|brutality|gewalt|gewalttatig*|brutal*|violente|violents|"
        "violentes|violencia|violenta|violento|暴力",
        ("violence", "violent", "brutal", "massacre", "serial killer", "body count", *_GORE),
        ("horror", "war"),
    ),
    "gore": (
        "gore|gory|blood|bloody|bloodshed|splatter|blutig*|blut|sang|sanglant|sanglante|sangre|"
        "sangriento|sangrienta|血腥",
        _GORE,
        (),
    ),
    "sad mood": (
        "sad|sadder|sadness|depressing|traurig*|deprimierend*|triste|tristes|悲伤|伤感",
        (
            "sad",
            "tearjerker",
            "heartbreaking",
            "tragic",
            "devastating",
            "grief",
            "melancholy",
            "melancholic",
            "somber",
            "elegiac",
        ),
        (),
    ),
    "dark mood": (
        "dark|darker|bleak|grim|duster*|sombre|sombres|oscura|oscuro|黑暗",
        (
            "dark",
            "bleak",
            "grim",
            "gritty",
            "brooding",
            "disturbing",
            "harrowing",
            "cynical",
            "nihilistic",
        ),
        (),
    ),
    "slow pace": (
        "slow|slow paced|langsam*|lent|lente|lents|lenta|lento|缓慢",
        ("slow", "slow burn", "slow pace", "slow-paced", "contemplative", "meditative", "austere"),
        (),
    ),
    "strange mood": (
        "weird|strange|bizarre|surreal|seltsam*|etrange|bizarres|rara|raro|extrana|extrano|奇怪",
        ("weird", "strange", "bizarre", "surreal", "psychedelic", "absurd", "dreamlike"),
        (),
    ),
    "sex": (
        "sex|nudity|sexual content|sexual|sex scene|sex scenes|erotic|sexe|sexo|色情",
        ("sex", "sexual", "nudity", "erotic", "erotic thriller", "prostitution"),
        (),
    ),
}

_TELLTALE_TEXT: Mapping[Language, str] = {
    "en": """
the a an and i is it something with like film movie movies films for me please want you of to
what my show from not but who or and don't dont which any some this that have they would about give
seen watch anything nothing
    """,
    "de": """
der die das ein eine einen einem einer und ich nicht kein keine keinen etwas mit wie aus den fur
bitte mochte suche zeig mir lustige film filme guten hallo danke ohne von uber wer oder aber auf
mag gesehen noch schon kinder alter neuer ahnlich jahren ist nichts keiner ausser komodie
komodien filmen weniger zu und zeichentrickfilm liebesfilm kinderfilm
    """,
    "fr": """
j' d' l' c' qu' le la les un une des et je ne pas avec comme pour du sans quelque chose cherche
veux film films moi j'ai j'aime bonjour merci annees qui est sur au aux plus dans mes mon
enfants drole moins trop s'il vous plait voudrais deja vu rien comedie horreur realise quoi parle
    """,
    "es": """
el la los las un una unos y con como para del sin algo quiero busco pelicula peliculas mi mis
hola gracias de los anos quien es por favor nada pelicula gusta gusto mas ninos que ya visto
divertida comedia miedo menos demasiado
    """,
    "zh": "",
}
TELLTALES: Mapping[Language, frozenset[str]] = {
    language: frozenset(text.split()) for language, text in _TELLTALE_TEXT.items()
}
