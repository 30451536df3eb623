"""A tone changes how a reason is said, and nothing of what it says."""

from __future__ import annotations

import random

import pytest

from chatrec.data.catalog import builtin_films
from chatrec.errors import RequestError
from chatrec.generation.evidence import brief, evidence_for
from chatrec.generation.grounding import check
from chatrec.generation.phrasing import draft, rationale_prompt
from chatrec.generation.plans import LEADS
from chatrec.generation.rationale import RationaleWriter
from chatrec.generation.tones import TONES, has_tone, leads_in, tone_of
from chatrec.settings import Settings, Tone
from chatrec.types import Evidence, Item, Query

FILMS = builtin_films()
LIKED = Query(liked=(FILMS.items[600].item_id,))
PICKS = [(item, evidence_for(item, LIKED, FILMS)) for item in FILMS.items[::150]]
SPOKEN: list[Tone] = [tone for tone in TONES if tone != "plain"]


@pytest.mark.parametrize("tone", TONES)
def test_reasons_pass_the_check_in_every_tone(tone: Tone) -> None:
    writer = RationaleWriter(None, FILMS, tone=tone)
    assert writer.tone == tone
    reasons = list(writer.write(PICKS, seed=2))
    assert len(reasons) == len(PICKS)
    assert all(check(r.text, *PICKS[r.index], FILMS).ok for r in reasons)


@pytest.mark.parametrize("tone", SPOKEN)
def test_a_tone_is_heard_in_the_leading_plan(tone: Tone) -> None:
    for kind in ("shared_creator", "creator", "genre", "keyword_mood"):
        plans = leads_in(tone, kind)
        assert plans
        assert all(has_tone(plan, tone) for plan in plans), plans
        assert set(plans) != set(LEADS[kind])


def test_a_kind_without_plans_of_a_tone_keeps_all_of_its_own() -> None:
    assert leads_in("expert", "creator_asked") == LEADS["creator_asked"]
    assert leads_in("plain", "creator") == LEADS["creator"]


@pytest.mark.parametrize(
    ("text", "tones"),
    [
        ("Because you liked Moon, here is another.", {"plain", "warm"}),
        ("Want a drama? Pick this one.", {"plain", "playful"}),
        ("It was directed by Ann Lee.", {"plain", "expert"}),
        ("What links it to Moon, one you {knew}, is isolation.", {"plain", "warm"}),
    ],
)
def test_sentences_have_the_tones_that_are_heard(text: str, tones: set[str]) -> None:
    assert {tone for tone in TONES if has_tone(text, tone)} == tones


@pytest.mark.parametrize("tone", SPOKEN)
def test_the_same_pieces_are_told_from_in_every_tone(tone: Tone) -> None:
    pieces = brief(PICKS[3][1])
    said = draft(pieces, "film", random.Random(1), tone)
    assert set(said.told) <= set(pieces) | {piece for piece in said.told if piece.kind == "genre"}
    assert said.told[0].text == draft(pieces, "film", random.Random(1)).told[0].text


def test_the_prompt_is_the_same_as_ever_unless_a_tone_is_asked_for() -> None:
    item, evidence = Item("1", "Moon", 2009), [Evidence("year", "2009", "catalogue")]
    system, user = rationale_prompt(item, evidence, "film", "It came out")
    assert system.content == (
        "Say in one sentence why this film fits. Use only these facts, the first one first."
    )
    assert user.content == "Moon (2009)\n1. year: 2009\nBegin: It came out"
    for tone in SPOKEN:
        spoken, same = rationale_prompt(item, evidence, "film", "It came out", tone)
        assert spoken.content.startswith(system.content + " ")
        assert same == user


def test_domains_have_a_tone_of_their_own() -> None:
    assert tone_of("film") == "plain"
    assert tone_of("health") == tone_of("finance") == "expert"
    assert RationaleWriter(None, FILMS).tone == "plain"


def test_an_unknown_tone_is_refused_in_one_line() -> None:
    with pytest.raises(RequestError, match="the setting tone is 'loud'") as refused:
        Settings(tone="loud")
    assert "\n" not in str(refused.value)
    assert "'plain', 'warm', 'playful' or 'expert'" in str(refused.value)
