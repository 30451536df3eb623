"""What a report says in all."""

from __future__ import annotations

from chatrec.doctor.findings import Finding, ok, report, summary, warning, worst, wrong

ALL = (ok("a", "fine"), wrong("b", "broken", "mend it"), warning("c", "slow", "wait"))


def test_a_report_is_as_bad_as_its_worst_finding() -> None:
    assert worst(ALL) == "wrong"
    assert worst(ALL[::2]) == "warning"
    assert worst(ALL[:1]) == worst(()) == "ok"


def test_a_report_counts_each_level_and_keeps_the_order() -> None:
    told = report(ALL)
    assert (told["level"], told["ok"], told["warning"], told["wrong"]) == ("wrong", 1, 1, 1)
    assert [finding["subject"] for finding in told["findings"]] == ["a", "b", "c"]
    assert summary(ALL) == "1 ok, 1 warnings, 1 wrong"


def test_a_line_ends_in_what_to_do_where_there_is_something() -> None:
    assert Finding("disk", "warning", "0.1 GB free", "free some").line().endswith(": free some")
    assert ok("disk", "9 GB free").line().endswith("9 GB free")
