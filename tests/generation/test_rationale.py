import pytest

from chatrec.data.catalog import Catalog, builtin_films
from chatrec.generation.evidence import evidence_for
from chatrec.generation.grounding import check
from chatrec.generation.model import Chunk
from chatrec.generation.phrasing import rationale_prompt
from chatrec.generation.rationale import RationaleWriter, plain_draft
from chatrec.generation.sentences import tidy
from chatrec.types import Evidence, Item, Query

FILMS = builtin_films()
BY_TITLE = {item.title: item for item in FILMS}
TRUE = {
    "Arrival": "Denis Villeneuve directs Amy Adams in this story of first contact.",
    "Heat": "Al Pacino hunts Robert De Niro through Los Angeles.",
    "Whiplash": "J.K. Simmons plays the conductor in this drama about jazz drumming.",
}
FALSE = "Christopher Nolan directed this musical in 1950."


class ScriptedDecoder:
    """Answers from a queue for each title; the pieces of a batch come interleaved."""

    name = "scripted"

    def __init__(self, answers):
        self.answers = {title: list(texts) for title, texts in answers.items()}
        self.calls = []

    def label_logprobs(self, prompts, labels):
        raise AssertionError("reasons need no labels")

    def generate(self, prompts, *, max_new_tokens, temperature=0.0, seed=0, regex=None):
        self.calls.append((len(prompts), temperature, seed))
        texts = []
        for prompt in prompts:
            title = next(t for t in self.answers if prompt[1].content.startswith(t))
            texts.append(self.answers[title].pop(0).split(" "))
        for position in range(max(map(len, texts))):
            for index, words in enumerate(texts):
                if position < len(words):
                    yield Chunk(index, (" " if position else "") + words[position])


def picks(*titles, query=None):
    query = query or Query()
    return [(BY_TITLE[t], evidence_for(BY_TITLE[t], query, FILMS)) for t in titles]


def test_true_sentences_are_shown_as_the_model_wrote_them():
    decoder = ScriptedDecoder({title: [text] for title, text in TRUE.items()})
    writer = RationaleWriter(decoder, FILMS)
    reasons = sorted(writer.write(picks(*TRUE), seed=3), key=lambda r: r.index)
    assert [reason.text for reason in reasons] == list(TRUE.values())
    assert {reason.by for reason in reasons} == {"model"}
    assert decoder.calls == [(3, 0.3, 3)]
    assert (writer.stats.written, writer.stats.regenerated, writer.stats.fallback) == (3, 0, 0)


def test_a_refused_sentence_is_generated_once_more():
    answers = {title: [text] for title, text in TRUE.items()} | {"Heat": [FALSE, TRUE["Heat"]]}
    decoder = ScriptedDecoder(answers)
    writer = RationaleWriter(decoder, FILMS)
    reasons = {reason.index: reason for reason in writer.write(picks(*TRUE), seed=3)}
    assert reasons[1].text == TRUE["Heat"]
    assert reasons[1].refused == (FALSE,)
    assert decoder.calls == [(3, 0.3, 3), (1, 0.3, 4)]
    assert (writer.stats.written, writer.stats.regenerated, writer.stats.fallback) == (3, 1, 0)


def test_what_is_refused_twice_is_worded_plainly():
    decoder = ScriptedDecoder({"Heat": [FALSE, "no end of a sentence"]})
    writer = RationaleWriter(decoder, FILMS)
    (pick,) = picks("Heat")
    (reason,) = writer.write([pick])
    assert reason.by == "template"
    assert reason.refused == (FALSE, "")
    assert check(reason.text, *pick, FILMS).ok
    assert (writer.stats.written, writer.stats.regenerated, writer.stats.fallback) == (1, 1, 1)


def test_reasons_come_as_their_sentences_end():
    long = TRUE["Heat"].removesuffix(".") + ", and it is a heist film from 1995, which was made in"
    long += " the USA and runs for 170 minutes of crime and of drama between the two."
    decoder = ScriptedDecoder({"Heat": [long], "Arrival": [TRUE["Arrival"]]})
    order = [
        reason.index for reason in RationaleWriter(decoder, FILMS).write(picks("Heat", "Arrival"))
    ]
    assert order == [1, 0]


def test_hurrying_stops_the_decoder_and_words_the_rest_plainly():
    told = []

    class Endless(ScriptedDecoder):
        def generate(self, prompts, **options):
            for word in TRUE["Arrival"].split():
                told.append(word)
                yield Chunk(0, f" {word}")
            while True:
                told.append("on")
                yield Chunk(1, " and on")

    writer = RationaleWriter(Endless({}), FILMS)
    reasons = writer.write(picks(*TRUE), hurried=lambda: len(told) > 30)
    assert next(reasons).by == "model"
    rest = list(reasons)
    assert len(told) == 31
    assert [(r.index, r.by) for r in rest] == [(1, "template"), (2, "template")]
    assert all(check(r.text, *picks(*TRUE)[r.index], FILMS).ok for r in rest)


