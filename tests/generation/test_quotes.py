import pytest

from chatrec.generation.quotes import is_quote, quotable
from chatrec.types import Item


def app(description, **facts):
    return Item("1", "Notes", description=description, facts=facts)


@pytest.mark.parametrize(
    "text",
    [
        "★ WOW ★ the app for all",
        "Un gran juego de palabras cruzadas para todos",
        "Visit www.example.org for more of the same",
        "GET IT NOW FOR YOUR PHONE",
        "Notes",
        "The best app for all of your notes",
        "Thanks to all of you who wrote to us",
        "Keep your notes in one place ____ with us",
    ],
)
def test_what_reads_badly_is_not_quoted(text):
    assert not is_quote(text)
    assert quotable(app(f"{text}. Keep your notes in one place.")) in (
        "",
        "Keep your notes in one place",
    )


def test_two_sentences_are_no_quote():
    assert not is_quote("See 'Notes for you' under 'More of it'. Search the market for it")


def test_the_first_plain_sentence_is_quoted_unless_the_wish_touches_another():
    item = app("Keep all your notes in one place. Share your shopping lists with a friend.")
    assert quotable(item) == "Keep all your notes in one place"
    assert quotable(item, frozenset({"shop"})) == "Share your shopping lists with a friend"


def test_other_columns_that_describe_the_item_are_quoted_before_the_description():
    item = app("Welcome to the notes of the future.", short_desc="A quick way to write it down.")
    assert quotable(item) == "A quick way to write it down"


def test_a_text_that_was_cut_off_is_not_quoted_to_its_end():
    cut = "A handy way to keep track of everything that you have to do in the next wee"
    assert quotable(app(cut)) == ""
