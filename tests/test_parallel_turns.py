"""One recommender used by many threads gives each the answers that it gives one at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from chatrec.assemble import assemble
from chatrec.conversation.recommender import Recommender, Reply
from chatrec.settings import Settings
from tests.conftest import Tuned

TALKS = (
    ("something funny for tonight", "shorter please", "more like the first"),
    ("a quiet film about friends", "but not a comedy", "why the first one?"),
    ("sci-fi like Alien", "show me others", "something older"),
    ("a thriler from the nineties", "I have seen the first", "anything newer?"),
    ("what do you recommend?", "a scary one", "less violent"),
    ("films with Sigourney Weaver", "a drama instead", "start over"),
)
USERS = 12


@pytest.fixture
def recommender(
    toy_workspace: Path,
    tiny_model_folder: Path,
    tuned: Tuned,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Recommender:
    """With a random decoder and its item head, over toy films with users."""
    monkeypatch.setenv("CHATREC_CACHE", str(tmp_path))
    return assemble(
        Settings(data=toy_workspace, model=str(tiny_model_folder), adapter=tuned.adapter)
    )


def conversation(recommender: Recommender, user: int) -> list[Reply]:
    """The complete replies of a user's conversation; each user has a history of their own."""
    state, replies = recommender.start(user_id=f"u{user}"), []
    for text in TALKS[user % len(TALKS)]:
        reply = recommender.respond(text, state, 4)
        state = reply.state
        replies.append(replace(reply, timings_ms={}))
    return replies


def test_conversations_in_parallel_are_those_held_one_after_the_other(
    recommender: Recommender,
) -> None:
    expected = [conversation(recommender, user) for user in range(USERS)]
    start = threading.Barrier(USERS)

    def one(user: int) -> list[Reply]:
        start.wait()
        return conversation(recommender, user)

    with ThreadPoolExecutor(USERS) as threads:
        given = list(threads.map(one, range(USERS)))
    for user, (replies, right) in enumerate(zip(given, expected, strict=True)):
        for reply, alone in zip(replies, right, strict=True):
            shown = [(r.item.item_id, r.rationale, r.evidence) for r in reply.recommendations]
            alone_shown = [(r.item.item_id, r.rationale, r.evidence) for r in alone.recommendations]
            assert shown == alone_shown, user
            assert (reply.text, reply.state) == (alone.text, alone.state), user
