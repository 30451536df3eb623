import pytest

from chatrec.generation.counts import counts_in, miscounts


@pytest.mark.parametrize(
    ("said", "told", "wrong"),
    [
        ("four students", "three film students carry cameras", True),
        ("three students", "three film students carry cameras", False),
        ("3 students", "three film students carry cameras", False),
        ("five days", "fifteen years in a cell, then five days", False),
        ("fifteen days", "fifteen years in a cell, then five days", True),
        ("1,000 dollars", "a thousand dollars a day", False),
        ("2 million dollars", "two million dollars", False),
        ("twenty rifles", "twenty-five rifles", True),
        ("two hunters", "three students", False),
        ("one of them", "two of them", False),
        ("an eight-year-old boy", "an eight-year-old boy", False),
    ],
)
def test_a_number_is_wrong_where_the_facts_count_the_same_things_otherwise(said, told, wrong):
    assert bool(list(miscounts(counts_in(said), counts_in(told)))) is wrong


def test_ordinals_and_decades_are_not_counted():
    assert counts_in("the second film of the 1990s, his third") == []
