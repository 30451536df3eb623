"""What the profile says, in five languages. Data only, with ``{}`` for values."""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.lexicon import Language

_Words = Mapping[Language, str]

HEADINGS: Mapping[str, _Words] = {
    "liked": {
        "en": "You like",
        "de": "Du magst",
        "fr": "Vous aimez",
        "es": "Te gusta",
        "zh": "你喜欢",
    },
    "disliked": {
        "en": "Not for you",
        "de": "Nichts für dich",
        "fr": "Pas pour vous",
        "es": "No es para ti",
        "zh": "不适合你",
    },
    "seen": {
        "en": "You know",
        "de": "Du kennst",
        "fr": "Vous connaissez",
        "es": "Ya conoces",
        "zh": "你看过",
    },
    "history": {
        "en": "Your past",
        "de": "Deine Vergangenheit",
        "fr": "Votre passé",
        "es": "Tu historial",
        "zh": "你的记录",
    },
    "lasting": {
        "en": "Always",
        "de": "Immer",
        "fr": "Toujours",
        "es": "Siempre",
        "zh": "始终",
    },
    "now": {
        "en": "What you want now",
        "de": "Was du gerade willst",
        "fr": "Ce que vous voulez maintenant",
        "es": "Lo que quieres ahora",
        "zh": "你现在想要",
    },
}

PROFILE_SAYINGS: Mapping[str, _Words] = {
    "nothing": {
        "en": "I know nothing about you yet.",
        "de": "Ich weiß noch nichts über dich.",
        "fr": "Je ne sais encore rien de vous.",
        "es": "Todavía no sé nada de ti.",
        "zh": "我还不了解你。",
    },
    "line": {"en": "{}: {}.", "de": "{}: {}.", "fr": "{} : {}.", "es": "{}: {}.", "zh": "{}：{}。"},
    "more": {
        "en": "and {} more",
        "de": "und {} weitere",
        "fr": "et {} autres",
        "es": "y {} más",
        "zh": "等{}部",
    },
    "how_to": {
        "en": "Say “forget that I like …” or “forget me”.",
        "de": "Sag „vergiss, dass ich … mag“ oder „vergiss mich“.",
        "fr": "Dites « oublie que j'aime … » ou « oublie-moi ».",
        "es": "Di «olvida que me gusta …» u «olvídame».",
        "zh": "可以说“忘记我喜欢……”或“忘了我”。",
    },
    "forgot_all": {
        "en": "I have forgotten everything about you.",
        "de": "Ich habe alles über dich vergessen.",
        "fr": "J'ai tout oublié de vous.",
        "es": "He olvidado todo sobre ti.",
        "zh": "关于你的一切我都忘了。",
    },
    "forgot": {
        "en": "Forgotten: {}.",
        "de": "Vergessen: {}.",
        "fr": "Oublié : {}.",
        "es": "Olvidado: {}.",
        "zh": "已忘记：{}。",
    },
    "no_such": {
        "en": "I hold nothing like “{}” about you.",
        "de": "Über dich weiß ich nichts wie „{}“.",
        "fr": "Je ne retiens rien comme « {} » sur vous.",
        "es": "No guardo nada como «{}» sobre ti.",
        "zh": "我没有记录关于你的“{}”。",
    },
    "judge": {
        "en": "Which of these do you know: {}? Say, for instance, “loved the first, not the "
        "second”.",
        "de": "Was davon kennst du: {}? Sag zum Beispiel „die erste liebe ich, die zweite nicht“.",
        "fr": "Lesquels connaissez-vous : {} ? Dites par exemple « j'adore le premier, pas le "
        "deuxième ».",
        "es": "¿Cuáles conoces: {}? Di, por ejemplo, «me encanta la primera, la segunda no».",
        "zh": "这些你看过哪些：{}？可以说“喜欢第一部，不喜欢第二部”。",
    },
    "no_titles": {
        "en": "There are no more titles to ask about.",
        "de": "Es gibt keine weiteren Titel, nach denen ich fragen könnte.",
        "fr": "Il n'y a plus de titres à vous soumettre.",
        "es": "No quedan títulos por los que preguntar.",
        "zh": "没有更多作品可以问了。",
    },
    "titles": {
        "en": "{} titles, the latest {}",
        "de": "{} Titel, zuletzt {}",
        "fr": "{} titres, les derniers : {}",
        "es": "{} títulos, los últimos: {}",
        "zh": "{}部，最近：{}",
    },
    "near": {
        "en": "like {}",
        "de": "wie {}",
        "fr": "comme {}",
        "es": "como {}",
        "zh": "类似{}",
    },
    "only": {
        "en": "only {}",
        "de": "nur {}",
        "fr": "seulement {}",
        "es": "solo {}",
        "zh": "只要{}",
    },
    "said": {
        "en": "you said “{}”",
        "de": "du sagtest „{}“",
        "fr": "vous avez dit « {} »",
        "es": "dijiste «{}»",
        "zh": "你说过“{}”",
    },
    "clicked": {
        "en": "you marked it",
        "de": "von dir markiert",
        "fr": "vous l'avez marqué",
        "es": "lo marcaste",
        "zh": "你标记过",
    },
    "file": {
        "en": "from your file ({})",
        "de": "aus deiner Datei ({})",
        "fr": "de votre fichier ({})",
        "es": "de tu archivo ({})",
        "zh": "来自你的文件（{}）",
    },
}


def speak(name: str, language: Language, *values: object) -> str:
    """The sentence of this name with its values filled in; KeyError for an unknown name."""
    return PROFILE_SAYINGS[name][language].format(*values)
