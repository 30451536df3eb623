"""What is believed about a visitor: shown with its cause, edited, deleted for good."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chatrec.conversation import profile
from chatrec.conversation.about_me import about_me_in
from chatrec.conversation.lexicon import Language
from chatrec.conversation.profile_words import HEADINGS, PROFILE_SAYINGS
from chatrec.conversation.state import DialogueState
from chatrec.conversation.utterance import fold
from chatrec.errors import RequestError
from tests.conversation.toy_films import FILMS, READER, converse, read

LANGUAGES: tuple[Language, ...] = ("en", "de", "fr", "es", "zh")


def shown(state: DialogueState) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for belief in profile.beliefs(state, FILMS):
        groups.setdefault(belief.group, []).append(belief.text)
    return groups


def understood(words: str, state: DialogueState) -> DialogueState:
    return READER.read(words, state).state


def test_everything_the_state_holds_is_shown_in_its_group() -> None:
    state = converse("I loved Alien", "I hated Saw", "I've seen Jaws", "a comedy, no war").state
    state = replace(state, history=("moon", "arrival", "shaun"))
    assert shown(state) == {
        "liked": ["Alien (1979)"],
        "disliked": ["Saw (2004)"],
        "seen": ["Jaws (1975)"],
        "history": ["3 titles, the latest Shaun of the Dead (2004), Arrival (2016), Moon (2009)"],
        "lasting": ["no War"],
        "now": ["Comedy", "“a comedy”"],
    }
    held = {(what, value) for what, value in state.entries()}
    assert held <= {(b.what, b.value) for b in profile.beliefs(state, FILMS)}


def test_each_belief_names_the_words_or_the_button_that_caused_it() -> None:
    state = converse("I loved Alien").state.with_feedback("jaws", "dislike")
    causes = {belief.value: belief.cause for belief in profile.beliefs(state, FILMS)}
    assert causes["alien"] == "you said “I loved Alien”"
    assert causes["jaws"] == "you marked it"


def test_a_limit_said_with_always_lasts_and_one_of_this_wish_does_not() -> None:
    state = converse("always films after 1990", "a comedy under 100 minutes").state
    assert shown(state)["lasting"] == ["1990 or later"] or "1991" in shown(state)["lasting"][0]
    assert "up to 99 min" in shown(state)["now"]


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("liked", "alien"),
        ("seen", "jaws"),
        ("genres_none", "War"),
        ("genres_all", "Comedy"),
        ("wish", "a comedy"),
        ("history", ""),
        ("history", "moon"),
    ],
)
def test_a_deleted_belief_is_gone_for_good(what: str, value: str) -> None:
    state = converse("I loved Alien", "I've seen Jaws", "a comedy, no war").state
    state = replace(state, history=("moon", "arrival"))
    gone = profile.forget(state, what, value)
    assert not profile.holds(gone, what, value)
    assert (what, value) not in {(c.what, c.value) for c in gone.changes}
    while gone.past:
        gone = gone.undone()
        assert not profile.holds(gone, what, value)
    rest = {(b.what, b.value) for b in profile.beliefs(state, FILMS)} - {(what, value)}
    kept = {(b.what, b.value) for b in profile.beliefs(profile.forget(state, what, value), FILMS)}
    assert rest - {("history", "")} <= kept


def test_what_is_not_believed_cannot_be_deleted() -> None:
    for what, value in (("liked", "alien"), ("nonsense", "x"), ("wish", "x"), ("history", "")):
        with pytest.raises(RequestError, match="is believed"):
            profile.forget(DialogueState(), what, value)


def test_another_verdict_takes_the_place_of_the_first() -> None:
    state = converse("I loved Alien").state
    for verdict, what in (("dislike", "disliked"), ("seen", "seen"), ("like", "liked")):
        state = profile.rejudge(state, "alien", verdict)
        held = [n for n in ("liked", "disliked", "seen") if "alien" in getattr(state, n)]
        assert held == [what]
    with pytest.raises(RequestError, match="no verdict"):
        profile.rejudge(state, "jaws", "like")


def test_a_belief_is_edited_in_words_and_the_others_stay() -> None:
    state = converse("I loved Alien", "a comedy, no war").state
    edited = profile.reword(state, "genres_none", "War", "no horror", understood)
    assert edited.constraints.genres_none == ("Horror",)
    assert edited.constraints.genres_all == ("Comedy",)
    assert edited.liked == ("alien",)
    assert edited.cause("genres_none", "Horror") is not None
    assert edited.turns == state.turns
    with pytest.raises(RequestError, match="says nothing"):
        profile.reword(state, "genres_none", "War", "!?", understood)


def test_forget_me_leaves_nothing_but_the_language_and_the_switch() -> None:
    state = replace(converse("ich liebe Alien").state, history=("moon",), incognito=True)
    bare = profile.forget_all(state)
    assert bare == DialogueState(language="de", incognito=True)
    assert "alien" not in json.dumps(bare.to_dict())


def test_incognito_survives_undo_start_over_and_json() -> None:
    state = replace(converse("a comedy", "no war").state, incognito=True)
    for message in ("undo", "start over", "forget me"):
        assert read(message, state).state.incognito
    assert DialogueState.from_dict(state.to_dict()).incognito
    assert not DialogueState().incognito


@pytest.mark.parametrize(
    ("message", "act", "language", "words"),
    [
        ("What do you know about me?", "show", "en", ""),
        ("show me my profile please", "show", "en", ""),
        ("Was weißt du über mich?", "show", "de", ""),
        ("Que sais-tu de moi ?", "show", "fr", ""),
        ("¿Qué sabes de mí?", "show", "es", ""),
        ("你知道我什么", "show", "zh", ""),
        ("forget me", "forget_all", "en", ""),
        ("please delete my data", "forget_all", "en", ""),
        ("forget everything about me", "forget_all", "en", ""),
        ("Vergiss mich!", "forget_all", "de", ""),
        ("oublie-moi", "forget_all", "fr", ""),
        ("olvídame", "forget_all", "es", ""),
        ("忘了我", "forget_all", "zh", ""),
        ("let me rate some films", "rate", "en", ""),
        ("I don't know what I like", "rate", "en", ""),
        ("get to know me", "rate", "en", ""),
        ("Ich weiß nicht, was ich mag", "rate", "de", ""),
        ("je ne sais pas ce que j'aime", "rate", "fr", ""),
        ("No sé qué me gusta", "rate", "es", ""),
        ("我不知道喜欢什么", "rate", "zh", ""),
        ("forget that I like horror", "forget", "en", "horror"),
        ("forget I said no war", "forget", "en", "war"),
        ("forget that I've seen Jaws", "forget", "en", "jaws"),
        ("remove Alien from my likes", "forget", "en", "alien"),
        ("vergiss, dass ich Horror mag", "forget", "de", "horror"),
        ("oublie que j'aime les comédies", "forget", "fr", "comedies"),
        ("olvida que me gusta el terror", "forget", "es", "terror"),
        ("忘记我喜欢喜剧", "forget", "zh", "喜剧"),
    ],
)
def test_commands_are_recognised_in_five_languages(
    message: str, act: str, language: str, words: str
) -> None:
    found = about_me_in(fold(message))
    assert found is not None
    assert (found.act, found.language, found.words) == (act, language, words)


@pytest.mark.parametrize(
    "message",
    [
        "forget that",
        "forget everything",
        "forget about the year",
        "remove the horror filter",
        "what do you know about Alien?",
        "a film about me and my dog",
        "films like Forget Me Not",
        "I forget that film with the shark",
    ],
)
def test_other_messages_are_no_commands(message: str) -> None:
    assert about_me_in(fold(message)) is None


def test_the_profile_is_told_when_asked_and_the_list_stays() -> None:
    turned = converse("I loved Alien", ("jaws",), "what do you know about me?")
    assert turned.note.splitlines()[0] == "You like: Alien (1979)."
    assert turned.state.liked == ("alien",)
    assert turned.state.last_shown == ("jaws",)
    assert converse("what do you know about me?").note == "I know nothing about you yet."


def test_one_thing_is_forgotten_and_named() -> None:
    turned = converse("I love horror", "something slow", "forget that I like horror")
    assert turned.note == "Forgotten: “I love horror”."
    assert (turned.state.constraints.genres_all, turned.state.wish) == ((), "something slow")
    german = converse("ich mag Komödien", "vergiss, dass ich Komödien mag")
    assert german.state.constraints.genres_all == ()
    assert german.note.startswith("Vergessen: Komödie")
    film = converse("I hated Saw", "forget that I hated Saw").state
    assert film.disliked == ()
    assert (
        converse("forget that I like westerns").note == "I hold nothing like “westerns” about you."
    )


def test_one_title_of_a_history_is_forgotten_and_the_rest_stays() -> None:
    state = replace(converse("I loved Alien").state, history=("alien", "moon"))
    turned = read("forget that I've seen Alien", state)
    assert (turned.state.history, turned.state.liked) == (("moon",), ())
    assert turned.note == "Forgotten: Alien (1979), like Alien (1979)."


def test_forget_me_in_words_leaves_no_trace_of_what_was_said() -> None:
    state = converse("I loved Alien", "no war", "forget me").state
    assert profile.beliefs(state, FILMS) == ()
    assert "alien" not in json.dumps(state.to_dict()).lower()


def test_a_long_profile_is_cut_when_spoken() -> None:
    state = replace(DialogueState(), liked=tuple(item.item_id for item in FILMS.items[:12]))
    assert "and 4 more" in profile.spoken(state, FILMS, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_exists_in_every_language(language: Language) -> None:
    for texts in (*HEADINGS.values(), *PROFILE_SAYINGS.values()):
        assert texts[language]
        assert texts[language].count("{") == texts["en"].count("{")
