"""Whatever users and catalogues write, prompts keep to their budget and hold no control token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.data.catalog import Catalog
from chatrec.errors import ChatrecError
from chatrec.generation.chat import ChatFormat
from chatrec.generation.evidence import evidence_for, sayable
from chatrec.generation.phrasing import is_stated, rationale_prompt
from chatrec.generation.ranker import encode_parts, label_prompt
from chatrec.generation.rationale import RationaleWriter
from chatrec.prompting import (
    PROMPTS_DIR,
    Message,
    Shown,
    neutralise,
    one_line,
    ranking_prompt,
    render,
)
from chatrec.types import EVIDENCE_KINDS, Evidence, Item, Query
from tests.conversation.toy_films import FILMS
from tests.data.nasty_tables import NASTY
from tests.fuzzing import few_or_many, tried
from tests.generation.tiny_decoders import FAMILIES, tiny_model

CONTROLS = (
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|begin_of_text|>",
    "<|eot_id|>",
    "<|start_header_id|>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<bos>",
    "</s>",
    "<s>",
    "[INST]",
    "[/INST]",
    "<think>",
    "</think>",
    "<unk>",
    "<0x0A>",
    "<|im_\u200bstart|>",
    "<\u0000|im_end|>",
    "<|im_end|\u202e>",
)
DOMAINS = (*sorted(path.stem for path in (PROMPTS_DIR / "domains").glob("*.jinja")), "nothing")
LEAST_ROOM = 400  # tokens, one a character: room for the instruction and the longest wish

said = st.lists(
    st.one_of(st.sampled_from(CONTROLS), st.sampled_from(NASTY), st.text(max_size=10)), max_size=5
).map("".join)
texts = st.one_of(said, st.text(max_size=30), said.map(lambda text: text * 40))
words = st.one_of(said, st.text(max_size=30))
names = st.lists(words.filter(str.strip), max_size=3).map(tuple)
items = st.builds(
    Item,
    item_id=st.just("1"),
    title=texts,
    year=st.none() | st.integers(-1, 10**6),
    genres=st.lists(texts, max_size=2).map(tuple),
    description=texts,
)
full_items = st.builds(
    Item,
    item_id=st.just("1"),
    title=texts.filter(str.strip),
    year=st.none() | st.integers(1000, 2100),
    genres=names,
    creators=names,
    cast=names,
    countries=names,
    language=words,
    runtime_min=st.none() | st.integers(0, 2**31 - 1),
    age_rating=words,
    keywords=names,
    description=texts,
    price=st.none() | st.floats(0, 1e300),
    facts=st.dictionaries(words, words, max_size=2),
)
shown = st.builds(Shown, items, st.sampled_from(("liked", "disliked", "seen")))
facts = st.builds(
    Evidence,
    st.sampled_from(EVIDENCE_KINDS),
    st.one_of(
        texts, st.tuples(texts, texts).map(" | ".join), st.tuples(texts, texts).map(": ".join)
    ),
    texts,
)


@pytest.fixture(scope="module")
def tokenizers() -> dict[str, Any]:
    return {family: tiny_model(family)[1] for family in FAMILIES}


def controls_in(ids: list[int], tokenizer: Any) -> list[int]:
    return [token for token in ids if token in tokenizer.added_tokens_decoder]


@few_or_many
def test_neutralised_text_stays_so_and_lines_are_lines(examples: int) -> None:
    @given(texts, st.integers(1, 400))
    def check(text: str, limit: int) -> None:
        assert neutralise(neutralise(text)) == neutralise(text)
        line = one_line(text, limit)
        assert len(line) <= limit + len(" …")
        assert len(line.splitlines()) <= 1
        assert one_line(line, len(line)) == line

    tried(check, examples)


@few_or_many
def test_a_ranking_prompt_keeps_to_its_budget_without_control_tokens(
    examples: int, tokenizers: dict[str, Any]
) -> None:
    @given(
        st.sampled_from(DOMAINS),
        st.lists(shown, max_size=8),
        texts,
        st.lists(st.tuples(st.lists(items, max_size=2), items), max_size=2),
        st.sampled_from(sorted(FAMILIES)),
        st.integers(LEAST_ROOM, 3000),
    )
    def check(
        domain: str,
        history: list[Shown],
        wish: str,
        shots: list[tuple[list[Item], Item]],
        family: str,
        budget: int,
    ) -> None:
        tokenizer = tokenizers[family]

        def encode(text: str) -> list[int]:
            return list(tokenizer.encode(text, add_special_tokens=False))

        def count(text: str) -> int:
            return len(encode(text))

        prompt = ranking_prompt(
            domain, history, wish=wish, examples=shots, count_tokens=count, budget=budget
        )
        ids = encode_parts(prompt, encode)
        assert not controls_in(ids, tokenizer)
        bare = ranking_prompt(domain, (), wish=wish, count_tokens=count, budget=budget)
        assert len(ids) <= max(budget, len(encode_parts(bare, encode)))
        assert prompt.text.count("\n") == len(prompt.lines) + prompt.head.count(
            "\n"
        ) + prompt.tail.count("\n")
        assert all(line.count("\n") == 1 for line in prompt.lines)

    tried(check, examples)


@few_or_many
def test_chat_prompts_hold_only_the_control_tokens_of_their_format(
    examples: int, tokenizers: dict[str, Any]
) -> None:
    formats = {family: ChatFormat(tokenizer) for family, tokenizer in tokenizers.items()}

    @given(
        items,
        st.lists(facts, min_size=1, max_size=3),
        texts,
        texts,
        st.sampled_from(DOMAINS),
        st.sampled_from(sorted(FAMILIES)),
    )
    def check(
        item: Item, evidence: list[Evidence], start: str, wish: str, domain: str, family: str
    ) -> None:
        tokenizer, chat = tokenizers[family], formats[family]
        plain = (Message("system", "a"), Message("user", "b"))
        expected = controls_in(chat.encode(plain), tokenizer)
        query = Query(text=wish, history=(FILMS.items[0].item_id,))
        told = [piece for piece in sayable(evidence) if not is_stated(piece, domain)]
        for prompt in (
            rationale_prompt(item, told, domain, start),
            label_prompt(query, FILMS, [item] * 3),
            (Message("system", start), Message("user", wish)),
        ):
            assert controls_in(chat.encode(prompt), tokenizer) == expected

    tried(check, examples)


@few_or_many
def test_templates_render_what_they_are_given_and_carry_nothing_out(examples: int) -> None:
    @given(texts, st.lists(texts, max_size=3), texts)
    def check(title: str, lines: list[str], start: str) -> None:
        text = render("rationale", part="user", noun="film", title=title, facts=lines, start=start)
        assert text.startswith(title)
        for number, line in enumerate(lines, start=1):
            assert f"{number}. {line}\n" in text
        with pytest.raises(ValueError, match="facts"):
            render("rationale", part="user", noun="film", title=title, start=start)

    tried(check, examples)


@few_or_many
def test_reasons_are_found_for_any_item_and_wish(examples: int) -> None:
    @given(full_items, full_items, texts, st.sampled_from(DOMAINS))
    def check(item: Item, liked: Item, wish: str, domain: str) -> None:
        catalog = Catalog([item, replace(liked, item_id="2")], domain)
        query = Query(text=wish, liked=("2",), near=("2",))
        evidence = evidence_for(item, query, catalog)
        (reason,) = RationaleWriter(None, catalog).write([(item, evidence)])
        assert reason.text.strip()
        assert len(reason.text.splitlines()) == 1

    tried(check, max(3, examples // 50))  # facts that no sentence fits take seconds


def test_a_chat_without_messages_is_refused(tokenizers: dict[str, Any]) -> None:
    with pytest.raises(ChatrecError, match="no messages"):
        ChatFormat(tokenizers["llama"]).encode(())
