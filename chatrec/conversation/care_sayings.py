"""What is said to people in danger, and beside items that may be taken for advice; five languages.

Data only. No telephone number is named: none is right everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.lexicon import Language

HELP: Mapping[Language, str] = {
    "en": "I'm sorry that you are in such pain. You don't have to get through this alone: please "
    "talk to somebody you trust, or to a doctor, now. If you or somebody else may be in danger, "
    "call your local emergency number or a crisis line. I can only suggest titles, and will gladly "
    "do that another time.",
    "de": "Es tut mir leid, dass es dir so schlecht geht. Du musst das nicht allein durchstehen: "
    "Sprich bitte jetzt mit jemandem, dem du vertraust, oder mit einer Ärztin oder einem Arzt. "
    "Wenn "
    "du oder jemand anderes in Gefahr sein könnte, ruf den örtlichen Notruf oder ein Krisentelefon "
    "an. Ich kann nur Titel vorschlagen und tue das gern ein andermal.",
    "fr": "Je suis désolé que vous alliez si mal. Vous n'avez pas à traverser cela seul : parlez "
    "maintenant à une personne de confiance ou à un médecin. Si vous ou quelqu'un d'autre êtes en "
    "danger, appelez le numéro d'urgence local ou une ligne d'écoute. Je ne sais que proposer des "
    "titres, et je le ferai volontiers une autre fois.",
    "es": "Siento mucho que lo estés pasando tan mal. No tienes que afrontarlo en soledad: habla "
    "ahora con alguien de confianza o con un médico. Si tú u otra persona podéis estar en peligro, "
    "llama al número de emergencias local o a una línea de crisis. Yo solo sé sugerir títulos, y "
    "lo haré con gusto en otro momento.",
    "zh": "听到你这么难受，我很难过。你不必独自承受：请现在就告诉你信任的人，或去看医生。"
    "如果你或别人可能有危险，请拨打当地的急救电话或心理危机热线。我只能推荐作品，"
    "以后随时愿意再为你推荐。",
}
_KINDS = ("film", "book", "game")
_NOUNS: Mapping[Language, tuple[str, str, str, str]] = {
    "en": ("films", "books", "games", "titles"),
    "de": ("Filme", "Bücher", "Spiele", "Titel"),
    "fr": ("des films", "des livres", "des jeux", "des titres"),
    "es": ("películas", "libros", "juegos", "títulos"),
    "zh": ("电影", "书", "游戏", "作品"),
}
_NO_ADVICE: Mapping[str, Mapping[Language, str]] = {
    "health": {
        "en": "These are {} and no medical advice; for that please see a doctor.",
        "de": "Das sind {} und kein medizinischer Rat; dafür wende dich bitte an eine Arztpraxis.",
        "fr": "Ce sont {} et non un avis médical ; pour cela, consultez un médecin.",
        "es": "Son {}, no consejo médico; para eso, consulta a un médico.",
        "zh": "以下是{}，不是医疗建议；健康问题请咨询医生。",
    },
    "law": {
        "en": "These are {} and no legal advice; for that please ask a lawyer.",
        "de": "Das sind {} und kein Rechtsrat; dafür frag bitte eine Anwältin oder einen Anwalt.",
        "fr": "Ce sont {} et non un conseil juridique ; pour cela, consultez un avocat.",
        "es": "Son {}, no asesoramiento legal; para eso, consulta a un abogado.",
        "zh": "以下是{}，不是法律建议；法律问题请咨询律师。",
    },
    "money": {
        "en": "These are {} and no financial advice; for that please ask a qualified adviser.",
        "de": "Das sind {} und keine Finanzberatung; dafür frag bitte eine Fachberatung.",
        "fr": "Ce sont {} et non un conseil financier ; pour cela, consultez un conseiller.",
        "es": "Son {}, no asesoramiento financiero; para eso, consulta a un asesor.",
        "zh": "以下是{}，不是理财建议；投资问题请咨询专业人士。",
    },
}


def no_advice(topic: str, domain: str, language: Language) -> str:
    """That what is listed is no advice on the topic, one of ADVICE.

    >>> no_advice("law", "book", "en")
    'These are books and no legal advice; for that please ask a lawyer.'
    """
    nouns = _NOUNS[language]
    noun = nouns[_KINDS.index(domain)] if domain in _KINDS else nouns[-1]
    return _NO_ADVICE[topic][language].format(noun)
