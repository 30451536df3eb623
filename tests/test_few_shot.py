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

import few_shot_liking as liking  # noqa: E402  (after its folder is on the path)
import few_shot_ranking as ranking  # noqa: E402
from few_shot_runs import Budget, OutOfTimeError, Rows, zipped_lines  # noqa: E402


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


def test_both_parts_run_and_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="`pip install matplotlib` to draw the curves")
    import few_shot_report as report

    for part, size in ((liking, 4), (ranking, 16)):
        monkeypatch.setattr(part, "SIZES", (size,))
        monkeypatch.setattr(part, "SEEDS", (1,))
    monkeypatch.setattr(ranking, "unpacked", lambda path, share: (films(), films().histories[2:]))
    decoder = tiny_decoder("qwen3")
    records = [
        (part, row.prompt, row.liked, row.user, row.past)
        for part in ("train", "valid", "test")
        for row in asked(40)
    ]
    zipped_lines(tmp_path / "film.jsonl.gz", records)
    facts = {"machine": "cpu", "share": 0.2}
    rows = Rows(tmp_path / "out" / "film.jsonl")
    rows.add(**facts)
    liking.run(decoder, "film", tmp_path / "film.jsonl.gz", 0.2, far(), rows)
    rows = Rows(tmp_path / "out" / "ranking-toy.jsonl")
    rows.add(**facts)
    ranking.run(decoder, tmp_path / "none", 0.05, far(), rows)

    for folder in ("benchmarks/results", "docs/plots"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "DRAWS", 20)
    monkeypatch.setattr(sys, "argv", ["benchmarks/few_shot.py", "report"])
    result = report.write_result(tmp_path, tmp_path / "out")
    (written,) = (tmp_path / "benchmarks" / "results").iterdir()
    assert written.name == result["file"]
    assert json.loads(written.read_text("utf-8"))["liking"]["film"]["rows"] == 8
    sizes = [point["examples"] for point in result["liking"]["film"]["points"]]
    assert sizes == [0, 4, 8]
    assert [p["examples"] for p in result["ranking"]["toy"]["points"]] == [16, None]
    assert (tmp_path / "docs" / "plots" / "few-shot.svg").stat().st_size > 1000
    page = "\n".join(report.few_shot_part(result))
    assert "### TALLRec, films: AUC" in page
    assert "| all (8 histories) | 1 |" in page


def far() -> Budget:
    return Budget(600.0)
