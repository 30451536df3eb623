"""What the profile's panel says around the beliefs, in five languages. Data only."""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.lexicon import Language

PANEL: Mapping[str, Mapping[Language, str]] = {
    "title": {
        "en": "What I know about you",
        "de": "Was ich über dich weiß",
        "fr": "Ce que je sais de vous",
        "es": "Lo que sé de ti",
        "zh": "我对你的了解",
    },
    "close": {"en": "Close", "de": "Schließen", "fr": "Fermer", "es": "Cerrar", "zh": "关闭"},
    "incognito": {
        "en": "Incognito",
        "de": "Inkognito",
        "fr": "Navigation privée",
        "es": "Incógnito",
        "zh": "无痕模式",
    },
    "incognito_note": {
        "en": "Nothing of the conversation is kept. Switching begins a new one.",
        "de": "Nichts vom Gespräch wird aufbewahrt. Umschalten beginnt ein neues.",
        "fr": "Rien de la conversation n'est conservé. Le changement en commence une autre.",
        "es": "No se guarda nada de la conversación. Al cambiar empieza una nueva.",
        "zh": "不保留任何对话内容。切换时会开始新的对话。",
    },
    "nothing": {
        "en": "Nothing yet. Say what you like, mark a title, or bring your history.",
        "de": "Noch nichts. Sag, was du magst, markiere einen Titel oder bring deinen Verlauf mit.",
        "fr": "Rien encore. Dites vos goûts, marquez un titre ou apportez votre historique.",
        "es": "Nada todavía. Di qué te gusta, marca un título o trae tu historial.",
        "zh": "暂无。说说你喜欢什么、标记作品，或上传你的记录。",
    },
    "edit": {"en": "Edit", "de": "Ändern", "fr": "Modifier", "es": "Editar", "zh": "编辑"},
    "save": {"en": "Save", "de": "Speichern", "fr": "Enregistrer", "es": "Guardar", "zh": "保存"},
    "delete": {"en": "Delete", "de": "Löschen", "fr": "Supprimer", "es": "Borrar", "zh": "删除"},
    "like": {
        "en": "I like it",
        "de": "Mag ich",
        "fr": "J'aime",
        "es": "Me gusta",
        "zh": "喜欢",
    },
    "seen": {
        "en": "No opinion",
        "de": "Neutral",
        "fr": "Sans avis",
        "es": "Sin opinión",
        "zh": "一般",
    },
    "dislike": {
        "en": "Not for me",
        "de": "Nichts für mich",
        "fr": "Pas pour moi",
        "es": "No es para mí",
        "zh": "不适合我",
    },
    "bring": {
        "en": "Bring your history",
        "de": "Deinen Verlauf mitbringen",
        "fr": "Apportez votre historique",
        "es": "Trae tu historial",
        "zh": "上传你的记录",
    },
    "bring_note": {
        "en": "A CSV from Letterboxd, Goodreads, IMDb, Netflix, Steam or MovieLens, or any table "
        "with titles, up to 10 MB. The file is read and not kept.",
        "de": "Eine CSV von Letterboxd, Goodreads, IMDb, Netflix, Steam oder MovieLens oder eine "
        "Tabelle mit Titeln, bis 10 MB. Die Datei wird gelesen und nicht aufbewahrt.",
        "fr": "Un CSV de Letterboxd, Goodreads, IMDb, Netflix, Steam ou MovieLens, ou un tableau "
        "de titres, jusqu'à 10 Mo. Le fichier est lu et n'est pas conservé.",
        "es": "Un CSV de Letterboxd, Goodreads, IMDb, Netflix, Steam o MovieLens, o una tabla con "
        "títulos, hasta 10 MB. El archivo se lee y no se guarda.",
        "zh": "Letterboxd、Goodreads、IMDb、Netflix、Steam、MovieLens导出的CSV或任何含标题的表格，"
        "最大10 MB。文件读取后不保留。",
    },
    "choose": {
        "en": "Choose a file",
        "de": "Datei wählen",
        "fr": "Choisir un fichier",
        "es": "Elegir archivo",
        "zh": "选择文件",
    },
    "reading": {
        "en": "Reading… {} %",
        "de": "Wird gelesen … {} %",
        "fr": "Lecture… {} %",
        "es": "Leyendo… {} %",
        "zh": "读取中…{}%",
    },
    "forget": {
        "en": "Forget me",
        "de": "Vergiss mich",
        "fr": "Oublie-moi",
        "es": "Olvídame",
        "zh": "忘了我",
    },
    "sure": {
        "en": "All of this and your conversations will be gone for good.",
        "de": "All das und deine Gespräche sind dann endgültig weg.",
        "fr": "Tout cela et vos conversations disparaîtront définitivement.",
        "es": "Todo esto y tus conversaciones desaparecerán para siempre.",
        "zh": "这一切以及你的所有对话都将永久删除。",
    },
    "forget_now": {
        "en": "Yes, forget everything",
        "de": "Ja, alles vergessen",
        "fr": "Oui, tout oublier",
        "es": "Sí, olvidar todo",
        "zh": "是，全部忘记",
    },
}


def panel_words(name: str, language: Language, *values: object) -> str:
    """The words of this name with their values filled in; KeyError for an unknown name."""
    return PANEL[name][language].format(*values)
