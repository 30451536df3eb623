"""Ready sentences of the conversation in five languages. Data only, with ``{}`` for values."""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.lexicon import Language

_SAYINGS: Mapping[str, Mapping[Language, str]] = {
    "greeting": {
        "en": "Hello! Tell me what you are in the mood for, or a title you love.",
        "de": "Hallo! Sag mir, worauf du Lust hast, oder nenne einen Titel, den du liebst.",
        "fr": "Bonjour ! Dites-moi ce dont vous avez envie, ou un titre que vous aimez.",
        "es": "¡Hola! Dime qué te apetece, o un título que te encante.",
        "zh": "你好！告诉我你想看什么，或者一部你喜欢的作品。",
    },
    "thanks": {
        "en": "You're welcome! Ask for more whenever you like.",
        "de": "Gern geschehen! Frag jederzeit nach mehr.",
        "fr": "Avec plaisir ! Demandez-en d'autres quand vous voulez.",
        "es": "¡De nada! Pide más cuando quieras.",
        "zh": "不客气！想要更多随时告诉我。",
    },
    "bye": {
        "en": "Goodbye, and enjoy!",
        "de": "Tschüss und viel Vergnügen!",
        "fr": "Au revoir et bon moment !",
        "es": "¡Adiós y que lo disfrutes!",
        "zh": "再见，祝你愉快！",
    },
    "how_are_you": {
        "en": "All well, thank you. What would you like to find?",
        "de": "Alles gut, danke. Was möchtest du finden?",
        "fr": "Tout va bien, merci. Que cherchez-vous ?",
        "es": "Todo bien, gracias. ¿Qué quieres encontrar?",
        "zh": "很好，谢谢。你想找什么？",
    },
    "about": {
        "en": "I recommend titles from this catalogue: say a genre, a mood, a year, a person or a "
        'title you like, then refine with words such as "older" or "not the second".',
        "de": "Ich empfehle Titel aus diesem Katalog: Nenne ein Genre, eine Stimmung, ein Jahr, "
        "eine Person oder einen Titel, und verfeinere dann mit Worten wie „älter“.",
        "fr": "Je recommande des titres de ce catalogue : donnez un genre, une humeur, une année, "
        "une personne ou un titre, puis précisez, par exemple « plus ancien ».",
        "es": "Recomiendo títulos de este catálogo: di un género, un ánimo, un año, una persona o "
        "un título, y luego afina con palabras como «más antigua».",
        "zh": "我从这个目录中推荐作品：请说类型、心情、年代、人物或作品，再用“更老一点”等来调整。",
    },
    "insult": {
        "en": "Sorry that I haven't been of use. Tell me one title you like and I'll start from "
        "there.",
        "de": "Tut mir leid, dass ich nicht geholfen habe. Nenne einen Titel, den du magst, und "
        "ich fange dort an.",
        "fr": "Désolé de ne pas avoir aidé. Donnez-moi un titre que vous aimez et je partirai de "
        "là.",
        "es": "Siento no haber ayudado. Dime un título que te guste y empiezo por ahí.",
        "zh": "抱歉没帮上忙。告诉我一部你喜欢的作品，我从那里开始。",
    },
    "praise": {
        "en": 'Glad to hear it! Say "more" for further ideas.',
        "de": "Freut mich! Sag „mehr“ für weitere Ideen.",
        "fr": "Tant mieux ! Dites « encore » pour d'autres idées.",
        "es": "¡Me alegro! Di «más» para otras ideas.",
        "zh": "很高兴！说“再来”可以看更多。",
    },
    "agree": {
        "en": 'Fine. Tell me what you would like, or say "more".',
        "de": "Gut. Sag mir, was du möchtest, oder „mehr“.",
        "fr": "Bien. Dites-moi ce que vous voulez, ou « encore ».",
        "es": "Bien. Dime qué quieres, o «más».",
        "zh": "好的。告诉我你想要什么，或者说“再来”。",
    },
    "out_of_scope": {
        "en": "I can't help with that: I only recommend titles from this catalogue. What are you "
        "in the mood for?",
        "de": "Dabei kann ich nicht helfen: Ich empfehle nur Titel aus diesem Katalog. Worauf hast "
        "du Lust?",
        "fr": "Je ne peux pas aider pour cela : je ne recommande que des titres de ce catalogue. "
        "De quoi avez-vous envie ?",
        "es": "No puedo ayudar con eso: solo recomiendo títulos de este catálogo. ¿Qué te apetece?",
        "zh": "这个我帮不了：我只推荐这个目录里的作品。你想看什么？",
    },
    "nonsense": {
        "en": "I couldn't make sense of that. Try a genre, a mood or a title, such as \"a funny "
        'film from the 90s".',
        "de": "Das habe ich nicht verstanden. Versuche ein Genre, eine Stimmung oder einen Titel.",
        "fr": "Je n'ai pas compris. Essayez un genre, une humeur ou un titre.",
        "es": "No lo he entendido. Prueba con un género, un ánimo o un título.",
        "zh": "我没看懂。请试试类型、心情或作品名。",
    },
    "unread": {
        "en": "I can't read that language. I understand English, German, French, Spanish and "
        "Chinese: what are you in the mood for?",
        "de": "Diese Sprache kann ich nicht lesen. Ich verstehe Englisch, Deutsch, Französisch, "
        "Spanisch und Chinesisch: Worauf hast du Lust?",
        "fr": "Je ne lis pas cette langue. Je comprends l'anglais, l'allemand, le français, "
        "l'espagnol et le chinois : de quoi avez-vous envie ?",
        "es": "No leo ese idioma. Entiendo inglés, alemán, francés, español y chino: ¿qué te "
        "apetece?",
        "zh": "我看不懂这种语言。我能理解英语、德语、法语、西班牙语和中文：你想看什么？",
    },
    "empty": {
        "en": "That message was empty. Tell me what you are in the mood for.",
        "de": "Die Nachricht war leer. Sag mir, worauf du Lust hast.",
        "fr": "Ce message était vide. Dites-moi ce dont vous avez envie.",
        "es": "El mensaje estaba vacío. Dime qué te apetece.",
        "zh": "消息是空的。告诉我你想看什么。",
    },
    "by_mention": {
        "en": "I leave out what mentions “{}”; not every title here says so.",
        "de": "Ich lasse weg, was „{}“ erwähnt; das steht hier nicht bei jedem Titel.",
        "fr": "J'écarte ce qui mentionne « {} » ; tous les titres ne le précisent pas.",
        "es": "Dejo fuera lo que menciona «{}»; no todos los títulos lo indican.",
        "zh": "我会排除提到“{}”的作品；但并非每部作品都有注明。",
    },
    "apart": {
        "en": "Nothing here has {} together, so one of them is enough.",
        "de": "Nichts hier hat {} zusammen, daher reicht eine Person davon.",
        "fr": "Rien ici ne réunit {} : une seule de ces personnes suffit.",
        "es": "Nada aquí reúne a {}, así que basta con una de esas personas.",
        "zh": "没有作品同时有{}，所以有其中一位即可。",
    },
    "cut": {
        "en": "I read only the first {} characters of your message.",
        "de": "Ich habe nur die ersten {} Zeichen deiner Nachricht gelesen.",
        "fr": "Je n'ai lu que les {} premiers caractères de votre message.",
        "es": "Solo he leído los primeros {} caracteres de tu mensaje.",
        "zh": "我只读了消息的前{}个字符。",
    },
    "reset": {
        "en": "All cleared. What would you like?",
        "de": "Alles zurückgesetzt. Was möchtest du?",
        "fr": "Tout est effacé. Que voulez-vous ?",
        "es": "Todo borrado. ¿Qué te apetece?",
        "zh": "已清空。你想看什么？",
    },
    "undo": {
        "en": "Back to how it was before.",
        "de": "Zurück zum vorigen Stand.",
        "fr": "Retour à l'état précédent.",
        "es": "De vuelta a lo anterior.",
        "zh": "已回到上一步。",
    },
    "undo_none": {
        "en": "There is nothing to undo.",
        "de": "Es gibt nichts rückgängig zu machen.",
        "fr": "Il n'y a rien à annuler.",
        "es": "No hay nada que deshacer.",
        "zh": "没有可以撤销的内容。",
    },
    "unfiltered": {
        "en": "Removed: {}.",
        "de": "Entfernt: {}.",
        "fr": "Retiré : {}.",
        "es": "Quitado: {}.",
        "zh": "已去掉：{}。",
    },
    "no_filter": {
        "en": "There is no such filter to remove.",
        "de": "Es gibt keinen solchen Filter.",
        "fr": "Il n'y a pas de tel filtre.",
        "es": "No hay tal filtro.",
        "zh": "没有这样的筛选条件。",
    },
    "no_list": {
        "en": "I haven't shown a list yet, so I don't know which one you mean. Tell me a title.",
        "de": "Ich habe noch keine Liste gezeigt und weiß daher nicht, was du meinst. Nenne mir "
        "einen Titel.",
        "fr": "Je n'ai pas encore montré de liste, je ne sais donc pas ce que vous désignez. "
        "Donnez-moi un titre.",
        "es": "Aún no he mostrado ninguna lista, así que no sé a cuál te refieres. Dime un título.",
        "zh": "我还没有给出列表，所以不知道你指的是哪一个。请告诉我一个作品名。",
    },
    "took_first": {
        "en": "I took you to mean the first, {}.",
        "de": "Ich nehme an, du meinst den ersten Titel, {}.",
        "fr": "J'ai pris le premier, {}.",
        "es": "He tomado el primero, {}.",
        "zh": "我理解为第一部：{}。",
    },
    "which_of": {
        "en": "Which {} do you mean: {}?",
        "de": "Welches „{}“ meinst du: {}?",
        "fr": "Quel « {} » voulez-vous dire : {} ?",
        "es": "¿A qué «{}» te refieres: {}?",
        "zh": "你指的是哪个“{}”：{}？",
    },
    "ambiguous": {
        "en": "Several titles share that name; I took {}.",
        "de": "Mehrere Titel heißen so; ich habe {} genommen.",
        "fr": "Plusieurs titres portent ce nom ; j'ai pris {}.",
        "es": "Varios títulos se llaman así; he tomado {}.",
        "zh": "有多个同名作品；我取的是{}。",
    },
    "namesake": {
        "en": "I took {} to be {}.",
        "de": "Unter {} habe ich {} verstanden.",
        "fr": "J'ai compris {} comme {}.",
        "es": "He entendido {} como {}.",
        "zh": "我把{}理解为{}。",
    },
    "noted": {
        "en": "Noted: {}.",
        "de": "Notiert: {}.",
        "fr": "C'est noté : {}.",
        "es": "Anotado: {}.",
        "zh": "记下了：{}。",
    },
    "liked": {
        "en": "you like {}",
        "de": "du magst {}",
        "fr": "vous aimez {}",
        "es": "te gusta {}",
        "zh": "你喜欢{}",
    },
    "disliked": {"en": "not {}", "de": "nicht {}", "fr": "pas {}", "es": "no {}", "zh": "不要{}"},
    "seen": {
        "en": "you know {}",
        "de": "du kennst {}",
        "fr": "vous connaissez {}",
        "es": "ya conoces {}",
        "zh": "你看过{}",
    },
    "near": {
        "en": "similar to {}",
        "de": "ähnlich wie {}",
        "fr": "proche de {}",
        "es": "parecido a {}",
        "zh": "类似{}",
    },
    "wish": {"en": "“{}”", "de": "„{}“", "fr": "« {} »", "es": "«{}»", "zh": "“{}”"},
    "here": {
        "en": "Here are {} suggestions",
        "de": "Hier sind {} Vorschläge",
        "fr": "Voici {} suggestions",
        "es": "Aquí tienes {} sugerencias",
        "zh": "为你推荐{}个",
    },
    "here_one": {
        "en": "Here is 1 suggestion",
        "de": "Hier ist 1 Vorschlag",
        "fr": "Voici 1 suggestion",
        "es": "Aquí tienes 1 sugerencia",
        "zh": "为你推荐1个",
    },
    "nothing": {
        "en": "Nothing in the catalogue fits that",
        "de": "Nichts im Katalog passt dazu",
        "fr": "Rien dans le catalogue n'y correspond",
        "es": "Nada en el catálogo encaja con eso",
        "zh": "目录中没有符合的作品",
    },
    "again": {
        "en": "You have seen all that fit in a list before; here they are again.",
        "de": "Alles Passende stand schon in einer Liste; hier ist es noch einmal.",
        "fr": "Tout ce qui correspond a déjà été proposé ; le revoici.",
        "es": "Todo lo que encaja ya se ha mostrado; aquí está otra vez.",
        "zh": "符合条件的都已推荐过，再列一次。",
    },
    "yielded": {
        "en": "Nothing fits all of that, so I let go of “{}”.",
        "de": "Zu alldem passt nichts, also lasse ich „{}“ weg.",
        "fr": "Rien ne correspond à tout cela ; je laisse donc de côté « {} ».",
        "es": "Nada encaja con todo eso, así que dejo de lado «{}».",
        "zh": "没有作品符合所有条件，因此我去掉了“{}”。",
    },
    "relax": {
        "en": "Without the filter “{}” there would be {}.",
        "de": "Ohne den Filter „{}“ wären es {}.",
        "fr": "Sans le filtre « {} », il y en aurait {}.",
        "es": "Sin el filtro «{}» habría {}.",
        "zh": "去掉“{}”后有{}个。",
    },
    "relax_all": {
        "en": "Removing a single filter is not enough; try dropping two of them.",
        "de": "Einen Filter zu entfernen genügt nicht; versuche es mit zweien.",
        "fr": "Retirer un seul filtre ne suffit pas ; essayez d'en retirer deux.",
        "es": "Quitar un solo filtro no basta; prueba a quitar dos.",
        "zh": "只去掉一个条件还不够，请去掉两个。",
    },
    "repeats": {
        "en": "All that fit have been shown or named already; say “again” to allow them.",
        "de": "Alles Passende wurde schon gezeigt oder genannt; sag „noch mal“, um es zuzulassen.",
        "fr": "Tout ce qui convient a déjà été montré ou cité ; dites « encore une fois » pour "
        "l'autoriser.",
        "es": "Todo lo que encaja ya se ha mostrado o nombrado; di «otra vez» para permitirlo.",
        "zh": "符合的都已经出现过了；说“再看一遍”可以允许重复。",
    },
    "unknown": {
        "en": "I couldn't use: {}.",
        "de": "Nicht verwenden konnte ich: {}.",
        "fr": "Je n'ai pas pu tenir compte de : {}.",
        "es": "No he podido usar: {}.",
        "zh": "以下内容无法使用：{}。",
    },
}
SAYINGS = frozenset(_SAYINGS)


def say(name: str, language: Language, *values: object) -> str:
    """The sentence of this name with its values filled in; KeyError for a name not in SAYINGS."""
    return _SAYINGS[name][language].format(*values)
