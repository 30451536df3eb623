"""Learning an order from dialogues and made-up wishes, on a world whose rule is known."""

from dataclasses import replace

import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.dialogues import Dialogue, Utterance
from chatrec.errors import RequestError
from chatrec.retrieval.fusion import Fusion
from chatrec.training.choice_order import learn_choice_order
from chatrec.training.queries import Pair
from chatrec.types import Candidate, Item, Query

SIZE = 40
CATALOG = Catalog([Item(str(n), f"Film {n}") for n in range(SIZE)])


class Reads:
    """Finds the item whose number is asked for ("film 7"), and a few others after it."""

    name = "search"

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        asked = [word for word in query.text.split() if word.isdigit()]
        others = [str(n) for n in range(0, SIZE, 7) if str(n) not in asked]
        found = [*asked, *others][:k]
        return [Candidate(i, 1.0 / place, self.name) for place, i in enumerate(found, start=1)]


def talk(number: int) -> Dialogue:
    """Whoever names an even film is recommended the odd one after it."""
    named = number * 2 % SIZE
    said = (
        Utterance("seeker", "something like this please", (named,)),
        Utterance("recommender", "", (named + 1,)),
    )
    return Dialogue(str(number), said, float(number))


def hear(utterance: Utterance) -> Utterance:
    return utterance


def read(text: str) -> Query:
    return Query(text=text)


DIALOGUES = [talk(n) for n in range(160)]
WISHES = [Pair("plot", f"the one about {n}", frozenset({n})) for n in range(SIZE) for _ in range(4)]


@pytest.fixture(scope="module")
def fusion() -> Fusion:
    order = learn_choice_order(DIALOGUES, WISHES, CATALOG, [Reads()], hear=hear, read=read)
    return Fusion(CATALOG, [Reads()], choices=order)


def test_what_dialogues_teach_is_followed(fusion: Fusion) -> None:
    for named in (4, 18, 32):
        wish = Query(text="something like this please", liked=(str(named),), seen=frozenset())
        assert fusion.retrieve(wish, 1)[0].item_id == str(named + 1)


def test_what_was_asked_for_is_found_though_no_dialogue_chose_it(fusion: Fusion) -> None:
    for asked in (6, 20, 34):
        assert fusion.retrieve(read(f"the one about {asked}"), 1)[0].item_id == str(asked)


def test_the_same_seed_learns_the_same_order(fusion: Fusion) -> None:
    again = learn_choice_order(DIALOGUES, WISHES, CATALOG, [Reads()], hear=hear, read=read)
    other = Fusion(CATALOG, [Reads()], choices=again)
    wish = Query(text="something like this please", near=("10",))
    assert other.retrieve(wish, 5) == fusion.retrieve(wish, 5)


def test_too_few_choices_are_refused() -> None:
    silent = [
        replace(d, utterances=tuple(replace(u, text="") for u in d.utterances)) for d in DIALOGUES
    ]
    with pytest.raises(RequestError, match="give 0 recommended items to learn from; at least 20"):
        learn_choice_order(silent, WISHES, CATALOG, [Reads()], hear=hear, read=read)
