"""What the profile's panel says around the beliefs, in five languages. Data only.

Every text stands once, in the order of LANGUAGES, with ``{}`` for values.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.lexicon import Language
from chatrec.conversation.wordings import Row, in_language

PANEL: Mapping[str, Row] = {
    "title": (
        "What I know about you",
        "Was ich über dich weiß",
        "Ce que je sais de vous",
        "Lo que sé de ti",
        "我对你的了解",
    ),
    "close": ("Close", "Schließen", "Fermer", "Cerrar", "关闭"),
    "incognito": ("Incognito", "Inkognito", "Navigation privée", "Incógnito", "无痕模式"),
    "incognito_note": (
        "Nothing of the conversation is kept. Switching begins a new one.",
        "Nichts vom Gespräch wird aufbewahrt. Umschalten beginnt ein neues.",
        "Rien de la conversation n'est conservé. Le changement en commence une autre.",
        "No se guarda nada de la conversación. Al cambiar empieza una nueva.",
        "不保留任何对话内容。切换时会开始新的对话。",
    ),
    "nothing": (
        "Nothing yet. Say what you like, mark a title, or bring your history.",
        "Noch nichts. Sag, was du magst, markiere einen Titel oder bring deinen Verlauf mit.",
        "Rien encore. Dites vos goûts, marquez un titre ou apportez votre historique.",
        "Nada todavía. Di qué te gusta, marca un título o trae tu historial.",
        "暂无。说说你喜欢什么、标记作品，或上传你的记录。",
    ),
    "edit": ("Edit", "Ändern", "Modifier", "Editar", "编辑"),
    "save": ("Save", "Speichern", "Enregistrer", "Guardar", "保存"),
    "delete": ("Delete", "Löschen", "Supprimer", "Borrar", "删除"),
    "like": ("I like it", "Mag ich", "J'aime", "Me gusta", "喜欢"),
    "seen": ("No opinion", "Neutral", "Sans avis", "Sin opinión", "一般"),
    "dislike": ("Not for me", "Nichts für mich", "Pas pour moi", "No es para mí", "不适合我"),
    "bring": (
        "Bring your history",
        "Deinen Verlauf mitbringen",
        "Apportez votre historique",
        "Trae tu historial",
        "上传你的记录",
    ),
    "bring_note": (
        "A CSV from Letterboxd, Goodreads, IMDb, Netflix, Steam or MovieLens, or any table "
        "with titles, up to 10 MB. The file is read and not kept.",
        "Eine CSV von Letterboxd, Goodreads, IMDb, Netflix, Steam oder MovieLens oder eine "
        "Tabelle mit Titeln, bis 10 MB. Die Datei wird gelesen und nicht aufbewahrt.",
        "Un CSV de Letterboxd, Goodreads, IMDb, Netflix, Steam ou MovieLens, ou un tableau de "
        "titres, jusqu'à 10 Mo. Le fichier est lu et n'est pas conservé.",
        "Un CSV de Letterboxd, Goodreads, IMDb, Netflix, Steam o MovieLens, o una tabla con "
        "títulos, hasta 10 MB. El archivo se lee y no se guarda.",
        "Letterboxd、Goodreads、IMDb、Netflix、Steam、MovieLens导出的CSV或任何含标题的表格，"
        "最大10 MB。文件读取后不保留。",
    ),
    "choose": ("Choose a file", "Datei wählen", "Choisir un fichier", "Elegir archivo", "选择文件"),
    "reading": (
        "Reading… {} %",
        "Wird gelesen … {} %",
        "Lecture… {} %",
        "Leyendo… {} %",
        "读取中…{}%",
    ),
    "forget": ("Forget me", "Vergiss mich", "Oublie-moi", "Olvídame", "忘了我"),
    "sure": (
        "All of this and your conversations will be gone for good.",
        "All das und deine Gespräche sind dann endgültig weg.",
        "Tout cela et vos conversations disparaîtront définitivement.",
        "Todo esto y tus conversaciones desaparecerán para siempre.",
        "这一切以及你的所有对话都将永久删除。",
    ),
    "forget_now": (
        "Yes, forget everything",
        "Ja, alles vergessen",
        "Oui, tout oublier",
        "Sí, olvidar todo",
        "是，全部忘记",
    ),
}


def panel_words(name: str, language: Language, *values: object) -> str:
    """The words of this name with their values filled in; KeyError for an unknown name."""
    return in_language(PANEL[name], language).format(*values)
