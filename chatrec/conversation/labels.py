"""What the filters of a conversation are called in German, French, Spanish and Chinese.

The other way round to :mod:`chatrec.conversation.lexicon` and :mod:`chatrec.conversation.nations`,
which say what users call a catalogue's values. A value that stands in no table keeps the
catalogue's own spelling. German countries stand as they do after "aus", French ones with their
"de".
"""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation import lexicon, nations
from chatrec.conversation.lexicon import Language
from chatrec.conversation.utterance import words_of

_ORDER: tuple[Language, ...] = ("de", "fr", "es", "zh")

# Concept, then its names in the order of _ORDER.
_GENRES_TEXT = """
comedy|Komödie|comédie|comedia|喜剧
horror|Horror|horreur|terror|恐怖
drama|Drama|drame|drama|剧情
action|Action|action|acción|动作
adventure|Abenteuer|aventure|aventuras|冒险
animation|Animation|animation|animación|动画
romance|Romantik|romance|romance|爱情
thriller|Thriller|thriller|suspense|惊悚
sci-fi|Science-Fiction|science-fiction|ciencia ficción|科幻
fantasy|Fantasy|fantastique|fantasía|奇幻
crime|Krimi|policier|crimen|犯罪
mystery|Mystery|mystère|misterio|悬疑
war|Krieg|guerre|guerra|战争
western|Western|western|western|西部
musical|Musical|comédie musicale|musical|歌舞
music|Musik|musique|música|音乐
documentary|Dokumentarfilm|documentaire|documental|纪录片
biography|Biografie|biographie|biografía|传记
history|Geschichte|histoire|historia|历史
family|Familie|famille|familia|家庭
film-noir|Film noir|film noir|cine negro|黑色电影
sport|Sport|sport|deporte|运动
role-playing|Rollenspiel|jeu de rôle|rol|角色扮演
racing|Rennspiel|course|carreras|竞速
puzzle|Rätsel|réflexion|puzles|解谜
strategy|Strategie|stratégie|estrategia|策略
shooter|Shooter|tir|disparos|射击
platformer|Jump ’n’ Run|plateforme|plataformas|平台跳跃
simulation|Simulation|simulation|simulación|模拟
fighting|Kampf|combat|lucha|格斗
classic|Klassiker|classique|clásico|经典
magical realism|magischer Realismus|réalisme magique|realismo mágico|魔幻现实主义
non-fiction|Sachbuch|essai|no ficción|非虚构
"""
_COUNTRIES_TEXT = """
usa|den USA|des États-Unis|Estados Unidos|美国
uk|Großbritannien|du Royaume-Uni|Reino Unido|英国
france|Frankreich|de France|Francia|法国
germany|Deutschland|d'Allemagne|Alemania|德国
italy|Italien|d'Italie|Italia|意大利
spain|Spanien|d'Espagne|España|西班牙
japan|Japan|du Japon|Japón|日本
south korea|Südkorea|de Corée du Sud|Corea del Sur|韩国
china|China|de Chine|China|中国
hong kong|Hongkong|de Hong Kong|Hong Kong|香港
taiwan|Taiwan|de Taïwan|Taiwán|台湾
india|Indien|d'Inde|India|印度
sweden|Schweden|de Suède|Suecia|瑞典
denmark|Dänemark|du Danemark|Dinamarca|丹麦
norway|Norwegen|de Norvège|Noruega|挪威
finland|Finnland|de Finlande|Finlandia|芬兰
iceland|Island|d'Islande|Islandia|冰岛
russia|Russland|de Russie|Rusia|俄罗斯
poland|Polen|de Pologne|Polonia|波兰
czech republic|Tschechien|de Tchéquie|Chequia|捷克
hungary|Ungarn|de Hongrie|Hungría|匈牙利
austria|Österreich|d'Autriche|Austria|奥地利
switzerland|der Schweiz|de Suisse|Suiza|瑞士
netherlands|den Niederlanden|des Pays-Bas|Países Bajos|荷兰
belgium|Belgien|de Belgique|Bélgica|比利时
portugal|Portugal|du Portugal|Portugal|葡萄牙
greece|Griechenland|de Grèce|Grecia|希腊
turkey|der Türkei|de Turquie|Turquía|土耳其
iran|dem Iran|d'Iran|Irán|伊朗
israel|Israel|d'Israël|Israel|以色列
brazil|Brasilien|du Brésil|Brasil|巴西
mexico|Mexiko|du Mexique|México|墨西哥
argentina|Argentinien|d'Argentine|Argentina|阿根廷
canada|Kanada|du Canada|Canadá|加拿大
australia|Australien|d'Australie|Australia|澳大利亚
new zealand|Neuseeland|de Nouvelle-Zélande|Nueva Zelanda|新西兰
ireland|Irland|d'Irlande|Irlanda|爱尔兰
south africa|Südafrika|d'Afrique du Sud|Sudáfrica|南非
thailand|Thailand|de Thaïlande|Tailandia|泰国
indonesia|Indonesien|d'Indonésie|Indonesia|印度尼西亚
"""
_LANGUAGES_TEXT = """
english|Englisch|anglais|inglés|英语
french|Französisch|français|francés|法语
german|Deutsch|allemand|alemán|德语
spanish|Spanisch|espagnol|español|西班牙语
italian|Italienisch|italien|italiano|意大利语
japanese|Japanisch|japonais|japonés|日语
korean|Koreanisch|coréen|coreano|韩语
chinese|Chinesisch|chinois|chino|中文
portuguese|Portugiesisch|portugais|portugués|葡萄牙语
russian|Russisch|russe|ruso|俄语
swedish|Schwedisch|suédois|sueco|瑞典语
danish|Dänisch|danois|danés|丹麦语
norwegian|Norwegisch|norvégien|noruego|挪威语
dutch|Niederländisch|néerlandais|neerlandés|荷兰语
polish|Polnisch|polonais|polaco|波兰语
persian|Persisch|persan|persa|波斯语
hindi|Hindi|hindi|hindi|印地语
arabic|Arabisch|arabe|árabe|阿拉伯语
turkish|Türkisch|turc|turco|土耳其语
hebrew|Hebräisch|hébreu|hebreo|希伯来语
indonesian|Indonesisch|indonésien|indonesio|印尼语
thai|Thai|thaï|tailandés|泰语
"""
_THEMES_TEXT = """
violence|Gewalt|violence|violencia|暴力
gore|Blut|gore|sangre|血腥
sad mood|traurige Stimmung|ton triste|tono triste|悲伤
dark mood|düstere Stimmung|ton sombre|tono oscuro|黑暗
slow pace|langsames Tempo|rythme lent|ritmo lento|慢节奏
strange mood|Seltsames|ton étrange|tono extraño|怪异
sex|Sex|sexe|sexo|色情
"""


