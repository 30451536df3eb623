"""What cards, their reasons and comparisons say, in five languages. Data only.

Every text stands once, in the order of LANGUAGES, with ``{}`` for values.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.comparison import FACT_NAMES
from chatrec.conversation.lexicon import Language
from chatrec.conversation.wordings import Row, in_language

# Kinds of evidence.
EVIDENCE: Mapping[str, Row] = {
    **FACT_NAMES,
    "fact": ("Detail", "Angabe", "Détail", "Detalle", "其他信息"),
    "shared_creator": (
        "Same maker",
        "Von denselben",
        "Même auteur",
        "Mismo autor",
        "同一创作者",
    ),
    "shared_cast": (
        "Same performer",
        "Gleiche Besetzung",
        "Même interprète",
        "Mismo intérprete",
        "同一演员",
    ),
    "shared_genre": ("Same genre", "Gleiches Genre", "Même genre", "Mismo género", "同类型"),
    "shared_keyword": ("Same theme", "Gleiches Thema", "Même thème", "Mismo tema", "同主题"),
    "shared_title": (
        "Words of both titles",
        "Worte beider Titel",
        "Mots des deux titres",
        "Palabras de ambos títulos",
        "标题共有的词",
    ),
    "similar": ("Close to", "Nah an", "Proche de", "Cercano a", "相近作品"),
    "match": ("You asked for", "Du wolltest", "Vous vouliez", "Pediste", "你的要求"),
    "together": (
        "Often chosen with",
        "Oft gewählt mit",
        "Souvent choisi avec",
        "A menudo elegido con",
        "常被一起选择",
    ),
}

# Where evidence comes from; the note below the facts says it of the catalogue once for all.
SOURCES: Mapping[str, Row] = {
    "catalogue": ("", "", "", "", ""),
    "your words": ("as you asked", "wie gewünscht", "comme demandé", "como pediste", "如你所说"),
    "liked": ("you liked it", "hat dir gefallen", "vous l'avez aimé", "te gustó", "你喜欢过"),
    "named": ("you named it", "du nanntest es", "vous l'avez nommé", "lo nombraste", "你提到过"),
    "history": (
        "from your history",
        "aus deinem Verlauf",
        "de votre historique",
        "de tu historial",
        "来自你的记录",
    ),
    "title": ("in the title", "im Titel", "dans le titre", "en el título", "在标题中"),
    "interactions": (
        "from what people chose",
        "aus dem, was andere wählten",
        "d'après les choix des gens",
        "según lo que elige la gente",
        "来自人们的选择",
    ),
    "dialogues": (
        "from dialogues between people",
        "aus Gesprächen zwischen Menschen",
        "d'après des dialogues entre gens",
        "de diálogos entre personas",
        "来自人们的对话",
    ),
}

LED_BY: Mapping[str, Row] = {
    "item_head": (
        "Ranked by the tuned item model",
        "Geordnet vom trainierten Titelmodell",
        "Classé par le modèle de titres entraîné",
        "Ordenado por el modelo de títulos entrenado",
        "由训练过的条目模型排序",
    ),
    "labels": (
        "Ranked by the language model",
        "Geordnet vom Sprachmodell",
        "Classé par le modèle de langage",
        "Ordenado por el modelo de lenguaje",
        "由语言模型排序",
    ),
    "fusion": (
        "Ranked by combined search",
        "Geordnet von der kombinierten Suche",
        "Classé par la recherche combinée",
        "Ordenado por la búsqueda combinada",
        "由综合搜索排序",
    ),
}

# What looked for items, in the order in which it is told; see Place in chatrec/types.py.
BRANCHES: Mapping[str, Row] = {
    "dense": (
        "Meaning of your words",
        "Sinn deiner Worte",
        "Sens de vos mots",
        "Sentido de tus palabras",
        "语义搜索",
    ),
    "lexical": (
        "Your very words",
        "Deine Worte selbst",
        "Vos mots mêmes",
        "Tus propias palabras",
        "字面搜索",
    ),
    "item_head": (
        "Tuned item model",
        "Trainiertes Titelmodell",
        "Modèle de titres entraîné",
        "Modelo de títulos entrenado",
        "训练过的条目模型",
    ),
    "dialogues": (
        "What people choose in dialogues",
        "Was andere im Gespräch wählen",
        "Ce qui est choisi en dialogue",
        "Lo que se elige en diálogos",
        "对话中人们的选择",
    ),
    "popularity": (
        "What many people chose",
        "Was viele wählten",
        "Ce que beaucoup choisissent",
        "Lo que eligen muchos",
        "多数人的选择",
    ),
    "item_knn": (
        "Chosen by the same people",
        "Von denselben Leuten gewählt",
        "Choisi par les mêmes gens",
        "Elegido por la misma gente",
        "同一批人的选择",
    ),
    "ease": (
        "Goes with all you had",
        "Passt zu allem Bisherigen",
        "Va avec tout votre passé",
        "Va con todo lo anterior",
        "与你的全部记录相配",
    ),
    "als": (
        "People with such a taste",
        "Leute mit solchem Geschmack",
        "Gens aux goûts semblables",
        "Gente con ese gusto",
        "口味相似的人",
    ),
    "next_item": (
        "What people chose next",
        "Was Leute danach wählten",
        "Ce que les gens choisissent ensuite",
        "Lo que se elige después",
        "人们接下来的选择",
    ),
    "sequential": (
        "The order of your past",
        "Reihenfolge deines Verlaufs",
        "L'ordre de votre passé",
        "El orden de tu historial",
        "按你的记录顺序",
    ),
    "fusion": (
        "All of these together",
        "Alles zusammen",
        "Tout cela ensemble",
        "Todo junto",
        "综合",
    ),
    "ranker": (
        "Final order",
        "Endgültige Ordnung",
        "Ordre final",
        "Orden final",
        "最终排序",
    ),
}

CARDS: Mapping[str, Row] = {
    "cover": ("Picture of {}", "Bild von {}", "Image de {}", "Imagen de {}", "《{}》的图片"),
    "like": ("More like this", "Mehr davon", "Plus comme ça", "Más como esto", "多来点这样的"),
    "dislike": ("Not for me", "Nichts für mich", "Pas pour moi", "No es para mí", "不适合我"),
    "seen": ("Seen it", "Kenne ich", "Déjà vu", "Ya lo conozco", "看过了"),
    "compare": ("Compare", "Vergleichen", "Comparer", "Comparar", "比较"),
    "noted_like": (
        "Noted: you like this one",
        "Notiert: Das magst du",
        "Noté : vous aimez celui-ci",
        "Anotado: este te gusta",
        "已记下：你喜欢这个",
    ),
    "noted_dislike": (
        "Noted: less like this",
        "Notiert: weniger davon",
        "Noté : moins comme ça",
        "Anotado: menos como esto",
        "已记下：少来这样的",
    ),
    "noted_seen": (
        "Noted: you know this one",
        "Notiert: Das kennst du",
        "Noté : vous connaissez celui-ci",
        "Anotado: este ya lo conoces",
        "已记下：你看过这个",
    ),
    "coming": (
        "Reason to follow",
        "Der Grund folgt",
        "La raison suit",
        "La razón viene ahora",
        "理由稍后给出",
    ),
    "why": ("Why{}?", "Warum{}?", "Pourquoi{} ?", "¿Por qué{}?", "为什么推荐{}？"),
    "as_in": ("{} as in {}", "{} wie in {}", "{} comme dans {}", "{} como en {}", "{}，如《{}》"),
    "lift": (
        "{} ({} times as often as by chance)",
        "{} ({}-mal so oft wie zufällig)",
        "{} ({} fois plus souvent que par hasard)",
        "{} ({} veces más que por azar)",
        "{}（是随机情况的{}倍）",
    ),
    "facts_all": (
        "These facts are from the catalogue.",
        "Diese Angaben stammen aus dem Katalog.",
        "Ces faits viennent du catalogue.",
        "Estos datos vienen del catálogo.",
        "以上信息来自目录。",
    ),
    "facts_other": (
        "The other facts are from the catalogue.",
        "Die übrigen Angaben stammen aus dem Katalog.",
        "Les autres faits viennent du catalogue.",
        "Los demás datos vienen del catálogo.",
        "其余信息来自目录。",
    ),
    "by_model": (
        "The language model wrote the reason from them, and it was checked against them.",
        "Das Sprachmodell hat den Grund daraus geschrieben; er wurde daran geprüft.",
        "Le modèle de langage en a tiré la raison, qui a été vérifiée d'après eux.",
        "El modelo de lenguaje escribió la razón a partir de ellos, y se comprobó con ellos.",
        "理由由语言模型据此写成，并据此核对过。",
    ),
    "by_template": (
        "The reason was put together from them.",
        "Der Grund wurde daraus zusammengesetzt.",
        "La raison a été composée à partir d'eux.",
        "La razón se compuso a partir de ellos.",
        "理由据此拼成。",
    ),
    "order": (
        "How it came to this place",
        "Wie es an diese Stelle kam",
        "Comment il est arrivé à cette place",
        "Cómo llegó a este lugar",
        "如何排到这个位置",
    ),
    "place": ("place {}", "Platz {}", "place {}", "puesto {}", "第{}名"),
    "place_of": (
        "place {} of {}",
        "Platz {} von {}",
        "place {} sur {}",
        "puesto {} de {}",
        "{1}项中第{0}名",
    ),
    "moved": (
        "Which of your titles moved it",
        "Welche deiner Titel es bewegt haben",
        "Lesquels de vos titres l’ont déplacé",
        "Cuáles de tus títulos lo movieron",
        "你的哪些作品影响了它",
    ),
    "moved_asked": (
        "Leaving out each of your last titles in turn …",
        "Deine letzten Titel werden der Reihe nach weggelassen …",
        "Vos derniers titres sont retirés tour à tour …",
        "Se omiten uno a uno tus últimos títulos…",
        "正在逐一去掉你最近的作品……",
    ),
    "moved_failed": (
        "It couldn’t be worked out now; unfold this again to try once more.",
        "Das ließ sich gerade nicht ermitteln; klappe es für einen neuen Versuch wieder auf.",
        "Cela n’a pas pu être déterminé ; dépliez à nouveau pour réessayer.",
        "No se pudo averiguar ahora; vuelve a desplegarlo para intentarlo otra vez.",
        "现在无法得出；请重新展开再试一次。",
    ),
    "varied": (
        "The shown list is mixed a little, so that its titles aren’t too alike.",
        "Die gezeigte Liste ist etwas gemischt, damit sich die Titel nicht zu sehr ähneln.",
        "La liste montrée est un peu variée, pour que ses titres ne se ressemblent pas trop.",
        "La lista mostrada se varía un poco, para que sus títulos no se parezcan demasiado.",
        "显示的列表略作调整，避免过于相似。",
    ),
}

COMPARING: Mapping[str, Row] = {
    "title": ("Side by side", "Im Vergleich", "Côte à côte", "Cara a cara", "对比"),
    "open": (
        "Compare {} titles",
        "{} Titel vergleichen",
        "Comparer {} titres",
        "Comparar {} títulos",
        "比较{}部作品",
    ),
    "more": (
        "Choose another to compare with {}",
        "Wähle noch einen zum Vergleich mit {}",
        "Choisissez-en un autre à comparer avec {}",
        "Elige otro para comparar con {}",
        "再选一部与《{}》比较",
    ),
    "clear": ("Clear", "Leeren", "Effacer", "Vaciar", "清除"),
    "remove": (
        "Take {} out",
        "{} herausnehmen",
        "Retirer {}",
        "Quitar {}",
        "移除《{}》",
    ),
    "close": ("Close", "Schließen", "Fermer", "Cerrar", "关闭"),
    "item": ("Title", "Titel", "Titre", "Título", "作品"),
    "same": ("the same", "gleich", "identique", "igual", "相同"),
    "differs": ("differs", "verschieden", "différent", "distinto", "不同"),
    "note": (
        "All of it is from the catalogue. What differs is marked.",
        "Alles stammt aus dem Katalog. Was sich unterscheidet, ist markiert.",
        "Tout vient du catalogue. Ce qui diffère est marqué.",
        "Todo viene del catálogo. Lo que difiere está marcado.",
        "全部来自目录，不同之处已标出。",
    ),
}


def say_card(name: str, language: Language, *values: object) -> str:
    """The words of a card with their values filled in; KeyError for an unknown name."""
    return in_language(CARDS[name], language).format(*values)


def say_comparing(name: str, language: Language, *values: object) -> str:
    """The words of a comparison with their values filled in; KeyError for an unknown name."""
    return in_language(COMPARING[name], language).format(*values)


def led_words(led_by: str, language: Language) -> str:
    """What led a list's order, in words."""
    return in_language(LED_BY[led_by], language)
