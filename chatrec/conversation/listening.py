"""Hears which genres and people of a catalogue an utterance names.

Knows one catalogue's vocabulary; whether what is named is wished for or ruled out it doesn't say.
"""

from __future__ import annotations

from dataclasses import replace

from chatrec.conversation.utterance import fold
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.dialogues import Dialogue, Utterance


class Listener:
    """Adds the genres and people that words name to utterances."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def hear(self, utterance: Utterance) -> Utterance:
        """The utterance with what its text names added to its genres and people."""
        if not utterance.text:
            return utterance
        findings = self._vocabulary.find(fold(utterance.text))
        genres = [v for f in findings if f.kind == "genre" for v in f.values]
        people = [v for f in findings if f.kind == "person" for v in f.values]
        return replace(
            utterance,
            genres=tuple(dict.fromkeys((*utterance.genres, *genres))),
            people=tuple(dict.fromkeys((*utterance.people, *people))),
        )

    def follow(self, dialogue: Dialogue) -> Dialogue:
        """The dialogue with every utterance heard."""
        return replace(dialogue, utterances=tuple(self.hear(u) for u in dialogue.utterances))
