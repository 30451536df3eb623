"""Opinions of what was just spoken of: ways to say each kind, and near misses that are no blame."""

from __future__ import annotations

import pytest

from chatrec.conversation.opinions import opinion_of_it
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Item
from tests.conversation.toy_films import read

BLAME = {
    "no fan": """
        i'm not a fan
        wasn't much of a fan, sorry
        i was never a big fan of it
        we're not huge fans of that one
        i can't say i'm into it, i'm not keen on it
        not crazy about that one
        i wasnt too thrilled with it
        i'm not that into it
        i was not impressed
        i am no fan of that movie
    """,
    "not for me": """
        it wasn't for me
        that one isn't really for me
        it's not my thing
        that is not exactly my cup of tea
        it just wasn't my style
        not really my kind of movie
        that's not my type of film
        wasn't my favorite
        it was not one of my favorites
        yeah it's just not for me
    """,
    "too much of something": """
        it was too silly
        way too long for me
        it was a bit slow for my taste
        it's too violent
        that was far too predictable
        it felt too cheesy
        i found it too sad
        it was kind of too weird
        it is much too scary for us
        a little too dark for me
    """,
    "could have been better": """
        it could have been better
        it could've been funnier
        i expected more
        i was hoping for more
        it didn't live up to the hype
        it wasn't as good as i expected
        it did nothing for me
        it didn't work for me
        i had higher hopes for it
        that was a letdown
    """,
    "blunt words": """
        boring
        it was awful
        that movie was pretty lame
        it was the worst
        one of the worst movies i've seen
        what i saw was terrible, it was a mess
        it sucked
        honestly, it was garbage
        meh
        that one is overrated
    """,
    "deeds": """
        i fell asleep
        we walked out
        i turned it off
        i couldn't finish it
        i could never get into it
        i couldn't sit through that
        i regret watching it
        i would not recommend it
        i gave up on it
        i never really liked it
    """,
    "doubt": """
        i don't think i'd like it
        i don't think i would enjoy that
        not sure i'd like that one
        i do not think i'd be into it
        it doesn't look good
        that does not sound very interesting
        sounds a bit too much
        looks boring
        i'll pass on that one
        hard pass
    """,
    "its kind": """
        i don't like sci-fi
        i'm not into old movies
        i don't really enjoy musicals
        not a star wars fan
        i'm not a huge fan of sports dramas
        i haven't seen it, but i don't care for romantic comedies
        i never watch horror
        i can't stand slapstick
        i hate disaster movies
        we don't watch cartoons
    """,
}
NO_BLAME = """
    it was too funny!
    too cute
    i'd like that too
    yep that too was great
    i was too young when it came out
    i am too tired tonight
    too bad it isn't on tv
    not bad at all
    it wasn't bad
    it's not boring
    so bad it's good
    bad idea
    i had a bad day
    is it boring?
    was it that bad?
    i haven't seen it, is it too scary?
    if i don't like it i will tell you
    one more in case i don't like that one
    i couldn't blame anyone if they did not like it
    i don't know that one
    i don't remember it
    i don't have it
    i haven't seen it
    i'm not sure i have seen it
    no, not yet
    i can't wait
    i could not stop laughing
    i couldn't get enough of it
    i never get tired of it
    i would not miss it
    i never thought about it like that
    not only a fan, i know it by heart
    does it have a sad ending? i don't care for tear jerkers
    no thanks
    what else?
"""
PRAISE = """
    i didn't think i would like it but i loved it
    it was a bit long but i loved it
    i loved it, though my wife hated it
    who doesn't love it
    i don't just like it, it is a great movie
    we enjoyed it
    such a great movie
    it was hilarious
    one of my favorites
    huge fan of it
"""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("said", [line for text in BLAME.values() for line in _lines(text)])
def test_blame_is_dislike(said: str) -> None:
    found = opinion_of_it(said)
    assert found is not None
    assert found[0] == "disliked"