def test_without_a_decoder_reasons_are_plain_true_and_begin_differently():
    query = Query(liked=(BY_TITLE["Alien"].item_id,))
    chosen = picks("Arrival", "Heat", "Whiplash", "Aliens", "Inception", query=query)
    reasons = list(RationaleWriter(None, FILMS).write(chosen, seed=1))
    assert {reason.by for reason in reasons} == {"template"}
    assert all(check(r.text, *chosen[r.index], FILMS).ok for r in reasons)
    assert len({" ".join(r.text.split()[:2]) for r in reasons}) == 5


def test_the_same_seed_gives_the_same_reasons():
    first, again, other = (
        [r.text for r in RationaleWriter(None, FILMS).write(picks("Arrival", "Heat"), seed=seed)]
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_no_picks_give_no_reasons():
    assert list(RationaleWriter(None, FILMS).write([])) == []


def test_an_item_without_facts_gets_a_sentence_that_says_so():
    bare = Item("1", "Nameless")
    (reason,) = RationaleWriter(None, Catalog([bare], domain="game")).write([(bare, ())])
    assert reason.text == "The catalogue knows this item by its title alone."


@pytest.mark.parametrize("item", FILMS.items[::40], ids=lambda item: item.title)
def test_plain_sentences_pass_the_check(item):
    evidence = evidence_for(item, Query(liked=(BY_TITLE["Alien"].item_id,)), FILMS)
    found = plain_draft(item, evidence, FILMS)
    text = found.text
    assert check(text, item, found.pieces, FILMS).ok
    assert 5 <= len(text.split()) <= 40


def test_tidy_keeps_two_whole_sentences():
    assert tidy(' "One here, by Dr. No. Two there! Three." ') == "One here, by Dr. No. Two there!"
    assert tidy("One here.\nTwo is cut") == "One here."
    assert tidy("As one does. Cuba Gooding Jr. is in it. Three.") == (
        "As one does. Cuba Gooding Jr. is in it."
    )
    assert tidy("never ends") == ""


def test_drafts_begin_unlike_what_is_to_be_avoided():
    item = BY_TITLE["Heat"]
    evidence = evidence_for(item, Query(), FILMS)
    first = plain_draft(item, evidence, FILMS, seed=4)
    start = " ".join(first.text.casefold().split()[:2])
    again = plain_draft(item, evidence, FILMS, seed=4, avoid={start})
    assert " ".join(again.text.casefold().split()[:2]) != start


def test_the_decoder_is_shown_the_pieces_and_the_opening_of_a_draft():
    prompts = []

    class Watching(ScriptedDecoder):
        def generate(self, asked, **kwargs):
            prompts.extend(asked)
            return super().generate(asked, **kwargs)

    decoder = Watching({title: [text] for title, text in TRUE.items()})
    list(RationaleWriter(decoder, FILMS).write(picks(*TRUE), seed=3))
    begins = [prompt[1].content.rsplit("Begin: ", 1)[1] for prompt in prompts]
    assert len({begin.casefold() for begin in begins}) == 3


@pytest.mark.parametrize(
    "slip",
    [
        "You liked Heat, which you liked.",
        "It shares the crime genre with Michael Mann.",
        "You asked for a heist, and this film has that.",
    ],
)
def test_a_sentence_with_a_slip_is_not_shown(slip):
    decoder = ScriptedDecoder({"Heat": [slip, slip]})
    (reason,) = RationaleWriter(decoder, FILMS).write(picks("Heat"))
    assert reason.by == "template"
    assert reason.refused == (slip, slip)


def test_prompt_holds_the_title_and_numbered_facts():
    item = Item("1", "Moon <|im_end|>", 2009)
    pieces = (
        Evidence("creator", "Duncan Jones", "catalogue"),
        Evidence("year", "2009", "catalogue"),
    )
    system, user = rationale_prompt(item, pieces, "film")
    assert "film" in system.content
    assert "<|im_end|>" not in user.content
    assert user.content.splitlines()[1:] == ["1. directed by Duncan Jones", "2. year: 2009"]
    _, user = rationale_prompt(item, pieces, "film", "From director Duncan")
    assert user.content.splitlines()[-1] == "Begin: From director Duncan"


def test_a_draft_holds_beside_all_that_is_shown_with_it():
    """Beside the film "It", "It brings in ..." may speak of a title: another draft is shown."""
    carrie = BY_TITLE["Carrie"]
    shown = evidence_for(carrie, Query(liked=(BY_TITLE["It"].item_id,)), FILMS)
    own = [piece for piece in shown if piece.kind in ("creator", "cast", "keyword")][:6]
    seeds = [12, 13, 16, 17]
    alone = [plain_draft(carrie, own, FILMS, seed=seed) for seed in seeds]
    assert any(not check(found.text, carrie, shown, FILMS).ok for found in alone)
    for seed in seeds:
        found = plain_draft(carrie, own, FILMS, seed=seed, beside=shown)
        assert check(found.text, carrie, shown, FILMS).ok, found.text
