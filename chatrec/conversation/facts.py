"""How an item's facts are said in five languages. Data only; the facts come from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.lexicon import Language

# Kind of question -> sentence with the item's label and the fact.
FACTS: Mapping[str, Mapping[Language, str]] = {
    "creator": {
        "en": "{} is by {}.",
        "de": "{} ist von {}.",
        "fr": "{} est de {}.",
        "es": "{} es de {}.",
        "zh": "《{}》的创作者是{}。",
    },
    "cast": {
        "en": "In {}: {}.",
        "de": "In {} spielen: {}.",
        "fr": "Dans {} : {}.",
        "es": "En {}: {}.",
        "zh": "《{}》的主演：{}。",
    },
    "year": {
        "en": "{} is from {}.",
        "de": "{} ist aus dem Jahr {}.",
        "fr": "{} date de {}.",
        "es": "{} es de {}.",
        "zh": "《{}》的年份是{}年。",
    },
    "runtime": {
        "en": "{} runs for {} minutes.",
        "de": "{} dauert {} Minuten.",
        "fr": "{} dure {} minutes.",
        "es": "{} dura {} minutos.",
        "zh": "《{}》片长{}分钟。",
    },
    "genre": {
        "en": "The catalogue lists {} as {}.",
        "de": "Der Katalog führt {} als {}.",
        "fr": "Le catalogue classe {} en {}.",
        "es": "El catálogo clasifica {} como {}.",
        "zh": "目录中《{}》的类型是{}。",
    },
    "country": {
        "en": "{} is from {}.",
        "de": "{} kommt aus: {}.",
        "fr": "{} vient de : {}.",
        "es": "{} procede de: {}.",
        "zh": "《{}》来自{}。",
    },
    "language": {
        "en": "The main language of {} is {}.",
        "de": "Die Hauptsprache von {} ist {}.",
        "fr": "La langue principale de {} : {}.",
        "es": "El idioma principal de {} es {}.",
        "zh": "《{}》的主要语言是{}。",
    },
    "age_rating": {
        "en": "{} is rated {}.",
        "de": "Die Altersfreigabe von {} ist {}.",
        "fr": "{} est classé {}.",
        "es": "La clasificación de {} es {}.",
        "zh": "《{}》的分级是{}。",
    },
    "price": {
        "en": "{} costs {}.",
        "de": "{} kostet {}.",
        "fr": "{} coûte {}.",
        "es": "{} cuesta {}.",
        "zh": "《{}》的价格是{}。",
    },
    "keywords": {
        "en": "Themes of {}: {}.",
        "de": "Themen von {}: {}.",
        "fr": "Thèmes de {} : {}.",
        "es": "Temas de {}: {}.",
        "zh": "《{}》的主题：{}。",
    },
    "description": {
        "en": "{}: {}",
        "de": "{}: {}",
        "fr": "{} : {}",
        "es": "{}: {}",
        "zh": "《{}》：{}",
    },
    "fact": {
        "en": "{}: {}.",
        "de": "{}: {}.",
        "fr": "{} : {}.",
        "es": "{}: {}.",
        "zh": "《{}》：{}。",
    },
}

UNKNOWN: Mapping[Language, str] = {
    "en": "I don't know: the catalogue doesn't say.",
    "de": "Das weiß ich nicht: Der Katalog sagt es nicht.",
    "fr": "Je ne sais pas : le catalogue ne le dit pas.",
    "es": "No lo sé: el catálogo no lo dice.",
    "zh": "我不知道：目录中没有说明。",
}
SAYS_SO: Mapping[Language, str] = {
    "en": "Yes, going by the catalogue: {} ({}).",
    "de": "Ja, laut Katalog: {} ({}).",
    "fr": "Oui, d'après le catalogue : {} ({}).",
    "es": "Sí, según el catálogo: {} ({}).",
    "zh": "根据目录，是的：《{}》（{}）。",
}
SAYS_NOTHING: Mapping[Language, str] = {
    "en": "The catalogue says nothing of that for {}; it lists: {}.",
    "de": "Davon sagt der Katalog bei {} nichts; er nennt: {}.",
    "fr": "Le catalogue n'en dit rien pour {} ; il indique : {}.",
    "es": "El catálogo no dice nada de eso de {}; indica: {}.",
    "zh": "目录中《{}》没有提到这一点；其中列出：{}。",
}
SHARED: Mapping[Language, str] = {
    "en": "In common: {}.",
    "de": "Gemeinsam: {}.",
    "fr": "En commun : {}.",
    "es": "En común: {}.",
    "zh": "共同点：{}。",
}
NOTHING_SHARED: Mapping[Language, str] = {
    "en": "The catalogue shows no genre or person in common.",
    "de": "Der Katalog zeigt weder Genre noch Person gemeinsam.",
    "fr": "Le catalogue n'indique ni genre ni personne en commun.",
    "es": "El catálogo no muestra ningún género ni persona en común.",
    "zh": "目录中没有共同的类型或人物。",
}
WHICH: Mapping[Language, str] = {
    "en": "Which one do you mean? Name a title, or a number in the list.",
    "de": "Welchen meinst du? Nenne einen Titel oder eine Nummer der Liste.",
    "fr": "Lequel voulez-vous dire ? Donnez un titre ou un numéro de la liste.",
    "es": "¿A cuál te refieres? Di un título o un número de la lista.",
    "zh": "你指的是哪一个？请说作品名或列表中的编号。",
}
# Label, the reason that was shown, and the facts that it stands on.
WHY: Mapping[Language, str] = {
    "en": "{}: {} The facts behind it: {}.",
    "de": "{}: {} Dahinter steht: {}.",
    "fr": "{} : {} Les faits : {}.",
    "es": "{}: {} Los datos: {}.",
    "zh": "《{}》：{} 依据：{}。",
}
MINUTES = "{} min"
