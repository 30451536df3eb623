from __future__ import annotations

import re
from dataclasses import replace

from chatrec.conversation.comparison import as_text, comparison
from chatrec.conversation.filters import Filter
from chatrec.serving.cards import MAX_TURNS_SHOWN, TurnView, filter_bar, thread
from chatrec.serving.look import Look
from chatrec.serving.markup import meta, plain
from chatrec.serving.welcome import Welcome
from chatrec.types import Evidence, Item
from tests.serving.fake_recommender import FILMS, NASTY, FakeRecommender

WELCOME = Welcome("films", 1234, ("Something calm",))


def _turn(text: str = "a calm film", **changes: object) -> TurnView:
    recommender = FakeRecommender()
    reply = recommender.respond(text, recommender.start())
    return TurnView(text, reply, **changes)  # type: ignore[arg-type]  # test shorthand


def test_the_empty_page_offers_prompts() -> None:
    page = thread((), WELCOME)
    assert "1,234 films" in page
    assert "data-act='say' data-text='Something calm'" in page


def test_a_card_shows_the_catalogues_facts_and_the_reason() -> None:
    page = thread([_turn()], WELCOME)
    first = page[page.index("<li") : page.index("</li>")]
    for shown in (
        "Arrival",
        "2016",
        "Sci-Fi, Drama",
        "1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}56\N{NO-BREAK SPACE}min",
        "PG-13",
        "Denis Villeneuve",
    ):
        assert shown in first
    assert "You liked thoughtful science fiction" in first
    assert page.count("<li class='cr-card'") == 4


def test_the_evidence_unfolds_and_says_where_it_comes_from() -> None:
    page = thread([_turn()], WELCOME)
    assert "<summary>Why" in page
    assert "<dt>Made by</dt><dd>Denis Villeneuve</dd>" in page
    assert "Sci-Fi as in Arrival <span class='cr-source'>you liked it</span>" in page
    assert "<dt>You asked for</dt><dd>language <span class='cr-source'>as you asked" in page
    assert "These facts are from the catalogue. The language model wrote the reason" in page
    assert "The reason was put together from them" in page


def test_facts_of_one_kind_share_a_line() -> None:
    recommender = FakeRecommender()
    reply = recommender.respond("calm", recommender.start(), k=1)
    facts = tuple(Evidence("keyword", word, "catalogue") for word in ("space", "calm"))
    shown = replace(reply, recommendations=(replace(reply.recommendations[0], evidence=facts),))
    page = thread([TurnView("calm", shown)], WELCOME)
    assert page.count("<dt>") == 1
    assert "<dt>Theme</dt><dd>space, calm</dd>" in page


def test_what_people_chose_is_told_apart_from_the_catalogues_facts() -> None:
    recommender = FakeRecommender()
    reply = recommender.respond("calm", recommender.start(), k=1)
    facts = (Evidence("together", "Me | You | 3.1", "interactions"),)
    shown = replace(reply, recommendations=(replace(reply.recommendations[0], evidence=facts),))
    page = thread([TurnView("calm", shown)], WELCOME)
    assert "<dt>Often chosen with</dt><dd>Me | You (3.1 times as often as by chance)" in page
    assert "from what people chose" in page
    assert "The other facts are from the catalogue" in page


