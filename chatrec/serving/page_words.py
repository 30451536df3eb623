"""What the chat page says around a conversation, in five languages, and which one is wanted.

Data, but for the look-ups: every text stands once, in the order of LANGUAGES, with ``{}`` for
values. What cards and comparisons say is in :mod:`chatrec.serving.card_words`, what the profile
says in :mod:`chatrec.serving.panel_words`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatrec.conversation.lexicon import LANGUAGES, Language
from chatrec.conversation.wordings import Row, in_language

LANGUAGE_NAMES: Mapping[Language, str] = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "zh": "中文",
}
_THOUSANDS: Mapping[Language, str] = {
    "en": ",",
    "de": ".",
    "fr": "\N{NARROW NO-BREAK SPACE}",
    "es": ".",
    "zh": ",",
}

WORDS: Mapping[str, Row] = {
    "tagline": (
        "Say what you feel like. Get picks with reasons you can check.",
        "Sag, worauf du Lust hast. Du bekommst Tipps mit Gründen, die sich prüfen lassen.",
        "Dites votre envie. Vous recevez des idées avec des raisons vérifiables.",
        "Di qué te apetece. Recibes ideas con razones que puedes comprobar.",
        "说说你想看什么，得到附有可查证理由的推荐。",
    ),
    "language": ("Language", "Sprache", "Langue", "Idioma", "语言"),
    "skip": (
        "Skip to the message box",
        "Zum Textfeld springen",
        "Aller au champ de message",
        "Ir al cuadro de mensaje",
        "跳到输入框",
    ),
    "profile": ("Profile", "Profil", "Profil", "Perfil", "个人资料"),
    "new": (
        "New conversation",
        "Neues Gespräch",
        "Nouvelle conversation",
        "Nueva conversación",
        "新对话",
    ),
    "box": ("Your message", "Deine Nachricht", "Votre message", "Tu mensaje", "你的消息"),
    "placeholder": (
        "Tell me what you feel like…",
        "Worauf hast du Lust?",
        "Dites votre envie…",
        "Dime qué te apetece…",
        "告诉我你想要什么……",
    ),
    "send": ("Send", "Senden", "Envoyer", "Enviar", "发送"),
    "mood": (
        "What are you in the mood for?",
        "Worauf hast du Lust?",
        "De quoi avez-vous envie ?",
        "¿Qué te apetece?",
        "你现在想要什么？",
    ),
    "intro": (
        "Say it in your own words. You get a short list, and for every pick a reason that you can "
        "check. There are {} {} to choose from.",
        "Sag es mit deinen Worten. Du bekommst eine kurze Liste und zu jedem Tipp einen Grund, der "
        "sich prüfen lässt. Zur Auswahl stehen {} {}.",
        "Dites-le avec vos mots. Vous recevez une courte liste et, pour chaque idée, une raison "
        "vérifiable. Il y a {} {} au choix.",
        "Dilo con tus palabras. Recibes una lista corta y, para cada idea, una razón que puedes "
        "comprobar. Hay {} {} para elegir.",
        "用自己的话说就行。你会得到一份简短的列表，每一项都附有可查证的理由。共有{}{}可选。",
    ),
    "examples": ("Examples", "Beispiele", "Exemples", "Ejemplos", "示例"),
    "or": ("or {}", "oder {}", "ou {}", "o {}", "或者{}"),
    "rate_link": (
        "rate three titles",
        "bewerte drei Titel",
        "notez trois titres",
        "valora tres títulos",
        "评价三部作品",
    ),
    "rate": (
        "Rate three titles",
        "Drei Titel bewerten",
        "Noter trois titres",
        "Valorar tres títulos",
        "评价三部作品",
    ),
    "you": ("You:", "Du:", "Vous :", "Tú:", "你："),
    "earlier": (
        "Earlier messages are not shown.",
        "Frühere Nachrichten werden nicht gezeigt.",
        "Les messages plus anciens ne sont pas affichés.",
        "Los mensajes anteriores no se muestran.",
        "更早的消息未显示。",
    ),
    "looking": (
        "Looking through {}…",
        "Ich sehe die {} durch …",
        "Je parcours les {}…",
        "Buscando entre {}…",
        "正在查找……",
    ),
    "sorry": (
        "Sorry, that didn’t work: {}",
        "Das hat leider nicht geklappt: {}",
        "Désolé, cela n'a pas marché : {}",
        "Lo siento, no ha funcionado: {}",
        "抱歉，没有成功：{}",
    ),
    # Why, after "sorry".
    "failed": (
        "something went wrong on this side. Please try again.",
        "auf dieser Seite ging etwas schief. Bitte versuch es noch einmal.",
        "quelque chose s'est mal passé de ce côté. Veuillez réessayer.",
        "algo ha ido mal en este lado. Inténtalo otra vez.",
        "我们这边出了问题，请再试一次。",
    ),
    "stopped": (
        "stopped before the answer began.",
        "angehalten, bevor die Antwort begann.",
        "arrêté avant le début de la réponse.",
        "detenido antes de que empezara la respuesta.",
        "回答开始前已停止。",
    ),
    "too_long": (
        "the message has {} characters; up to {} are read. Please shorten it.",
        "die Nachricht hat {} Zeichen; gelesen werden bis zu {}. Bitte kürze sie.",
        "le message a {} caractères ; on en lit {} au plus. Veuillez le raccourcir.",
        "el mensaje tiene {} caracteres; se leen hasta {}. Acórtalo, por favor.",
        "消息有{}个字符，最多读取{}个，请缩短。",
    ),
    "filters": ("Filters", "Filter", "Filtres", "Filtros", "筛选条件"),
    "remove_filter": (
        "Remove filter {}",
        "Filter {} entfernen",
        "Retirer le filtre {}",
        "Quitar el filtro {}",
        "移除筛选条件{}",
    ),
    "search_again": (
        "Search again without it",
        "Ohne ihn neu suchen",
        "Chercher à nouveau sans lui",
        "Buscar otra vez sin ese filtro",
        "去掉后重新搜索",
    ),
    "go_on": ("Go on with", "Weiter mit", "Continuer avec", "Sigue con", "接下来"),
    "incognito": (
        "Incognito: nothing of this conversation is kept.",
        "Inkognito: Von diesem Gespräch wird nichts aufbewahrt.",
        "Navigation privée : rien de cette conversation n'est conservé.",
        "Incógnito: no se guarda nada de esta conversación.",
        "无痕模式：不保留本次对话的任何内容。",
    ),
    "know_these": (
        "Do you know these?",
        "Kennst du diese?",
        "Connaissez-vous ceux-ci ?",
        "¿Conoces estos?",
        "你看过这些吗？",
    ),
    "say_most": (
        "Your answers about them say the most about your taste.",
        "Deine Antworten dazu sagen am meisten über deinen Geschmack.",
        "Vos réponses à leur sujet en disent le plus sur vos goûts.",
        "Tus respuestas sobre ellos son las que más dicen de tu gusto.",
        "你对它们的评价最能说明你的口味。",
    ),
    "show_picks": (
        "Show me picks",
        "Zeig mir Tipps",
        "Montrez-moi des idées",
        "Enséñame ideas",
        "给我推荐",
    ),
    "other_titles": ("Other titles", "Andere Titel", "D'autres titres", "Otros títulos", "换几部"),
    "not_now": ("Not now", "Jetzt nicht", "Pas maintenant", "Ahora no", "以后再说"),
    "loved": ("Loved it", "Toll", "Adoré", "Me encantó", "很喜欢"),
    "fine": ("It’s fine", "Ganz gut", "Pas mal", "Está bien", "还行"),
    "not_for_me": ("Not for me", "Nichts für mich", "Pas pour moi", "No es para mí", "不适合我"),
    "unknown": (
        "Don’t know it",
        "Kenne ich nicht",
        "Je ne connais pas",
        "No lo conozco",
        "没看过",
    ),
    # The form for a key.
    "for_keys": (
        "The chat is for people with a key.",
        "Der Chat ist für Leute mit einem Schlüssel.",
        "La discussion est réservée aux personnes qui ont une clé.",
        "El chat es para personas con una clave.",
        "聊天仅供持有密钥的人使用。",
    ),
    "wrong_key": (
        "That is not a key of this server, or it was revoked.",
        "Das ist kein Schlüssel dieses Servers, oder er wurde widerrufen.",
        "Ce n'est pas une clé de ce serveur, ou elle a été révoquée.",
        "Esa no es una clave de este servidor, o fue revocada.",
        "这不是本服务器的密钥，或已被撤销。",
    ),
    "your_key": ("Your key", "Dein Schlüssel", "Votre clé", "Tu clave", "你的密钥"),
    "sign_in": ("Sign in", "Anmelden", "Se connecter", "Iniciar sesión", "登录"),
    # What buttons say in the visitor's name.
    "others": ("Show me others", "Andere", "D'autres", "Otras", "换一批"),
    "surprise": ("Surprise me", "Überrasch mich", "Surprenez-moi", "Sorpréndeme", "随便推荐一部"),
    "more_like": ("More like {}", "Mehr wie {}", "Comme {}", "Como {}", "类似《{}》的"),
}

# What a catalogue's items are called where the count of them is said.
PLURALS: Mapping[str, Row] = {
    "anime": ("anime titles", "Anime-Titel", "titres d'anime", "títulos de anime", "部动画"),
    "app": ("apps", "Apps", "applications", "aplicaciones", "个应用"),
    "book": ("books", "Bücher", "livres", "libros", "本书"),
    "course": ("courses", "Kurse", "cours", "cursos", "门课程"),
    "film": ("films", "Filme", "films", "películas", "部电影"),
    "finance": ("products", "Produkte", "produits", "productos", "种产品"),
    "game": ("games", "Spiele", "jeux", "juegos", "款游戏"),
    "health": ("articles", "Artikel", "articles", "artículos", "篇文章"),
    "item": ("items", "Titel", "titres", "títulos", "个条目"),
    "music": ("songs", "Lieder", "chansons", "canciones", "首歌"),
    "news": ("articles", "Artikel", "articles", "artículos", "篇文章"),
    "place": ("places", "Orte", "lieux", "lugares", "个地点"),
    "product": ("products", "Produkte", "produits", "productos", "种产品"),
}

# Prompts of the empty page: for films as they are, else made from the catalogue's own values.
FILM_PROMPTS: Sequence[Row] = (
    (
        "A mind-bending sci-fi that isn't too long",
        "Ein kluger Science-Fiction-Film, nicht zu lang",
        "Un film de science-fiction pas trop long",
        "Ciencia ficción, no demasiado larga",
        "两小时以内的科幻片",
    ),
    (
        "Something like Arrival, but funnier",
        "Etwas wie Arrival, aber lustiger",
        "Quelque chose comme Arrival, mais plus drôle",
        "Algo como Arrival, pero más divertido",
        "类似Arrival，但更搞笑一点",
    ),
    (
        "A feel-good comedy for a family evening",
        "Eine Komödie für einen Familienabend",
        "Une comédie pour une soirée en famille",
        "Una comedia para una noche en familia",
        "适合全家看的喜剧",
    ),
    (
        "French films from the 1960s",
        "Französische Filme aus den 1960ern",
        "Des films français des années 1960",
        "Películas francesas de los años 60",
        "1960年代的法国电影",
    ),
)
LIKE_PROMPT: Row = (
    "Something like {}",
    "Etwas wie {}",
    "Quelque chose comme {}",
    "Algo como {}",
    "类似{}",
)
GENRE_PROMPT: Row = (  # a genre, and what the items are called
    "The best {0} {1}",
    "Die besten {1}: {0}",
    "Les meilleurs {1} : {0}",
    "Lo mejor de {0}",
    "最好的{0}",
)


def say(name: str, language: Language, *values: object) -> str:
    """The words of this name with their values filled in; KeyError for an unknown name."""
    return in_language(WORDS[name], language).format(*values)


def plural_of(domain: str, language: Language) -> str:
    """What several items of a domain are called; those of an unknown one are items."""
    return in_language(PLURALS.get(domain, PLURALS["item"]), language)


def count(number: int, language: Language) -> str:
    """A whole number as it is written.

    >>> count(1234, "en"), count(1234, "de")
    ('1,234', '1.234')
    """
    return f"{number:,}".replace(",", _THOUSANDS[language])


def language_named(value: object) -> Language | None:
    """The language with this code; None for any other value."""
    return next((language for language in LANGUAGES if language == value), None)


def language_wanted(accepted: str) -> Language:
    """The first of our languages by preference in an Accept-Language header; else English.

    >>> language_wanted("pt-BR,fr-CH;q=0.8,de;q=0.9,*;q=0.1")
    'de'
    """
    found: list[tuple[float, Language]] = []
    for part in accepted[:400].split(","):
        tag, _, weight = part.strip().partition(";")
        language = language_named(tag.strip().lower().partition("-")[0])
        if language is not None:
            found.append((_weight(weight), language))
    best = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return "en" if best[1] is None or best[0] <= 0 else best[1]


def _weight(written: str) -> float:
    """The weight of a part of Accept-Language: 1 where none is given, 0 where it can't be read."""
    name, _, value = written.strip().partition("=")
    if not name:
        return 1.0
    whole, _, rest = value.strip().partition(".")
    digits = whole + rest
    return float(value) if name.strip() == "q" and digits.isdecimal() and digits.isascii() else 0.0