def _table(text: str) -> Mapping[str, Mapping[Language, str]]:
    rows = (line.split("|") for line in text.strip().splitlines())
    return {name: dict(zip(_ORDER, names, strict=True)) for name, *names in rows}


def _by_value(forms: Mapping[str, str]) -> Mapping[str, str]:
    """Concepts by every folded name that a catalogue may give them."""
    return {form: name for name, spec in forms.items() for form in lexicon.forms(spec)}


_TABLES: Mapping[str, Mapping[str, Mapping[Language, str]]] = {
    "genre": _table(_GENRES_TEXT),
    "country": _table(_COUNTRIES_TEXT),
    "language": _table(_LANGUAGES_TEXT),
    "theme": _table(_THEMES_TEXT),
}
_CONCEPTS: Mapping[str, Mapping[str, str]] = {
    "genre": _by_value({name: spec for name, (spec, _) in lexicon.GENRES.items()}),
    "country": _by_value({name: spec for name, (spec, _) in nations.COUNTRIES.items()}),
    "language": _by_value(nations.SPOKEN),
    "theme": {name: name for name in lexicon.THEMES},
}


def named(kind: str, value: str, language: Language) -> str:
    """A catalogue's value as the language calls it; ``kind``: genre, country, language or theme.

    >>> named("genre", "Comedy", "de")
    'Komödie'
    >>> named("country", "USA", "fr")
    'des États-Unis'
    >>> named("genre", "Isekai", "de")
    'Isekai'
    """
    if language == "en":
        return value
    concept = _CONCEPTS[kind].get(words_of(value))
    if concept is not None and concept in _TABLES[kind]:
        return _TABLES[kind][concept][language]
    return f"de {value}" if (kind, language) == ("country", "fr") else value
