"""What is measured from few examples: who is learnt from, the prompts, the AUC, the report."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_decoders import tiny_decoder

from chatrec.data.catalog import Catalog
from chatrec.training.examples import Met, TrainingSet
from chatrec.types import Item

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

import few_shot  # noqa: E402  (after its folder is on the path)
import few_shot_liking as liking  # noqa: E402
import few_shot_ranking as ranking  # noqa: E402
from few_shot_runs import Budget, OutOfTimeError, Rows, read_lines, zipped_lines  # noqa: E402


def asked(n: int) -> list[liking.Asked]:
    """Rows whose target is liked where its name says so."""
    return [
        liking.Asked(
            'User Preference: "A"\nUser Unpreference: \n'
            f'Whether the user will like the target movie "{"Good" if number % 2 else "Bad"}"?',
            liked=bool(number % 2),
            user=number // 4,
            past=(1, 0),
        )
        for number in range(n)
    ]


def films() -> TrainingSet:
    items = [Item(str(n), f"Film {chr(65 + n)}", 1980 + n, ("Drama",)) for n in range(12)]
    histories = tuple(
        tuple(Met((user + step) % 12, True) for step in range(6 + user % 3)) for user in range(8)
    )
    return TrainingSet(Catalog(items), histories, np.eye(12, 16, dtype=np.float32), histories[:2])


def test_auc_counts_the_pairs_in_the_right_order() -> None:
    rng = np.random.default_rng(3)
    scores, liked = rng.integers(0, 9, 60), rng.random(60) < 0.4
    above = scores[liked][:, None] - scores[~liked][None]
    assert liking.auc(scores, liked) == pytest.approx(((above > 0) + 0.5 * (above == 0)).mean())
    assert np.isnan(liking.auc([1.0, 2.0], [True, True]))


def test_a_film_prompt_has_what_was_liked_and_what_was_not_in_their_order() -> None:
    row = {"history_item_id": [3, 1, 2], "history_liked": [1, 0, 1], "item_title": "D (1990)"}
    prompt = liking.film_prompt({1: "A (1970)", 2: "B (1980)", 3: "C (1985)"}, row)
    assert prompt == (
        'User Preference: "C (1985)", "B (1980)"\nUser Unpreference: "A (1970)"\n'
        'Whether the user will like the target movie "D (1990)"?'
    )
    assert liking.Asked(prompt, True, 1, (2, 1)).target == '"D (1990)"'


def test_scores_do_not_depend_on_the_order_of_the_rows_and_the_decoder_stays() -> None:
    decoder = tiny_decoder("qwen3")
    reader = liking.Reader(decoder, "film")
    rows = asked(5)
    ids = reader.encoded(rows)
    untuned = reader.tuned(rows, 0, 0.0, (0,), far())
    _, model = next(untuned)
    scores = reader.scores(model, ids)
    again = reader.scores(model, ids[::-1])[::-1]
    untuned.close()
    np.testing.assert_allclose(scores, again, atol=1e-4)
    assert not any("lora_" in name for name, _ in decoder.model.named_parameters())


def test_tuning_learns_what_the_examples_say() -> None:
    reader = liking.Reader(tiny_decoder("qwen3"), "film")
    rows = asked(16)
    ids, liked = reader.encoded(rows), [row.liked for row in rows]
    told = {
        step: liking.auc(reader.scores(model, ids), liked)
        for step, model in reader.tuned(rows, 1, 5e-3, (1, 12), far())
    }
    assert list(told) == [1, 12]
    assert told[12] > 0.9


def test_a_run_out_of_time_says_so_and_leaves_the_decoder_alone() -> None:
    decoder = tiny_decoder("qwen3")
    reader = liking.Reader(decoder, "film")
    with pytest.raises(OutOfTimeError):
        list(reader.tuned(asked(4), 1, 1e-3, (2,), Budget(0.0)))
    assert not any("lora_" in name for name, _ in decoder.model.named_parameters())


def test_examples_are_windows_of_so_many_users_and_nobody_is_validated_on() -> None:
    data = films()
    few = ranking.drawn(data, 3, seed=1)
    assert len(few.histories) == 3
    assert few.validation == ()
    assert few.histories == ranking.drawn(data, 3, seed=1).histories
    assert few.histories != ranking.drawn(data, 3, seed=2).histories
    long = TrainingSet(data.catalog, (data.histories[0] * 20,), data.text_vectors)
    (window,) = ranking.drawn(long, 1, seed=1).histories
    assert len(window) == ranking.WINDOW


def test_seen_items_are_left_out_and_ties_count_against_the_target() -> None:
    scores = np.array([9.0, 5.0, 5.0, 1.0], dtype=np.float32)
    assert ranking.rank(scores, (Met(0, True),), 1) == 2
    assert ranking.rank(scores, (), 3) == 4
    assert ranking.cases_of([tuple(Met(n, True) for n in range(3))]) == [
        (0, (Met(0, True),), 1),
        (0, (Met(0, True), Met(1, True)), 2),
    ]


def test_the_most_important_rows_come_first_and_all_examples_are_drawn_once() -> None:
    rows = few_shot.plan(("film", "ranking-a", "ranking-b"))
    assert rows[:4] == [
        ("ranking-a", None, 2026),
        ("ranking-b", None, 2026),
        ("ranking-a", 256, 2026),
        ("ranking-b", 256, 2026),
    ]
    assert rows[8] == ("film", None, 2026)
    assert len(rows) == len(set(rows)) == 3 + 3 * 9
    assert [row for row in rows if row[1] is None and row[2] != 2026] == []


def test_what_was_measured_before_is_not_measured_again(tmp_path: Path) -> None:
    earlier = Rows(tmp_path / "film.jsonl")
    for n, seed in ((16, 2026), (None, 2026)):
        earlier.add(examples=n, seed=seed)
    rows = Rows(tmp_path / "new" / "film.jsonl", tmp_path / "film.jsonl")
    assert rows.lines == earlier.lines
    curve = Measured(rows, too_slow=(64,))
    with pytest.raises(OutOfTimeError):
        few_shot.measure({"film": curve}, {"film": rows}, far(), 10.0)
    assert curve.tried[:2] == [(256, 2026), (64, 2026)]
    assert len(curve.tried) == 8
    assert read_lines(tmp_path / "new" / "film.jsonl") == rows.lines
    few_shot.measure({"film": Measured(rows)}, {"film": rows}, far(), 10.0)
    assert rows.find(examples=64, seed=2028) is not None


class Measured:
    """A curve that only says what it was asked for."""

    def __init__(self, rows: Rows, too_slow: tuple[int, ...] = ()) -> None:
        self.rows, self.too_slow = rows, too_slow
        self.tried: list[tuple[int | None, int]] = []

    def measure(self, n: int | None, seed: int, budget: Budget) -> None:
        self.tried.append((n, seed))
        if n in self.too_slow:
            raise OutOfTimeError
        self.rows.add(examples=n, seed=seed)


def test_all_rows_out_of_time_count_at_the_best_stop_that_was_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liking, "ALL_BATCH", 8)
    monkeypatch.setattr(liking, "ALL_EPOCHS", {"film": (0.2, 100.0)})
    rows = Rows(tmp_path / "film.jsonl")
    rows.add(chosen=256, rate=1e-3, steps=1)
    curve = liking.Curve(tiny_decoder("qwen3"), "film", pack_of_films(tmp_path), 1.0, rows)
    curve.measure(None, 1, Checks(3))
    (told,) = (line for line in rows.lines if "examples" in line)
    assert told["examples"] is None
    assert told["steps"] == 1
    assert [step for step, _ in told["valid"]] == [1]
    assert len(told["scores"]) == 40
    with pytest.raises(OutOfTimeError):
        curve.measure(None, 1, Budget(0.0))


class Checks(Budget):
    """A budget that is over after so many looks at it."""

    def __init__(self, n: int) -> None:
        super().__init__(600.0)
        self.left_checks = n

    def check(self) -> None:
        self.left_checks -= 1
        if self.left_checks < 0:
            raise OutOfTimeError


def pack_of_films(folder: Path) -> Path:
    """Forty rows of each part."""
    records = [
        (part, row.prompt, row.liked, row.user, row.past)
        for part in ("train", "valid", "test")
        for row in asked(40)
    ]
    zipped_lines(folder / "film.jsonl.gz", records)
    return folder / "film.jsonl.gz"


def test_all_histories_count_at_the_step_that_ranks_best_for_validation_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "unpacked", lambda path, share: (films(), films().histories[2:]))
    monkeypatch.setattr(ranking, "ALL_STEPS", 6)
    monkeypatch.setattr(ranking, "ALL_ITEM_BATCHES", 2)
    monkeypatch.setattr(ranking, "ALL_STOPS", 3)
    rows = Rows(tmp_path / "ranking-toy.jsonl")
    curve = ranking.Curve(tiny_decoder("qwen3"), tmp_path, 1.0, 0, rows)
    curve.measure(None, 1, far())
    (told,) = rows.lines
    assert [step for step, _ in told["valid"]] == [2, 4, 6]
    assert told["steps"] == max(told["valid"], key=lambda stop: stop[1])[0]
    assert told["taken"] == 6
    assert told["windows"] == 96
    assert len(told["ranks"]) == len(ranking.cases_of(films().histories[2:]))
    assert 0 < told["tokens"] <= 96 * 384
    with pytest.raises(OutOfTimeError):
        curve.measure(None, 1, Budget(ranking.START_S - 1.0))


def test_both_parts_run_and_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="`pip install matplotlib` to draw the curves")
    import few_shot_report as report

    monkeypatch.setattr(liking, "SIZES", (4,))
    monkeypatch.setattr(few_shot, "SIZES", (4,))
    monkeypatch.setattr(few_shot, "SEEDS", (1,))
    monkeypatch.setattr(ranking, "MOST_STEPS", {4: 12, 64: 24})
    monkeypatch.setattr(ranking, "unpacked", lambda path, share: (films(), films().histories[2:]))
    decoder = tiny_decoder("qwen3")
    out = tmp_path / "out"
    rows = {name: Rows(out / f"{name}.jsonl") for name in ("film", "ranking-toy")}
    for told in rows.values():
        told.add(machine="cpu", share=0.2)
    film = liking.Curve(decoder, "film", pack_of_films(tmp_path), 0.2, rows["film"])
    toy = ranking.Curve(decoder, tmp_path / "none", 0.05, 0, rows["ranking-toy"])
    curves = {"film": film, "ranking-toy": toy}
    for curve in curves.values():
        curve.prepare(far())
    lengths = {name: len(told.lines) for name, told in rows.items()}
    for curve in curves.values():
        curve.prepare(far())
    assert lengths == {name: len(told.lines) for name, told in rows.items()}
    few_shot.measure(curves, rows, far(), 100.0)
    rows["film"].add(ended="out of 3 s")
    rows["film"].add(machine="another", share=0.2)
    rows["film"].add(ended="all of it was measured")

    for folder in ("benchmarks/results", "docs/plots"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "DRAWS", 20)
    monkeypatch.setattr(sys, "argv", ["benchmarks/few_shot.py", "report"])
    result = report.write_result(tmp_path, out)
    (written,) = (tmp_path / "benchmarks" / "results").iterdir()
    assert written.name == result["file"]
    assert json.loads(written.read_text("utf-8"))["liking"]["film"]["rows"] == 8
    assert result["machines"]["film"]["machine"] == "cpu, another"
    assert result["machines"]["film"]["ended"] == "out of 3 s; then all of it was measured"
    points = {point["examples"]: point for point in result["liking"]["film"]["points"]}
    assert list(points) == [0, 4, None]
    assert points[0]["less untuned"]["mean"] == 0.0
    assert [p["examples"] for p in result["ranking"]["toy"]["points"]] == [4, None]
    assert (tmp_path / "docs" / "plots" / "few-shot.svg").stat().st_size > 1000
    page = "\n".join(report.few_shot_part(result))
    assert "### TALLRec, films: AUC" in page
    assert "| all (8 rows) | 1 |" in page
    assert f"All rows: {liking.ALL_BATCH} a step; AUC of the validation rows by step: 1 (" in page
    assert "| all (8 histories) | 1 |" in page
    assert "All histories: 6 steps read 6 windows of them" in page


def far() -> Budget:
    return Budget(600.0)
