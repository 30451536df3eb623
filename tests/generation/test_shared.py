"""One model for many threads: who runs beside whom changes nothing but the time it takes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch

from chatrec.errors import ModelError
from chatrec.generation.decoding import Row
from chatrec.generation.model import LocalDecoder
from chatrec.generation.shared import Limits, SharedModel
from chatrec.prompting import Prompt
from tests.generation.running import MANY, Model, alone, batch, rows
from tests.generation.tiny_decoders import PROMPTS, ask, texts

ROOMY = Limits(rows=64, cached_tokens=1 << 20, read_tokens=1 << 20)


def written(decoder: LocalDecoder, prompts: Sequence[Prompt], **options: Any) -> list[str]:
    return texts(decoder.generate(prompts, max_new_tokens=30, **options), len(prompts))


# Many threads


def test_answers_of_many_threads_are_those_given_one_after_the_other(decoder: LocalDecoder) -> None:
    asked: list[tuple[Sequence[Prompt], dict[str, Any]]] = [
        (MANY[:3], {}),
        (MANY[3:5], {"temperature": 0.8, "seed": 1}),
        (MANY[5:9], {"temperature": 1.5, "seed": 2}),
        (MANY[9:11], {"regex": "(moon|rain)+[.]"}),
        (MANY[11:], {}),
        (MANY[:3], {"temperature": 0.8, "seed": 3}),
    ]
    expected = [written(decoder, prompts, **options) for prompts, options in asked]
    before = decoder.stats
    start = threading.Barrier(len(asked))

    def one(job: tuple[Sequence[Prompt], dict[str, Any]]) -> list[str]:
        start.wait()
        return written(decoder, job[0], **job[1])

    with ThreadPoolExecutor(len(asked)) as threads:
        assert list(threads.map(one, asked)) == expected
    tokens, steps = decoder.stats.tokens - before.tokens, decoder.stats.steps - before.steps
    assert tokens / steps > max(len(prompts) for prompts, _ in asked)


def test_hidden_states_of_many_threads_are_those_of_each_alone(decoder: LocalDecoder) -> None:
    ids = [[decoder.encode_chat(prompt) for prompt in MANY[n : n + 2]] for n in range(8)]
    expected = [decoder.last_hidden(part) for part in ids]
    before = decoder.stats
    start = threading.Barrier(len(ids))

    def one(part: list[list[int]]) -> torch.Tensor:
        start.wait()
        return decoder.last_hidden(part)

    with ThreadPoolExecutor(len(ids)) as threads:
        for given, right in zip(threads.map(one, ids), expected, strict=True):
            torch.testing.assert_close(given, right)
    assert decoder.stats.reads - before.reads == len(ids)
    assert decoder.stats.read_batches - before.read_batches < len(ids)


def test_what_was_read_and_reused_of_prompts_is_counted(decoder: LocalDecoder) -> None:
    ids = [decoder.encode_chat(prompt) for prompt in MANY[:3]]
    before = decoder.stats
    decoder.last_hidden(ids[:2])
    assert decoder.stats.tokens_read - before.tokens_read == len(ids[0]) + len(ids[1])
    written(decoder, MANY[:3])
    decoder.forget()
    before = decoder.stats
    written(decoder, MANY[:3])
    now = decoder.stats
    prompts = now.begun_alike + now.begun_anew - before.begun_alike - before.begun_anew
    assert prompts == 3
    reused, read = now.tokens_reused - before.tokens_reused, now.tokens_read - before.tokens_read
    beginning = reused // 3  # read once, used by each
    assert read + reused == sum(map(len, ids)) + beginning
    assert (now.rows_now, now.rows_waiting) == (0, 0)


def test_steps_are_counted_by_their_rows(llama: LocalDecoder) -> None:
    before = llama.stats
    written(llama, MANY[:3])
    now = llama.stats
    more = [after - was for after, was in zip(now.steps_of, before.steps_of, strict=True)]
    assert sum(more) == now.steps - before.steps
    assert more[2] > 0  # of 3 or 4 rows
    assert sum(more[3:]) == 0


def test_a_hidden_state_does_not_wait_for_answers_to_end(llama: LocalDecoder) -> None:
    chunks = llama.generate(PROMPTS, max_new_tokens=400)
    next(chunks)
    llama.last_hidden([[1, 2, 3]])
    assert llama.stats.tokens < 3 * 400
    chunks.close()


def test_an_answer_that_is_left_leaves_the_batch_and_the_others_go_on(llama: LocalDecoder) -> None:
    expected = texts(llama.generate(MANY[:2], max_new_tokens=200), 2)
    before = llama.stats
    left = llama.generate(MANY[2:8], max_new_tokens=400)
    next(left)
    stays = llama.generate(MANY[:2], max_new_tokens=200)
    first = next(stays)
    left.close()
    assert texts([first, *stays], 2) == expected
    assert llama.stats.given_up - before.given_up == 6
    assert llama.stats.tokens - before.tokens < 2 * 200 + 6 * 400


def test_an_answer_never_read_is_never_begun(llama: LocalDecoder) -> None:
    before = llama.stats
    llama.generate(PROMPTS, max_new_tokens=400)
    assert llama.stats == before


def test_labels_are_scored_while_answers_are_written(llama: LocalDecoder) -> None:
    expected = llama.label_logprobs(PROMPTS, ["A", "B"])
    chunks = llama.generate(PROMPTS, max_new_tokens=400)
    next(chunks)
    torch.testing.assert_close(
        torch.from_numpy(llama.label_logprobs(PROMPTS, ["A", "B"])), torch.from_numpy(expected)
    )
    chunks.close()


# Room


def shared(decoder: LocalDecoder, model: Model, limits: Limits = ROOMY) -> SharedModel:
    return SharedModel(batch(decoder, model), decoder._hidden, limits)


def read_all(model: SharedModel, parts: Sequence[list[Row]]) -> list[BaseException | None]:
    """Reads the answers of all, each in a thread; the error of each."""
    start = threading.Barrier(len(parts))

    def one(part: list[Row]) -> BaseException | None:
        start.wait()
        try:
            for _ in model.answer(part):
                pass
        except ModelError as error:
            return error
        return None

    with ThreadPoolExecutor(len(parts)) as threads:
        return list(threads.map(one, parts))


def never(ids: torch.Tensor) -> None:
    del ids


@pytest.mark.parametrize(
    ("limits", "most"),
    [(Limits(4, 1 << 20, 1), 4), (Limits(64, 3 * 140, 1), 3), (Limits(1, 1, 1), 1)],
)
def test_the_batch_stays_within_its_limits(llama: LocalDecoder, limits: Limits, most: int) -> None:
    model = Model(llama, never)
    parts = [rows(llama, [ask("x" * 60)]) for _ in range(9)]
    assert read_all(shared(llama, model, limits), parts) == [None] * 9
    assert max(model.sizes) == most
    assert all(row.n_new == 12 for (row,) in parts)


def test_a_request_of_many_rows_lets_others_in(llama: LocalDecoder) -> None:
    model = Model(llama, never)
    line = shared(llama, model, Limits(8, 1 << 20, 1))
    big, small = rows(llama, MANY * 3, 40), rows(llama, MANY[:1], 5)
    steps = line.answer(big)
    next(steps)
    for _ in line.answer(small):
        pass
    assert small[0].n_new == 5
    assert sum(row.n_new == 0 for row in big) > 10
    for _ in steps:
        pass
    assert all(row.n_new == 40 for row in big)


def test_where_memory_runs_out_smaller_batches_give_the_same_answers(decoder: LocalDecoder) -> None:
    def tight(ids: torch.Tensor) -> None:
        if len(ids) > 3:
            raise torch.OutOfMemoryError("no room for more than 3")

    line = shared(decoder, Model(decoder, tight))
    parts = [rows(decoder, MANY[n : n + 2]) for n in range(0, 8, 2)]
    starts = [[len(row.ids) for row in part] for part in parts]
    assert read_all(line, parts) == [None] * 4
    for n, (part, lengths) in enumerate(zip(parts, starts, strict=True)):
        for m, (row, length) in enumerate(zip(part, lengths, strict=True)):
            assert row.ids[length:] == alone(decoder, MANY[2 * n + m])
    assert line.stats.out_of_memory > 0


def test_a_row_too_large_for_the_memory_fails_alone(llama: LocalDecoder) -> None:
    def tight(ids: torch.Tensor) -> None:
        if ids.shape[1] > 100:
            raise torch.OutOfMemoryError("no room for more than 100 tokens")

    line = shared(llama, Model(llama, tight))
    parts = [rows(llama, MANY[:2]), rows(llama, [ask("long " * 40)]), rows(llama, MANY[2:3])]
    first, second, third = read_all(line, parts)
    assert first is None
    assert third is None
    assert isinstance(second, ModelError)
    assert "ran out of memory" in str(second)
    assert [row.n_new for part in parts for row in part] == [12, 12, 0, 12]


def test_prompts_are_read_in_halves_where_memory_runs_out(llama: LocalDecoder) -> None:
    sizes: list[int] = []

    def read(ids: Sequence[Sequence[int]]) -> torch.Tensor:
        sizes.append(len(ids))
        if len(ids) > 2 or len(ids[0]) > 50:
            raise torch.OutOfMemoryError("no room")
        return torch.tensor([[float(row[0])] for row in ids])

    line = SharedModel(batch(llama), read, ROOMY)
    gate = threading.Event()
    asked = [[[1]], [[2]], [[3]], [[4] * 60], [[5]]]
    with ThreadPoolExecutor(len(asked) + 1) as threads:
        threads.submit(line.run, gate.wait)
        found = [threads.submit(line.read, ids) for ids in asked]
        while len(line._reads) < len(asked):
            pass
        gate.set()
        given = [future.exception() or future.result().tolist() for future in found]
    assert [given[n] for n in (0, 1, 2, 4)] == [[[1.0]], [[2.0]], [[3.0]], [[5.0]]]
    assert isinstance(given[3], ModelError)
    assert sizes[0] == 5


def test_a_failure_is_told_to_all_who_wait_and_the_next_are_served(
    llama: LocalDecoder, caplog: pytest.LogCaptureFixture
) -> None:
    broken = threading.Event()
    broken.set()

    def failing(ids: torch.Tensor) -> None:
        if broken.is_set():
            raise RuntimeError("the driver was lost")

    line = shared(llama, Model(llama, failing))
    with caplog.at_level(logging.ERROR):
        errors = read_all(line, [rows(llama, MANY[:2]), rows(llama, MANY[2:3])])
    assert all(isinstance(error, ModelError) for error in errors)
    assert all("the driver was lost" in str(error) for error in errors)
    assert "all that it was asked for is given up" in caplog.text
    broken.clear()
    again = rows(llama, MANY[:1])
    assert read_all(line, [again]) == [None]
    assert again[0].n_new == 12


def test_a_regex_that_fails_ends_its_own_answer_only(llama: LocalDecoder) -> None:
    class Stubborn:
        def allowed(self, matchers: Sequence[Any]) -> torch.Tensor:
            return torch.ones(len(matchers), llama.model.config.vocab_size, dtype=torch.bool)

    class Refusing:
        def consume_token(self, token: int) -> bool:
            return False

        def get_error(self) -> str:
            return "out of fuel"

    (bad,), (good,) = rows(llama, MANY[:1]), rows(llama, MANY[1:2])
    bad.constraint, bad.matcher = Stubborn(), Refusing()  # type: ignore[assignment]  # a stand-in
    first, second = read_all(shared(llama, Model(llama, never)), [[bad], [good]])
    assert "out of fuel" in str(first)
    assert second is None
    assert good.n_new == 12