def test_nothing_from_outside_becomes_markup() -> None:
    page = thread([_turn(NASTY)], WELCOME)
    allowed = {
        *("article", "div", "span", "ol", "li", "h3", "p", "details", "summary", "dl", "dt"),
        *("dd", "button", "br", "h4"),
        *("svg", "g", "path", "circle", "text"),  # drawn covers
    }
    assert set(re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", page)) <= allowed
    assert "onerror" not in page
    assert "&lt;script&gt;" in page


def test_a_quote_cannot_leave_an_attribute() -> None:
    chip = filter_bar([Filter("genres_all", "x' onclick='y", 'a"b')])
    assert "data-value='x&#x27; onclick=&#x27;y'" in chip


def test_images_are_left_out() -> None:
    assert plain("a ![cat](http://x/y.png)<IMG SRC=z> b") == "a  b"


def test_a_mark_shows_on_its_card_only() -> None:
    page = thread([_turn(marks={"moon": "dislike"})], WELCOME)
    assert page.count("aria-pressed='true'") == 1
    assert "is-dislike' data-item='moon'" in page
    assert "Noted: less like this" in page


def test_buttons_rest_while_a_reply_is_on_its_way() -> None:
    page = thread([_turn(), TurnView("more")], WELCOME)
    buttons = re.findall(r"<button[^>]*data-act='mark'[^>]*>", page)
    assert len(buttons) == 12
    assert all(button.endswith(" disabled>") for button in buttons)
    assert "Looking through films" in page


def test_an_error_is_an_alert_beside_what_was_found() -> None:
    page = thread([_turn(error="the decoder is away; start it")], WELCOME)
    assert "role='alert'" in page
    assert "the decoder is away" in page
    assert "Arrival" in page


def test_follow_ups_stand_below_the_newest_reply_only() -> None:
    page = thread([_turn("one"), _turn("two")], WELCOME)
    assert page.count("class='cr-chips'") == 1
    assert page.index("class='cr-chips'") > page.index("data-turn='1'")


def test_the_finished_list_is_read_out_once() -> None:
    page = thread([_turn()], WELCOME)
    spoken = re.findall("data-spoken='([^']*)'", page)
    assert len(spoken) == 1
    assert "4 films for" in spoken[0]
    assert "Moon (2009)" in spoken[0]


def test_the_page_speaks_its_language_and_each_reply_its_own() -> None:
    german = _turn("eine ruhige Komödie")
    assert german.reply is not None
    state = replace(german.reply.state, language="de")
    german = replace(german, reply=replace(german.reply, state=state))
    page = thread([german, _turn(), TurnView("wait")], WELCOME, Look("fr"))
    first, second, third = re.findall("<article.*?</article>", page)
    assert "lang='de'" in first
    assert "Warum" in first
    assert "Science-Fiction, Drama" in first
    assert "Nichts für mich" in first
    assert "<p class='cr-reason' lang='en'>You liked" in first
    assert "<p class='cr-reason'>You liked" in second
    assert "lang='en'" in second
    assert "Not for me" in second
    assert "Je parcours les films" in third
    assert all("Vous :" in turn for turn in (first, second, third))


def test_a_card_can_be_picked_for_a_comparison_unless_enough_are() -> None:
    page = thread([_turn()], WELCOME, Look(picked=("moon",)))
    assert page.count("data-act='pick'") == 4
    assert "data-item='moon' aria-pressed='true' aria-label='Compare: Moon'>" in page
    page = thread([_turn()], WELCOME, Look(picked=("moon", "a", "b", "c"), full=True))
    picks = re.findall(r"<button[^>]*data-act='pick'[^>]*>", page)
    assert [pick.endswith(" disabled>") for pick in picks] == [True, False, True, True]


def test_a_comparison_that_was_asked_for_is_a_table() -> None:
    turn = _turn()
    assert turn.reply is not None
    items = FILMS[:2]
    text = f"In common: Sci-Fi.\n{as_text(comparison(items))}"
    reply = replace(turn.reply, text=text, recommendations=(), table=comparison(items))
    page = thread([TurnView("compare them", reply)], WELCOME)
    assert "In common: Sci-Fi.<div class='cr-scroll'" in page
    assert page.count("<table") == 1
    assert " | " not in page


def test_a_long_conversation_shows_its_end() -> None:
    page = thread([_turn(f"turn {n}") for n in range(MAX_TURNS_SHOWN + 5)], WELCOME)
    assert "Earlier messages are not shown" in page
    assert page.count("<article") == MAX_TURNS_SHOWN
    assert "data-turn='24'" in page


def test_a_card_names_every_genre_that_its_reason_may_name() -> None:
    item = Item("1", "Lethal Weapon", genres=("Action", "Crime", "Thriller", "Comedy"))
    assert meta(item) == "Action, Crime, Thriller, Comedy"
