from __future__ import annotations

import re
from dataclasses import replace

from chatrec.conversation.filters import Filter
from chatrec.serving.cards import MAX_TURNS_SHOWN, TurnView, Welcome, filter_bar, thread
from chatrec.serving.markup import plain
from chatrec.types import Evidence
from tests.serving.fake_recommender import NASTY, FakeRecommender

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
        *("dd", "button", "br"),
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
    buttons = re.findall(r"<button[^>]*>", page)
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
    status = page[page.index("role='status'") :]
    assert "4 films for" in status
    assert "Moon (2009)" in status


def test_a_long_conversation_shows_its_end() -> None:
    page = thread([_turn(f"turn {n}") for n in range(MAX_TURNS_SHOWN + 5)], WELCOME)
    assert "Earlier messages are not shown" in page
    assert page.count("<article") == MAX_TURNS_SHOWN
    assert "data-turn='24'" in page
