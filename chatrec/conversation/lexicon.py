"""The words that people use for genres, countries, languages and numbers, in five languages.

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
        "makes me laugh|make us laugh|a laugh|good laugh|komodie|komodien|lustig*|witzig*|"
        "etwas zum lachen|comedie|comedies|drole|droles|marrant|marrante|comedia|comedias|divertida|"
        "divertido|graciosa|gracioso|喜剧|喜劇|搞笑|好笑|😂|🤣",
    ),
    "horror": (
        "horror",
        "horror|horrors|scary|frightening|terrifying|spooky|creepy|horrorfilm|horrorfilme|"
        "horrorfilmen|gruselig*|gruselfilm|gruselfilme|horreur|epouvante|film d'horreur|films d'horreur|"
        "effrayant|effrayante|terror|miedo|terrorifica|恐怖|恐怖片|鬼片|吓人|😱",
    ),
    "drama": ("drama|dramas", "drama|dramas|dramatic|dramen|drame|drames|dramatique|剧情|劇情"),
    "action": (
        "action",
        "action|actioner|action packed|actionfilm|actionfilme|accion|d'action|动作|動作",
    ),
    "adventure": (
        "adventure|adventures",
        "adventure|adventures|adventurous|abenteuer|abenteuerfilm|abenteuerfilme|aventure|aventures|"
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
        "romance|romances|romantic|love story|love stories|love film|love movie|romantisch*|liebesfilm|"
        "liebesfilme|liebesgeschichte|romantique|romantiques|film d'amour|films d'amour|"
        "histoire d'amour|romantica|romantico|historia de amor|爱情|愛情|浪漫|❤",
    ),
    "thriller": (
        "thriller|thrillers|suspense",
        "thriller|thrillers|suspense thriller|krimithriller|惊悚|驚悚",
    ),
    "sci-fi": (
        "sci fi|scifi|science fiction|sf|science fiction & fantasy",
        "sci fi|scifi|science fiction|sf|sciencefiction|science fiction film|ciencia ficcion|"
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
        "war film|war films|war movie|war movies|war drama|kriegsfilm|kriegsfilme|"
        "film de guerre|films de guerre|belica|guerra|战争|戰爭",
    ),
    "western": ("western|westerns", "western|westerns|cowboy film|cowboy movie|西部"),
    "musical": ("musical|musicals", "musical|musicals|comedie musicale|歌舞|音乐剧"),
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
        "kid friendly|whole family|familienfilm|familienfilme|familienabend|kinderfilm|kinderfilme|"
        "film familial|film de famille|pour toute la famille|para toda la familia|familiar|"
        "合家欢|家庭片|全家",
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

# What a comparative asks for more of.
COMPARATIVES: Mapping[str, str] = {
    "funnier": "comedy", "scarier": "horror", "creepier": "horror", "lustiger": "comedy",
    "witziger": "comedy", "gruseliger": "horror", "plus drole": "comedy",
    "plus effrayant": "horror", "mas divertida": "comedy", "mas divertido": "comedy",
    "mas gracioso": "comedy", "更搞笑": "comedy", "更好笑": "comedy", "更恐怖": "horror",
}  # fmt: skip

# Genre names that are everyday words too: they count only beside "film" and the like.
_EVERYDAY_TEXT = """
family music history war sport sports news short adult children kids education travel nature
science business art health cooking poetry
"""
EVERYDAY_GENRES = frozenset(_EVERYDAY_TEXT.split())

# Country: its names in catalogues, then the adjectives; and the language it lends its name to.
COUNTRIES: Mapping[str, tuple[str, str]] = {
    "usa": ("usa|united states|united states of america|us|u s a|america",
            "american|hollywood|amerikanisch*|americain|americaine|americana|americano|"
            "estadounidense|美国"),
    "uk": ("uk|united kingdom|great britain|england|scotland|britain",
           "british|britisch*|britannique|britanica|britanico|英国"),
    "france": ("france|frankreich|francia", "french|franzosisch*|francais|francaise|frances|francesa|法国"),
    "germany": ("germany|west germany|east germany|deutschland|allemagne|alemania",
                "german|deutsch*|allemand|allemande|aleman|alemana|德国"),
    "italy": ("italy|italien|italie|italia",
              "italian|italienisch*|italienne|italiano|italiana|意大利"),
    "spain": ("spain|spanien|espagne|espana",
              "spanish|spanisch*|espagnol|espagnole|espanol|espanola|西班牙"),
    "japan": ("japan|japon", "japanese|japanisch*|japonais|japonaise|japones|japonesa|日本"),
    "south korea": ("south korea|korea|republic of korea|sudkorea|coree du sud|corea del sur",
                    "korean|south korean|koreanisch*|coreen|coreenne|coreano|coreana|韩国|韓國"),
    "china": ("china|chine", "chinese|chinesisch*|chinois|chinoise|chino|china|中国|國產|国产"),
    "hong kong": ("hong kong", "hong kong|香港"),
    "taiwan": ("taiwan", "taiwanese|taiwanesisch*|台湾"),
    "india": ("india|indien|inde", "indian|bollywood|indisch*|indienne|印度"),
    "sweden": ("sweden|schweden|suede|suecia", "swedish|schwedisch*|suedois|suedoise|瑞典"),
    "denmark": ("denmark|danemark|dinamarca", "danish|danisch*|danois|danoise|丹麦"),
    "norway": ("norway|norwegen|norvege|noruega", "norwegian|norwegisch*|norvegien|挪威"),
    "finland": ("finland", "finnish|finnisch*|finlandais|芬兰"),
    "iceland": ("iceland", "icelandic|islandisch*"),
    "russia": ("russia|soviet union|ussr|russland|russie|rusia",
               "russian|soviet|russisch*|russe|ruso|rusa|俄罗斯|苏联"),
    "poland": ("poland|polen|pologne|polonia", "polish|polnisch*|polonais|波兰"),
    "czech republic": ("czech republic|czechoslovakia|czechia", "czech|tschechisch*|tcheque|捷克"),
    "hungary": ("hungary", "hungarian|ungarisch*|hongrois"),
    "austria": ("austria|osterreich|autriche", "austrian|osterreichisch*|autrichien|奥地利"),
    "switzerland": ("switzerland|schweiz|suisse|suiza", "swiss|schweizer|suisse|瑞士"),
    "netherlands": ("netherlands|holland", "dutch|niederlandisch*|neerlandais|荷兰"),
    "belgium": ("belgium|belgien|belgique", "belgian|belgisch*|belge|比利时"),
    "portugal": ("portugal", "portuguese|portugiesisch*|portugais|葡萄牙"),
    "greece": ("greece", "greek|griechisch*|grec|grecque|希腊"),
    "turkey": ("turkey", "turkish|turkisch*|turc|turque|土耳其"),
    "iran": ("iran|persia", "iranian|persian|iranisch*|iranien|伊朗"),
    "israel": ("israel", "israeli|israelisch*"),
    "brazil": ("brazil|brasilien|bresil|brasil", "brazilian|brasilianisch*|bresilien|brasileno|巴西"),
    "mexico": ("mexico|mexiko|mexique", "mexican|mexikanisch*|mexicain|mexicana|mexicano|墨西哥"),
    "argentina": ("argentina", "argentine|argentinian|argentinisch*|argentin|argentino|阿根廷"),
    "canada": ("canada|kanada", "canadian|kanadisch*|canadien|canadienne|加拿大"),
    "australia": ("australia|australien|australie", "australian|aussie|australisch*|澳大利亚|澳洲"),
    "new zealand": ("new zealand", "new zealand|kiwi"),
    "ireland": ("ireland|irland|irlande", "irish|irisch*|irlandais|爱尔兰"),
    "south africa": ("south africa", "south african"),
    "thailand": ("thailand", "thai"),
    "indonesia": ("indonesia", "indonesian"),
}  # fmt: skip

COUNTRY_GROUPS: Mapping[str, tuple[str, ...]] = {
    "scandinavian": ("sweden", "denmark", "norway"),
    "nordic": ("sweden", "denmark", "norway", "finland", "iceland"),
    "european": ("uk", "france", "germany", "italy", "spain", "sweden", "denmark", "norway",
                 "finland", "poland", "austria", "switzerland", "netherlands", "belgium",
                 "portugal", "greece", "ireland", "czech republic", "hungary"),
    "asian": ("japan", "south korea", "china", "hong kong", "taiwan", "india", "thailand",
              "indonesia"),
    "latin american": ("brazil", "mexico", "argentina"),
}  # fmt: skip

SPOKEN: Mapping[str, str] = {
    "english": "english|en|englisch*|anglais|ingles|英语|英文",
    "french": "french|fr|franzosisch*|francais|frances|法语",
    "german": "german|de|deutsch*|allemand|aleman|德语",
    "spanish": "spanish|es|castilian|spanisch*|espagnol|espanol|西班牙语",
    "italian": "italian|it|italienisch*|italiano|意大利语",
    "japanese": "japanese|ja|japanisch*|japonais|japones|日语|日文",
    "korean": "korean|ko|koreanisch*|coreen|coreano|韩语",
    "chinese": "chinese|zh|mandarin|cantonese|cn|chinesisch*|chinois|chino|中文|国语|粤语",
    "portuguese": "portuguese|pt|portugiesisch*|portugais|portugues|葡萄牙语",
    "russian": "russian|ru|russisch*|russe|ruso|俄语",
    "swedish": "swedish|sv|schwedisch*|suedois|sueco|瑞典语",
    "danish": "danish|da|danisch*|danois|danes|丹麦语",
    "norwegian": "norwegian|no|nb|norwegisch*|norvegien",
    "dutch": "dutch|nl|niederlandisch*|neerlandais",
    "polish": "polish|pl|polnisch*|polonais|polaco",
    "persian": "persian|farsi|fa|persisch*|persan",
    "hindi": "hindi|hi",
    "arabic": "arabic|ar|arabisch*|arabe",
    "turkish": "turkish|tr|turkisch*|turc|turco",
    "hebrew": "hebrew|he",
    "indonesian": "indonesian|id",
    "thai": "thai|th",
    "silent": "silent|xx",
}

# Themes that people rule out with one word: the forms, the words refused with it in a catalogue's
# keywords and descriptions, and the genres that can hardly do without it.
THEMES: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "violence": (
        "violence|violent|gore|gory|blood|bloody|bloodshed|brutal|brutality|gewalt|gewalttatig*|"
        "blutig*|brutal*|violente|violents|violentes|sang|sanglant|violencia|violenta|violento|"
        "sangre|暴力|血腥",
        ("violence", "violent", "gore", "gory", "bloody", "brutal", "slasher", "torture",
         "massacre", "serial killer", "body count"),
        ("horror", "war"),
    ),
    "sex": (
        "sex|nudity|sexual content|sexual|sex scene|sex scenes|erotic|sexe|sexo|色情",
        ("sex", "sexual", "nudity", "erotic", "erotic thriller", "prostitution"),
        (),
    ),
}  # fmt: skip

NUMBERS: Mapping[str, int] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "hundred": 100, "a": 1, "an": 1, "couple": 2, "zwei": 2, "drei": 3, "funf": 5, "zehn": 10,
    "zwanzig": 20, "deux": 2, "trois": 3, "cinq": 5, "dix": 10, "vingt": 20, "dos": 2, "tres": 3,
    "cinco": 5, "diez": 10, "veinte": 20, "一": 1, "两": 2, "二": 2, "三": 3, "五": 5, "十": 10,
    "二十": 20,
}  # fmt: skip

DECADES: Mapping[str, int] = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960,
    "seventies": 1970, "eighties": 1980, "nineties": 1990, "noughties": 2000, "aughts": 2000,
    "zwanziger": 1920, "dreissiger": 1930, "vierziger": 1940, "funfziger": 1950,
    "sechziger": 1960, "siebziger": 1970, "achtziger": 1980, "neunziger": 1990,
    "annees vingt": 1920, "annees trente": 1930, "annees quarante": 1940,
    "annees cinquante": 1950, "annees soixante": 1960, "annees soixante dix": 1970,
    "annees quatre vingt": 1980, "annees quatre vingts": 1980, "annees quatre vingt dix": 1990,
    "anos veinte": 1920, "anos treinta": 1930, "anos cuarenta": 1940, "anos cincuenta": 1950,
    "anos sesenta": 1960, "anos setenta": 1970, "anos ochenta": 1980, "anos noventa": 1990,
    "二十年代": 1920, "三十年代": 1930, "四十年代": 1940, "五十年代": 1950, "六十年代": 1960,
    "七十年代": 1970, "八十年代": 1980, "九十年代": 1990,
}  # fmt: skip

# Words that tell the language of a message; each must be rare in the other four.
_TELLTALE_TEXT: Mapping[Language, str] = {
    "en": """
the a an and i is it something with like film movie movies films for me please want you of to
what my show from not but who
    """,
    "de": """
der die das ein eine einen einem einer und ich nicht kein keine keinen etwas mit wie aus den fur
bitte mochte suche zeig mir lustige film filme guten hallo danke ohne von uber wer oder aber auf
mag gesehen noch schon kinder alter neuer ahnlich jahren ist
    """,
    "fr": """
j' d' l' c' qu' le la les un une des et je ne pas avec comme pour du sans quelque chose cherche
veux film films moi j'ai j'aime bonjour merci annees qui est sur au aux plus dans mes mon
enfants drole s'il vous plait voudrais deja vu
    """,
    "es": """
el la los las un una unos y yo con como para del sin algo quiero busco pelicula peliculas mi mis
hola gracias de los anos quien es por favor nada pelicula gusta gusto mas ninos que ya visto
divertida
    """,
    "zh": "",
}
TELLTALES: Mapping[Language, frozenset[str]] = {
    language: frozenset(text.split()) for language, text in _TELLTALE_TEXT.items()
}
