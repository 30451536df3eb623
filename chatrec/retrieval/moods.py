"""Words for a mood, and the keywords that say the same: "sad" asks for tearjerkers too.

Data and look-ups. Keywords are matched as a catalogue spells them, so a catalogue without such
keywords is searched by the word alone. Genres that a word stands for are read by the conversation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from chatrec.data.catalog import Catalog
from chatrec.data.title_words import plain_letters

# The words that people say, in five languages and folded | the keywords that mean it.
_MOODS_TEXT = """
sad sadder saddest tearjerker tear-jerker heartbreaking depressing weepy cry crying tragic
triste tristes traurig* tragique tragica tragico 悲伤 伤感 难过 | sad, tearjerker, heartbreaking,
heartbreak, tragic, devastating, grief, bleak, melancholy, melancholic, somber, elegiac,
harrowing, doomed love, tragic romance, poignant, mournful

uplifting cheerful happy happier feel-good feelgood joyful heartwarming hopeful frohlich*
joyeux joyeuse alegre alegres 温馨 治愈 | uplifting, feel-good, heartwarming, inspirational,
inspiring, joyful, hopeful, rousing, crowd-pleasing, lighthearted, light-hearted, exuberant,
heartfelt

violent brutal violence brutal* gewalttatig* violente violents violento violenta 暴力 |
violent, violence, stylized violence, ultraviolent, ultraviolence, brutal, brutality, brutal
combat, bloody, gory, gore, slasher, operatic violence

gory bloody gore blutig* sanglant sanglante sangriento sangrienta 血腥 | gory, gore, bloody,
splatter, splatter comedy, slasher, body horror, gruesome

scary scarier scariest creepy frightening terrifying spooky eerie gruselig* unheimlich*
effrayant effrayante terrorifica terrorifico 吓人 | scary, creepy, eerie, nightmarish,
terrifying, unsettling, frightening, spooky, jump scares

dark darker grim bleak gritty duster* finster* sombre sombres oscura oscuro 黑暗 | dark,
bleak, grim, brooding, disturbing, harrowing, cynical, gritty, dark and unsettling,
nihilistic, moody

funny funnier funniest hilarious comedic lustig* witzig* drole droles marrant marrante
divertida divertido graciosa gracioso 搞笑 | funny, witty, slapstick, silly, zany, goofy,
hilarious, absurd humor, farce, outrageous, fast-talking, screwball comedy

tense suspenseful gripping thrilling nail-biting spannend* haletant haletante tenso tensa 紧张
| tense, suspenseful, gripping, thrilling, claustrophobic, relentless, nail-biting, race
against time

cute sweet gentle cozy cosy adorable wholesome suss* gemutlich* mignon mignonne tierno
tierna 可爱 | charming, gentle, sweet, cozy, cosy, warm, tender, heartwarming, wholesome,
adorable, cute

weird weirder strange bizarre surreal trippy seltsam* etrange bizarres rara raro extrana
extrano 奇怪 | surreal, bizarre, psychedelic, absurd, dreamlike, mind-bending, weird, strange,
offbeat, hallucinatory

slow quiet contemplative meditative ruhig* langsam* lent lente lenta lento 缓慢 | slow burn,
slow pace, contemplative, meditative, quiet, slow-paced

exciting fast fast-paced adrenaline emocionante 刺激 | fast-paced, thrilling, adrenaline,
explosive, exhilarating, energetic, exciting

clever smart intelligent thought-provoking | clever, thoughtful, philosophical, cerebral,
thought-provoking, mind-bending, intellectual

sexy erotic steamy sensual | erotic, sensual, sexy, seductive, erotic thriller

beautiful gorgeous stunning | visually stunning, lush, lyrical, poetic, beautiful
"""

GERMAN_ENDINGS = ("", "e", "er", "es", "en", "em")


def _table(text: str) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for row in text.strip().split("\n\n"):
        said, _, meant = " ".join(row.split()).partition(" | ")
        keywords = tuple(word.strip() for word in meant.split(","))
        for form in said.split():
            stem, star, _ = form.partition("*")
            table |= dict.fromkeys(
                (f"{stem}{ending}" for ending in GERMAN_ENDINGS) if star else (form,), keywords
            )
    return table


_MOODS = _table(_MOODS_TEXT)
_UNSPACED = {form: keywords for form, keywords in _MOODS.items() if ord(form[0]) > 0x2FFF}


def names_mood(word: str) -> bool:
    """Whether a folded word names a mood in one of the five languages."""
    return plain_letters(word) in _MOODS or any(form in word for form in _UNSPACED)


class Moods:
    """The moods that one catalogue's keywords tell of."""

    def __init__(self, catalog: Catalog) -> None:
        self._counts = Counter(k.casefold() for item in catalog for k in item.keywords)

    def keywords(self, word: str) -> tuple[str, ...]:
        """The catalogue's keywords, lower case, that a lower-case word asks for; most frequent
        first, empty for a word that names no mood.
        """
        meant = _MOODS.get(plain_letters(word), ())
        if not meant:  # Chinese words stand unspaced in a phrase
            meant = next((known for form, known in _UNSPACED.items() if form in word), ())
        known = [k for k in meant if self._counts[k]]
        return tuple(sorted(known, key=lambda keyword: -self._counts[keyword]))

    def spelt_out(self, text: str, words: Sequence[str], most: int) -> str:
        """The text with at most ``most`` keywords of each of its moods in brackets behind it."""
        added = [k for word in words for k in self.keywords(word)[:most] if k not in words]
        return f"{text} ({', '.join(dict.fromkeys(added))})" if added else text
