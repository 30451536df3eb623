"""What the page says around its conversations, in five languages. Data only.

Every text stands once, in the order of LANGUAGES, with ``{}`` for values.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.lexicon import Language
from chatrec.conversation.wordings import Row, in_language

WORDS: Mapping[str, Row] = {
    "conversations": (
        "Conversations",
        "Gespräche",
        "Conversations",
        "Conversaciones",
        "对话",
    ),
    "new": (
        "New conversation",
        "Neues Gespräch",
        "Nouvelle conversation",
        "Nueva conversación",
        "新对话",
    ),
    "none_yet": (
        "What you talk about here is listed here.",
        "Hier stehen später deine Gespräche.",
        "Vos conversations apparaîtront ici.",
        "Aquí aparecerán tus conversaciones.",
        "你的对话会列在这里。",
    ),
    "untitled": (
        "Without messages",
        "Ohne Nachrichten",
        "Sans messages",
        "Sin mensajes",
        "无消息",
    ),
    "open": ("Open", "Öffnen", "Ouvrir", "Abrir", "打开"),
    "options": (
        "Options for {}",
        "Optionen für {}",
        "Options pour {}",
        "Opciones de {}",
        "选项：{}",
    ),
    "rename": ("Rename", "Umbenennen", "Renommer", "Cambiar el título", "重命名"),
    "title": ("New title", "Neuer Titel", "Nouveau titre", "Título nuevo", "新标题"),
    "save": ("Save", "Speichern", "Enregistrer", "Guardar", "保存"),
    "share": (
        "Share as text",
        "Als Text teilen",
        "Partager en texte",
        "Compartir texto",
        "以文本分享",
    ),
    "delete": ("Delete", "Löschen", "Supprimer", "Borrar", "删除"),
    "delete_sure": (
        "It will be gone for good.",
        "Es ist dann endgültig weg.",
        "Elle disparaîtra définitivement.",
        "Desaparecerá para siempre.",
        "删除后无法恢复。",
    ),
    "delete_now": ("Yes, delete", "Ja, löschen", "Oui, supprimer", "Sí, borrar", "是，删除"),
    "more": ("Show older", "Ältere zeigen", "Plus anciennes", "Ver anteriores", "显示更早的"),
    "close": ("Close", "Schließen", "Fermer", "Cerrar", "关闭"),
    "shared_head": (
        "The conversation as text",
        "Das Gespräch als Text",
        "La conversation en texte",
        "La conversación en texto",
        "对话文本",
    ),
    "shared_note": (
        "Nothing leaves this page until you copy or save it.",
        "Nichts verlässt diese Seite, bevor du es kopierst oder speicherst.",
        "Rien ne quitte cette page tant que vous ne copiez ou n'enregistrez pas.",
        "Nada sale de esta página hasta que lo copies o guardes.",
        "在你复制或保存之前，内容不会离开本页。",
    ),
    "copy": ("Copy", "Kopieren", "Copier", "Copiar", "复制"),
    "copied": ("Copied", "Kopiert", "Copié", "Copiado", "已复制"),
    "copy_failed": (
        "Select the text and copy it yourself, please",
        "Bitte den Text markieren und selbst kopieren",
        "Sélectionnez le texte et copiez-le vous-même",
        "Selecciona el texto y cópialo tú",
        "请手动选中并复制文本",
    ),
    "save_file": (
        "Save as a .txt file",
        "Als .txt speichern",
        "Enregistrer en .txt",
        "Guardar como .txt",
        "保存为 .txt 文件",
    ),
    "you": ("You", "Du", "Vous", "Tú", "你"),
    "signed_out": ("Sign out", "Abmelden", "Se déconnecter", "Cerrar sesión", "退出登录"),
    # Under the last message.
    "tools": (
        "The last message",
        "Die letzte Nachricht",
        "Le dernier message",
        "El último mensaje",
        "最后一条消息",
    ),
    "stop": ("Stop", "Stopp", "Arrêter", "Parar", "停止"),
    "retry": ("Try again", "Noch einmal", "Réessayer", "Otra vez", "重试"),
    "edit": ("Edit", "Bearbeiten", "Modifier", "Editar", "编辑"),
    "undo": ("Undo", "Rückgängig", "Annuler", "Deshacer", "撤销"),
    "editing": (
        "Your next message takes the place of this one.",
        "Deine nächste Nachricht tritt an die Stelle dieser.",
        "Votre prochain message remplacera celui-ci.",
        "Tu próximo mensaje sustituirá a este.",
        "你的下一条消息将取代这一条。",
    ),
    "keep": (
        "Keep it as it is",
        "So lassen",
        "Le garder tel quel",
        "Dejarlo como está",
        "保持原样",
    ),
    "stopped": (
        "Stopped. Plain sentences: {} of {} reasons.",
        "Gestoppt. Einfache Sätze: {} von {} Gründen.",
        "Arrêté. Phrases simples : {} raisons sur {}.",
        "Parado. Frases sencillas: {} de {} razones.",
        "已停止。{1}条理由中有{0}条是简单句子。",
    ),
    "in_line": (
        "The model is busy. Messages waiting, with yours: {}.",
        "Das Modell ist beschäftigt. Wartende Nachrichten, mit deiner: {}.",
        "Le modèle est occupé. Messages en attente, avec le vôtre : {}.",
        "El modelo está ocupado. Mensajes en espera, con el tuyo: {}.",
        "模型繁忙。等待中的消息（含你的）：{}。",
    ),
    "warming": (
        "The model is still being loaded; then it is your turn.",
        "Das Modell wird noch geladen, dann bist du dran.",
        "Le modèle se charge encore ; ensuite c'est à vous.",
        "El modelo aún se está cargando; después te toca a ti.",
        "模型仍在加载，随后就轮到你。",
    ),
    "busy": (
        "The model is busy (messages waiting: {}). Try again in {} s.",
        "Das Modell ist beschäftigt (wartende Nachrichten: {}). Versuch es in {} s noch einmal.",
        "Le modèle est occupé (messages en attente : {}). Réessayez dans {} s.",
        "El modelo está ocupado (mensajes en espera: {}). Inténtalo de nuevo en {} s.",
        "模型繁忙（等待中的消息：{}）。请在{}秒后重试。",
    ),
    "down": (
        "The model can't answer at the moment. Your message is not lost: try again in a while.",
        "Das Modell kann gerade nicht antworten. Deine Nachricht ist nicht weg: "
        "Versuch es später noch einmal.",
        "Le modèle ne peut pas répondre pour le moment. Votre message n'est pas perdu : "
        "réessayez plus tard.",
        "El modelo no puede responder ahora. Tu mensaje no se ha perdido: inténtalo más tarde.",
        "模型目前无法回答。你的消息没有丢失：请稍后重试。",
    ),
    # Above the conversation.
    "unsaved": (
        "Not saved: {} The conversation goes on, and saving is tried again with the next message.",
        "Nicht gespeichert: {} Das Gespräch geht weiter; mit der nächsten Nachricht wird es "
        "wieder versucht.",
        "Non enregistré : {} La conversation continue, un nouvel essai suivra au prochain message.",
        "Sin guardar: {} La conversación sigue y se volverá a intentar con el próximo mensaje.",
        "未保存：{} 对话可以继续，下一条消息时会再次尝试保存。",
    ),
    "unread": (
        "What is kept of you can't be read: {} The conversation goes on without it.",
        "Was von dir aufbewahrt ist, lässt sich nicht lesen: {} Das Gespräch geht ohne weiter.",
        "Ce qui est conservé de vous ne peut être lu : {} La conversation continue sans.",
        "No se puede leer lo que se guarda de ti: {} La conversación sigue sin ello.",
        "无法读取为你保存的内容：{} 对话将在没有它的情况下继续。",
    ),
    "gone": (
        "This conversation was deleted elsewhere. It goes on here and isn't kept.",
        "Dieses Gespräch wurde anderswo gelöscht. Hier geht es weiter und wird nicht aufbewahrt.",
        "Cette conversation a été supprimée ailleurs. Elle continue ici sans être conservée.",
        "Esta conversación se borró en otro sitio. Aquí sigue, pero no se guarda.",
        "此对话已在别处删除。它在这里继续，但不会保存。",
    ),
}


def conversation_words(name: str, language: Language, *values: object) -> str:
    """The words of this name with their values filled in; KeyError for an unknown name."""
    return in_language(WORDS[name], language).format(*values)