@pytest.mark.parametrize("said", _lines(NO_BLAME))
def test_near_miss_is_no_dislike(said: str) -> None:
    found = opinion_of_it(said)
    assert found is None or found[0] == "liked"


@pytest.mark.parametrize("said", _lines(PRAISE))
def test_praise_is_like(said: str) -> None:
    found = opinion_of_it(said)
    assert found is not None
    assert found[0] == "liked"


def test_opinion_of_others_counts_where_there_is_no_own() -> None:
    assert opinion_of_it("my wife hated it") == ("disliked", (8, 16))


def test_kind_is_not_blamed_where_asked_not_to() -> None:
    assert opinion_of_it("i don't like sci-fi", kinds=False) is None


@pytest.mark.parametrize(
    "message",
    [
        "I don't really like the Jaws movies",
        "I couldn't get into Jaws",
        "Jaws was one of the worst movies",
        "I think Jaws could have been better",
        "I felt that Jaws just wasn't for me",
        "Jaws is not one of my favorites",
        "I don't think I'd like Jaws",
        "not so much in Jaws",
        "I liked most of his films besides Jaws",
        "not anything that's similar to Jaws",
        "I'm not a Jaws fan",
        "I saw Jaws but it got a bit complex for me",
        "Jaws was way too silly",
        "I fell asleep during Jaws",
    ],
)
def test_named_film_in_blame_is_disliked(message: str) -> None:
    assert read(message).state.disliked == ("jaws",)


@pytest.mark.parametrize(
    "message",
    [
        "Who doesn't love Jaws?",
        "What other films besides Jaws are there?",
        "I've seen all of those except Jaws",
        "I like them all except Jaws, I didn't see it",
        "I have not I did like Jaws",
        "I didn't like Jaws as much",
        "I loved Jaws even though it wasn't scary",
        "In case I don't like Jaws, another one please",
        "Jaws too haha",
        "I may enjoy Jaws",
        "I hated Titanic Jaws seems better",
    ],
)
def test_named_film_in_a_near_miss_is_not_disliked(message: str) -> None:
    assert "jaws" not in read(message).state.disliked


def _after(reply: str, *shown: str) -> DialogueState:
    return DialogueState().with_reply(reply, shown)


def test_blame_of_another_title_is_not_of_the_one_asked_about() -> None:
    state = read("I hated Titanic, it was boring.", _after("Have you seen Jaws?", "jaws")).state
    assert state.disliked == ("titanic",)


def test_item_stays_spoken_of_after_a_reply_that_showed_nothing() -> None:
    asked = read("Who is in it?", _after("How about Jaws?", "jaws")).state
    assert read("not really my thing", asked.with_reply("Roy Scheider.")).state.disliked == (
        "jaws",
    )


def test_item_judged_already_is_not_judged_by_a_later_word() -> None:
    liked = read("I loved it!", _after("How about Jaws?", "jaws")).state.with_reply("Oh.")
    assert read("not really my thing", liked).state.disliked == ()


def test_both_are_the_two_titles_just_named() -> None:
    state = read(
        "Something like Titanic or Alien. I liked both of those", _after("?", "jaws")
    ).state
    assert state.liked == ("titanic", "alien")


def test_it_at_the_start_is_what_was_proposed() -> None:
    state = read("It was okay, but I wasn't the biggest fan.", _after("Try Jaws.", "jaws")).state
    assert state.disliked == ("jaws",)


def test_film_asked_about_is_disliked_with_its_series() -> None:
    films = Catalog([Item("one", "Star Wars", 1977), Item("new", "Star Wars: Andor", 2022)])
    asked = _after("Have you seen Star Wars: Andor?", "new")
    told = Understanding(films).read("I'm really not into Star Wars", asked).state
    assert set(told.disliked) == {"one", "new"}


def test_film_left_out_of_those_seen_is_what_is_talked_of() -> None:
    said = "I've seen Titanic, and all of the others except Jaws"
    assert read(said).state.focus == ("jaws", "titanic")
