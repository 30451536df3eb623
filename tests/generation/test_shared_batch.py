"""The running batch: rows join and leave midway, and a shared beginning is read once."""

from __future__ import annotations

from chatrec.generation.model import LocalDecoder
from chatrec.prompting import Prompt
from tests.generation.running import MANY, Model, alone, batch, rows
from tests.generation.tiny_decoders import PROMPTS, ask


def test_rows_that_join_and_leave_midway_write_what_they_write_alone(decoder: LocalDecoder) -> None:
    parts = rows(decoder, MANY[:6])
    starts = [len(row.ids) for row in parts]
    running = batch(decoder)
    running.join(parts[:2])
    for _ in range(3):
        running.step()
    running.join(parts[2:5])
    running.step()
    running.drop([parts[0]])
    running.join(parts[5:])
    while running.rows:
        running.step()
    for n in range(1, 6):
        assert parts[n].ids[starts[n] :] == alone(decoder, MANY[n]), n
    assert parts[0].ids[starts[0] :] == alone(decoder, MANY[0])[:5]
    assert not parts[0].ended


def test_what_only_padding_is_left_of_is_cut_off(llama: LocalDecoder) -> None:
    long, short = rows(llama, [ask("x " * 60), ask("x")])
    running = batch(llama)
    running.join([long, short])
    wide = running.width
    running.drop([long])
    assert running.width == len(short.ids) - 1 < wide


def test_all_rows_can_leave_and_join_another_time(decoder: LocalDecoder) -> None:
    parts = rows(decoder, MANY[:3])
    starts = [len(row.ids) for row in parts]
    running = batch(decoder)
    running.join(parts)
    running.step()
    assert running.clear() == parts
    assert running.rows == []
    running.join(parts)
    while running.rows:
        running.step()
    for row, start, prompt in zip(parts, starts, MANY, strict=False):
        assert row.ids[start:] == alone(decoder, prompt)


# Prompts that begin alike


def alike(decoder: LocalDecoder, n: int) -> list[Prompt]:
    return [ask(f"wish {'of the rain ' * (m % 3)}{m}", system="be kind " * 6) for m in range(n)]


def test_prompts_that_begin_alike_are_answered_as_if_read_whole(decoder: LocalDecoder) -> None:
    asked = alike(decoder, 5)
    parts = rows(decoder, asked)
    starts = [len(row.ids) for row in parts]
    running = batch(decoder)
    for part in (parts[:3], parts[3:]):
        running.join(part)
        running.step()
    while running.rows:
        running.step()
    for row, start, prompt in zip(parts, starts, asked, strict=True):
        assert row.ids[start:] == alone(decoder, prompt)


def test_a_shared_beginning_is_read_once(llama: LocalDecoder) -> None:
    widths: list[int] = []
    model = Model(llama, lambda ids: widths.append(ids.shape[1]))
    running = batch(llama, model)
    parts = rows(llama, [*alike(llama, 4), *PROMPTS[:1]])
    running.join(parts[:2])
    assert len(widths) == 2
    running.join(parts[2:3])
    running.join(parts[4:])
    assert len(widths) == 4
    assert widths[2] == len(parts[2].ids) - 1 - widths[0]
    assert widths[3] == len(parts[4].ids) - 1
