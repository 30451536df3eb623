"""An utterance's genres and people are heard as the catalogue spells them."""

from chatrec.conversation.listening import Listener
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.catalog import Catalog
from chatrec.data.dialogues import Dialogue, Utterance
from chatrec.types import Item

LISTENER = Listener(
    Vocabulary(Catalog([Item("1", "Big", 1988, ("Comedy", "Horror"), (), ("Tom Hanks",))]))
)


def test_genres_and_people_in_the_words_are_added_to_those_known() -> None:
    heard = LISTENER.hear(Utterance("seeker", "a scary one with tom hanks", genres=("War",)))
    assert heard.genres == ("War", "Horror")
    assert heard.people == ("Tom Hanks",)
    assert heard.text == "a scary one with tom hanks"


def test_every_utterance_of_a_dialogue_is_heard_and_silence_stays() -> None:
    silent = Utterance("recommender", items=(0,))
    dialogue = Dialogue("1", (silent, Utterance("seeker", "comedies")))
    heard = LISTENER.follow(dialogue)
    assert heard.utterances[0] is silent
    assert heard.utterances[1].genres == ("Comedy",)
