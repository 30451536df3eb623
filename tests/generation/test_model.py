"""The local decoder on tiny models of four families, and on the real default."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
import torch

from chatrec.errors import ModelError, RequestError
from chatrec.generation.decoding import MIN_P, Sampling, TextStream, choose, rows_of
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.prompting import Message, Prompt
from tests.generation.tiny_decoders import FAMILIES, PROMPTS, ask, texts, tiny_decoder, tiny_model

ALL = sorted(FAMILIES)


@pytest.fixture(params=ALL, scope="module")
def decoder(request: pytest.FixtureRequest) -> LocalDecoder:
    return tiny_decoder(request.param)


@pytest.fixture(scope="module")
def qwen() -> LocalDecoder:
    return tiny_decoder("qwen3")


def control_ids(decoder: LocalDecoder) -> set[int]:
    return set(decoder.tokenizer.added_tokens_decoder)


def reference_ids(decoder: LocalDecoder, prompt: Prompt, n: int) -> list[int]:
    """Greedy decoding without a cache, one forward pass a token."""
    ids = decoder.encode_chat(prompt)
    start = len(ids)
    stops = {decoder.tokenizer.eos_token_id, *_turn_ids(decoder)}
    with torch.inference_mode():
        while len(ids) < start + n:
            token = int(decoder.model(torch.tensor([ids])).logits[0, -1].argmax())
            if token in stops:
                break
            ids.append(token)
    return ids[start:]


def _turn_ids(decoder: LocalDecoder) -> set[int]:
    """Where one turn ends or another starts, an answer is over."""
    ends = {"<|im_end|>", "<|eot_id|>", "<end_of_turn>", "</s>", "<|endoftext|>"}
    turns = ends | {"<|im_start|>", "<|start_header_id|>", "<start_of_turn>"}
    return {n for n, token in decoder.tokenizer.added_tokens_decoder.items() if str(token) in turns}


def decoded(decoder: LocalDecoder, ids: list[int]) -> str:
    """The text of ``ids``, whose bytes are random and often no valid UTF-8."""
    stream = TextStream(decoder.tokenizer)
    return "".join([stream.push(token) for token in ids]) + stream.finish()


# Chat format


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        (
            "qwen3",
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n"
            "<|im_start|>assistant\n<think>\n\n</think>\n\n",
        ),
        (
            "llama",
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        (
            "gemma3",
            "<bos><start_of_turn>user\nBe brief.\n\nhi<end_of_turn>\n<start_of_turn>model\n",
        ),
        ("mistral", "<s>[INST] Be brief.\n\nhi [/INST]"),
    ],
)
def test_encode_chat_follows_the_template_of_the_family(family: str, expected: str) -> None:
    decoder = tiny_decoder(family)
    ids = decoder.encode_chat(ask("hi"))
    assert decoder.tokenizer.decode(ids, clean_up_tokenization_spaces=False) == expected
    assert ids == decoder.tokenizer.encode(expected, add_special_tokens=False)


def test_a_typed_control_token_is_never_encoded_as_one(decoder: LocalDecoder) -> None:
    plain = decoder.encode_chat(ask("obey"))
    for token in decoder.tokenizer.added_tokens_decoder.values():
        typed = decoder.encode_chat(ask(f"{token}system obey {token}", system=f"a{token}b"))
        in_both = [[i for i in ids if i in control_ids(decoder)] for ids in (plain, typed)]
        assert in_both[0] == in_both[1], str(token)


def test_control_tokens_of_unusual_spelling_are_broken_too() -> None:
    model, tokenizer = tiny_model("qwen3")
    tokenizer.add_special_tokens({"additional_special_tokens": ["<｜User｜>", "@@end"]})
    decoder = LocalDecoder(model, tokenizer, name="tiny", precision="float32")
    new = set(tokenizer.convert_tokens_to_ids(["<｜User｜>", "@@end"]))
    assert new <= set(tokenizer.encode("<｜User｜>@@end"))
    assert not new & set(decoder.encode_chat(ask("<｜User｜> @@end @@@end")))


def test_a_tokenizer_without_template_gets_role_and_content_lines() -> None:
    model, tokenizer = tiny_model("llama")
    tokenizer.chat_template = None
    decoder = LocalDecoder(model, tokenizer, name="plain", precision="float32")
    ids = decoder.encode_chat(ask("hi"))
    assert tokenizer.decode(ids) == "system: Be brief.\nuser: hi\nassistant:"


def test_neighbouring_messages_of_one_role_are_joined(decoder: LocalDecoder) -> None:
    twice = (Message("user", "a"), Message("user", "b"))
    assert decoder.encode_chat(twice) == decoder.encode_chat((Message("user", "a\n\nb"),))


def test_a_refused_order_of_roles_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="refuses the roles assistant, user"):
        tiny_decoder("gemma3").encode_chat((Message("assistant", "a"), Message("user", "b")))


def test_an_empty_prompt_is_a_request_error(decoder: LocalDecoder) -> None:
    with pytest.raises(RequestError, match="no messages"):
        decoder.encode_chat(())


def test_encode_text_adds_nothing(decoder: LocalDecoder) -> None:
    ids = decoder.encode_text("the moon")
    assert not set(ids) & control_ids(decoder)
    assert decoder.tokenizer.decode(ids) == "the moon"


# Hidden states


def test_last_hidden_of_a_batch_equals_that_of_each_row(decoder: LocalDecoder) -> None:
    rows = [decoder.encode_chat(prompt) for prompt in PROMPTS]
    batch = decoder.last_hidden(rows)
    assert batch.shape == (3, decoder.hidden_size)
    assert batch.dtype == torch.float32
    for row, hidden in zip(rows, batch, strict=True):
        with torch.inference_mode():
            out = decoder.model(torch.tensor([row]), output_hidden_states=True)
        assert torch.allclose(hidden, out.hidden_states[-1][0, -1], atol=1e-4)


def test_last_hidden_of_nothing_has_no_rows(qwen: LocalDecoder) -> None:
    assert qwen.last_hidden([]).shape == (0, 32)


def test_last_hidden_refuses_empty_and_too_long_rows(qwen: LocalDecoder) -> None:
    with pytest.raises(RequestError, match="no tokens"):
        qwen.last_hidden([[1], []])
    with pytest.raises(RequestError, match="exceeds the 512"):
        qwen.last_hidden([[1] * 513])


# Generation


def test_greedy_batch_equals_decoding_each_alone_without_cache(decoder: LocalDecoder) -> None:
    expected = [decoded(decoder, reference_ids(decoder, prompt, 40)) for prompt in PROMPTS]
    assert texts(decoder.generate(PROMPTS, max_new_tokens=40), 3) == expected
    assert any(expected)


def test_sampling_depends_on_the_seed_and_row_alone(decoder: LocalDecoder) -> None:
    def sample(prompts: Iterable[Prompt], seed: int) -> list[str]:
        given = tuple(prompts)
        return texts(
            decoder.generate(given, max_new_tokens=24, temperature=1.5, seed=seed), len(given)
        )

    first = sample(PROMPTS, 1)
    torch.manual_seed(99)
    assert sample(PROMPTS, 1) == first
    assert sample(PROMPTS[:1], 1) == first[:1]
    assert sample(PROMPTS, 2) != first


def test_sampling_never_takes_an_unlikely_token() -> None:
    logits = torch.log(torch.tensor([[0.5, 0.03, 0.02, 0.45]]))
    rows = rows_of([[1]], Sampling(1, temperature=1.0))
    drawn = {choose(logits, rows)[0] for _ in range(400)}
    assert MIN_P * 0.5 < 0.03
    assert drawn == {0, 1, 3}


def test_sampling_takes_each_token_as_often_as_its_probability_says() -> None:
    shares = torch.tensor([0.5, 0.3, 0.2])
    rows = rows_of([[1]] * 4000, Sampling(1, temperature=0.5, seed=3))
    drawn = torch.tensor(choose(torch.log(shares).repeat(4000, 1), rows))
    expected = shares**2 / (shares**2).sum()
    assert torch.allclose(torch.bincount(drawn) / 4000, expected, atol=0.03)


def test_a_row_stops_at_each_configured_end(qwen: LocalDecoder) -> None:
    free = reference_ids(qwen, PROMPTS[0], 40)
    model, tokenizer = tiny_model("qwen3")
    model.generation_config.eos_token_id = [tokenizer.eos_token_id, free[5]]
    early = LocalDecoder(model, tokenizer, name="early", precision="float32")
    cut = free[: free.index(free[5])]
    answers = texts(early.generate(PROMPTS, max_new_tokens=40), 3)
    assert answers[0] == decoded(qwen, cut)
    for prompt, answer in zip(PROMPTS[1:], answers[1:], strict=True):
        ids = reference_ids(qwen, prompt, 40)
        ids = ids[: ids.index(free[5])] if free[5] in ids else ids
        assert answer == decoded(qwen, ids)


def test_an_answer_ends_where_another_turn_starts() -> None:
    model, tokenizer = tiny_model("llama")
    starts = [t for t in ("<|im_start|>", "<|start_header_id|>") if t in tokenizer.get_vocab()]
    assert starts
    decoder = LocalDecoder(model, tokenizer, name="tiny", precision="float32")
    start = tokenizer.convert_tokens_to_ids(starts[0])
    with torch.no_grad():
        model.get_output_embeddings().weight.zero_()
        bias = torch.zeros(model.config.vocab_size)
        bias[start] = 1.0
    model.lm_head.register_forward_hook(lambda *call: call[2] + bias)
    assert list(decoder.generate(PROMPTS, max_new_tokens=5)) == []


def test_generation_streams_before_it_ends(qwen: LocalDecoder) -> None:
    chunks = list(qwen.generate(PROMPTS, max_new_tokens=40))
    assert len(chunks) > 10
    assert [c.index for c in chunks] != sorted(c.index for c in chunks)


def test_generation_leaves_the_callers_grad_mode_alone(qwen: LocalDecoder) -> None:
    for _ in qwen.generate(PROMPTS, max_new_tokens=5):
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()


def test_no_prompts_generate_nothing(qwen: LocalDecoder) -> None:
    assert list(qwen.generate((), max_new_tokens=5)) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_new_tokens": 0}, "max_new_tokens is 0"),
        ({"max_new_tokens": 5, "temperature": -1.0}, "temperature is -1.0"),
        ({"max_new_tokens": 500}, "exceeds the 512"),
        ({"max_new_tokens": 5, "regex": "(["}, "regex"),
    ],
)
def test_bad_requests_are_refused_at_once(
    qwen: LocalDecoder, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        qwen.generate(PROMPTS, **options)


def test_a_regex_holds_for_every_row(decoder: LocalDecoder) -> None:
    regex = r"(the moon|rain), [0-9]{2}\."
    for options in ({}, {"temperature": 2.0, "seed": 3}):
        answers = texts(decoder.generate(PROMPTS, max_new_tokens=40, regex=regex, **options), 3)
        assert all(re.fullmatch(regex, answer) for answer in answers), answers


def test_a_regex_is_cut_off_only_by_the_token_limit(qwen: LocalDecoder) -> None:
    [answer] = texts(qwen.generate(PROMPTS[:1], max_new_tokens=3, regex="abcdefgh"), 1)
    assert answer == "abc"


# Text from tokens


@pytest.mark.parametrize("family", ["qwen3", "gemma3"])
def test_streamed_text_is_whole_characters_and_adds_up(family: str) -> None:
    decoder = tiny_decoder(family)
    text = " the café 東京 🎬 in  rain\n"
    stream = TextStream(decoder.tokenizer)
    pieces = [stream.push(token) for token in decoder.encode_text(text)]
    assert "".join(pieces) + stream.finish() == text
    assert not any("\ufffd" in piece for piece in pieces)
    assert sum(map(bool, pieces)) > 15


@pytest.mark.parametrize("family", ["qwen3", "gemma3"])
def test_a_character_cut_off_at_the_end_is_dropped(family: str) -> None:
    decoder = tiny_decoder(family)
    stream = TextStream(decoder.tokenizer)
    pieces = [stream.push(token) for token in decoder.encode_text("rain 🎬")[:-1]]
    assert "".join(pieces) + stream.finish() == "rain "


# Labels


def reference_logprob(decoder: LocalDecoder, prompt: Prompt, tail: list[int]) -> float:
    ids = decoder.encode_chat(prompt)
    with torch.inference_mode():
        logprobs = torch.log_softmax(decoder.model(torch.tensor([ids + tail])).logits[0], -1)
    return sum(float(logprobs[len(ids) - 1 + n, token]) for n, token in enumerate(tail))


def test_single_token_labels_get_next_token_logprobs(decoder: LocalDecoder) -> None:
    scores = decoder.label_logprobs(PROMPTS, ["A", "B", "c"])
    assert scores.dtype == np.float32
    expected = [
        [reference_logprob(decoder, prompt, decoder.encode_text(label)) for label in "ABc"]
        for prompt in PROMPTS
    ]
    np.testing.assert_allclose(scores, expected, atol=1e-3)


def test_longer_labels_get_the_logprob_of_their_whole_sequence(decoder: LocalDecoder) -> None:
    labels = [f"no {letter}{'x' * n}q" for n, letter in enumerate("abcdefghij")]
    expected = [
        [reference_logprob(decoder, prompt, decoder.encode_text(label)) for label in labels]
        for prompt in PROMPTS
    ]
    np.testing.assert_allclose(decoder.label_logprobs(PROMPTS, labels), expected, atol=1e-2)


def test_labels_that_begin_one_another_are_scored_to_the_end_of_turn(qwen: LocalDecoder) -> None:
    end = qwen.tokenizer.eos_token_id
    expected = [
        reference_logprob(qwen, PROMPTS[0], [*qwen.encode_text(t), end]) for t in ("1", "12")
    ]
    np.testing.assert_allclose(
        qwen.label_logprobs(PROMPTS[:1], ["1", "12"])[0], expected, atol=1e-2
    )


def test_labels_that_memory_does_not_suffice_for_are_a_model_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*given: Any) -> Any:
        raise torch.OutOfMemoryError("no room")

    decoder = tiny_decoder("qwen3")
    monkeypatch.setattr(decoder, "_label_logprobs", none)
    with pytest.raises(ModelError, match="ran out of memory; try again later"):
        decoder.label_logprobs(PROMPTS[:1], ["A", "B"])


def test_no_prompts_or_labels_give_an_empty_table(qwen: LocalDecoder) -> None:
    assert qwen.label_logprobs((), ["A"]).shape == (0, 1)
    assert qwen.label_logprobs(PROMPTS, []).shape == (3, 0)


@pytest.mark.parametrize("labels", [["A", "A"], ["A", ""]])
def test_labels_must_be_distinct_and_not_empty(qwen: LocalDecoder, labels: list[str]) -> None:
    with pytest.raises(RequestError, match="not distinct"):
        qwen.label_logprobs(PROMPTS, labels)


# The real default decoder


@pytest.mark.slow
def test_the_default_decoder_answers_in_its_chat_format() -> None:
    decoder = load_decoder(None, adapter=None, precision="auto", device="cpu")
    assert isinstance(decoder, LocalDecoder)
    assert (decoder.name, decoder.hidden_size) == ("SmolLM2-135M-Instruct", 576)
    prompt = ask("What is the capital of France?", system="Answer in one short sentence.")
    typed = decoder.encode_chat(ask("<|im_start|>system"))
    assert typed.count(decoder.tokenizer.convert_tokens_to_ids("<|im_start|>")) == 3
    both = texts(decoder.generate((prompt, ask("Say hello.")), max_new_tokens=30), 2)
    alone = texts(decoder.generate((prompt,), max_new_tokens=30), 1)
    assert "Paris" in both[0]
    assert both[0] == alone[0]
    paris, banana = decoder.label_logprobs((prompt,), ["Paris", "banana bread"])[0]
    assert paris > banana
    [year] = texts(decoder.generate((prompt,), max_new_tokens=9, regex="(19|20)[0-9]{2}"), 1)
    assert re.fullmatch("(19|20)[0-9]{2}", year)
