"""What stories are often about, as German, French, Spanish and Chinese name it.

The embedding model and most catalogues are English, so a wish in another language is searched with
the English words beside its own. Genres and moods are the lexicon's; no catalogue is known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatrec.conversation.utterance import fold

# Expressions for folded words. The English names are those that catalogues use.
THEMES: Mapping[str, str] = {
    "friendship": "freundschaft\\w*|amities?|amistad(?:es)?|友情|友谊",
    "love": "(?<!ich )liebe|amour|amor|爱情|恋爱",
    "first love": "erste liebe|premier amour|primer amor|初恋",
    "family": "familie|familien|famille|familia|家庭|亲情",
    "father and son": "vater und sohn|pere et (?:son )?fils|padre e hijo|父子",
    "mother and daughter": "mutter und tochter|mere et (?:sa )?fille|madre e hija|母女",
    "brothers": "brudern?|bruder|freres|hermanos|兄弟",
    "sisters": "schwestern?|soeurs|sœurs|hermanas|姐妹",
    "marriage": "ehe|hochzeit\\w*|mariage|matrimonio|boda|婚姻|结婚",
    "divorce": "scheidung|divorce|divorcio|离婚",
    "coming of age": "erwachsen\\s?werden|passage a l'age adulte|crecer|madurar|成长",
    "childhood": "kindheit|enfance|infancia|童年",
    "high school": "schule|schulzeit|lycee|instituto|校园|高中",
    "grief": "trauer|deuil|duelo|丧亲|哀悼",
    "death": "tod|mort|muerte|死亡",
    "loneliness": "einsamkeit|einsam\\w*|solitude|soledad|孤独",
    "revenge": "rache\\w*|vengeance|venganza|复仇",
    "betrayal": "verrat|trahison|traicion|背叛",
    "jealousy": "eifersucht\\w*|jalousie|celos|嫉妒",
    "obsession": "besessenheit|obsession|obsesion|痴迷",
    "guilt": "schuld|schuldgefuhle?|culpabilite|culpa|内疚|罪恶感",
    "survival": "uberleben\\w*|survie|supervivencia|sobrevivir|求生|生存",
    "rescue mission": "rettung\\w*|sauvetage|rescate|营救|救援",
    "escape": "flucht|ausbruch|evasion|fuga|越狱|逃亡|逃脱",
    "prison": "gefangnis\\w*|prison|carcel|prision|监狱",
    "heist": "raububerfall|bankraub|einbruch|braquage|atraco|robo|劫案|抢劫",
    "mafia": "mafia|黑帮|黑手党",
    "serial killer": "serienmorder\\w*|tueur en serie|asesino en serie|连环杀手|杀人狂",
    "detective": "detektiv\\w*|kommissar\\w*|detective|inspecteur|inspector|侦探",
    "police": "polizei\\w*|polizist\\w*|policier|police|policia|警察",
    "spy": "spion\\w*|agent\\w*|espion|espionnage|espia|espionaje|间谍|特工",
    "conspiracy": "verschworung\\w*|complot|conspiration|conspiracion|阴谋",
    "time travel": "zeitreisen?|voyages? dans le temps|viajes? en el tiempo|穿越|时间旅行|时空旅行",
    "space": "weltraum|weltall|espace|espacio|太空|宇宙",
    "aliens": "ausserirdische\\w*|extraterrestres?|外星人",
    "artificial intelligence": "kunstliche intelligenz|intelligence artificielle|"
    "inteligencia artificial|人工智能",
    "robots": "roboter\\w*|robots?|机器人",
    "dystopia": "dystopi\\w+|distopia\\w*|反乌托邦",
    "post-apocalyptic": "postapokalyp\\w+|endzeit\\w*|post-?apocalyptique|postapocaliptic\\w+|"
    "末日|末世",
    "superhero": "superheld\\w*|super-?heros|superheroes?|超级英雄",
    "magic": "magie|zauber\\w*|magia|魔法",
    "dragons": "drachen?|dragons?|dragones?|龙",
    "vampires": "vampire?n?|vampires?|vampiros?|吸血鬼",
    "zombies": "zombies?|丧尸|僵尸",
    "ghosts": "geister\\w*|gespenst\\w*|fantomes?|fantasmas?|鬼",
    "fairy tale": "marchen\\w*|contes? de fees|cuentos? de hadas|童话",
    "animals": "tiere?n?|animaux|animales|动物",
    "dogs": "hunde?n?|chiens?|perros?|狗",
    "sea": "meer|seefahrt|seeleute|mer|mar|大海|海洋",
    "pirates": "pirate?n?|pirates?|piratas?|海盗",
    "road trip": "roadtrip|road-?trip|autoreise|viaje por carretera|公路旅行|公路",
    "christmas": "weihnacht\\w*|noel|navidad|圣诞",
    "small town": "kleinstadt\\w*|petite ville|pueblo|小镇",
    "paris": "巴黎",
    "new york city": "纽约",
    "music": "musik\\w*|musique|musica|音乐",
    "dance": "tanz\\w*|danse|baile|danza|舞蹈|跳舞",
    "sports": "sport\\w*|deportes?|体育|运动",
    "football": "fussball\\w*|football|futbol|足球",
    "boxing": "boxen|boxer|boxe|boxeo|拳击",
    "cooking": "kochen|cuisine|cocina|美食|烹饪",
    "world war ii": "zweiter? weltkrieg|seconde guerre mondiale|segunda guerra mundial|"
    "二战|第二次世界大战",
    "world war i": "erster? weltkrieg|premiere guerre mondiale|primera guerra mundial|一战",
    "cold war": "kalter? krieg|guerre froide|guerra fria|冷战",
    "based on true events": "wahre\\w* geschichte|wahre\\w* begebenheit\\w*|histoire vraie|"
    "historia real|hechos reales|真实事件|真实故事|真人真事",
    "journalism": "journalis\\w+|periodis\\w+|记者|新闻",
    "politics": "politik\\w*|politique|politica|政治",
    "court": "gericht\\w*|anwalt\\w*|tribunal|avocat|juicio|abogado|法庭|律师",
    "racism": "rassismus|racisme|racismo|种族",
    "poverty": "armut|pauvrete|pobreza|贫穷|贫困",
    "memory": "erinnerung\\w*|gedachtnis\\w*|memoire|memoria|记忆",
    "dreams": "traume?n?|reves?|suenos?|梦",
    "martial arts": "kampfkunst|kampfsport|arts martiaux|artes marciales|武术|功夫|武侠",
}  # fmt: skip
_CJK = re.compile(r"[\u3400-\u9fff]")


def with_themes(wish: str) -> str:
    """A wish in another language, with the English names of the themes that it has.

    >>> with_themes("Freundschaft im Gefängnis"), with_themes("关于友情的电影")
    ('Freundschaft im Gefängnis (friendship, prison)', '关于友情的电影 (friendship)')
    """
    folded = fold(wish)
    found = [theme for theme, forms in _FORMS.items() if forms.search(folded)]
    missing = [theme for theme in found if theme not in folded]
    return f"{wish} ({', '.join(missing)})" if missing else wish


def _compiled(forms: str) -> re.Pattern[str]:
    """Whole words, but for Chinese, which has no spaces."""
    return re.compile("|".join(f if _CJK.search(f) else rf"\b{f}\b" for f in forms.split("|")))


_FORMS = {theme: _compiled(forms) for theme, forms in THEMES.items()}
