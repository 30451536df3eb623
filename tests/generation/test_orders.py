import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.generation.orders import plain_orders
from chatrec.types import Evidence, Item

LATE = Item(
    "1",
    "Harbour",
    1994,
    genres=("Drama",),
    creators=("Ann Lee",),
    cast=("Bo Ray",),
    countries=("Ireland",),
    language="English",
    description="A keeper waits.",
    runtime_min=100,
)
EARLY = Item(
    "2",
    "Summit",
    1984,
    genres=("Drama",),
    creators=("Ann Lee",),
    cast=("Bo Ray",),
    countries=("Ireland",),
    language="English",
    description="A climber waits.",
    runtime_min=130,
)
CATALOG = Catalog([LATE, EARLY], domain="film")
LINKS = (
    Evidence("shared_creator", "Ann Lee | Summit", "liked"),
    Evidence("shared_cast", "Bo Ray | Summit", "liked"),
)


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("Like Summit, it has Bo Ray in it, but it was made later.", True),
        ("Like Summit, it has Bo Ray in it, but it was made earlier.", False),
        ("Summit came first, and Ann Lee made both.", True),
        ("Ann Lee had already made Summit when a keeper waited.", True),
        ("Ann Lee had yet to make Summit when a keeper waited.", False),
        ("Having made Summit, Ann Lee let a keeper wait.", True),
        ("Before Ann Lee made Summit, a keeper waited.", False),
        ("Bo Ray is in this and in Summit, and this is the later of the two.", True),
        ("Bo Ray is in this and in Summit, and this is the longer of the two.", False),
        ("Ann Lee made Summit first and this drama only afterwards.", True),
        ("Ann Lee made Summit too, and that one is the newer film.", False),
        ("Ann Lee's Summit is half an hour longer.", True),
        ("Ten years lie between this drama and Summit.", True),
        ("Both are from the 1980s: Summit and this.", False),
        ("Both are from Ireland: Summit and this.", True),
        ("Ann Lee made Summit, and this drama about a keeper is newer and shorter.", True),
        ("Ann Lee made Summit, and this drama about a keeper is newer and longer.", False),
        ("Ann Lee outdid even Summit for length in this drama.", False),
        ("Ann Lee directed this drama long after Summit.", True),
        ("Bo Ray, who was in Summit, is back ten years later.", True),
        ("Bo Ray, who was in Summit, is back ten years earlier.", False),
        ("Bo Ray was in Summit, ten years earlier.", True),
        ("Summit, made ten years earlier, has Bo Ray too.", True),
        ("Like Summit, only thirty minutes longer, it has Bo Ray in it.", False),
        ("Like Summit, only thirty minutes shorter, it has Bo Ray in it.", True),
        ("Bo Ray, seen ten years earlier in Summit, is back.", True),
        ("Bo Ray, seen ten years later in Summit, is back.", False),
        ("Bo Ray, earlier in Summit, is back.", True),
        ("Bo Ray, later in Summit, is back.", False),
        ("Bo Ray of Summit appears in this later Irish drama.", True),
        ("Bo Ray of Summit appears in this earlier Irish drama.", False),
        ("Ann Lee of Summit made another, shorter drama.", True),
        ("Ann Lee of Summit made another, longer drama.", False),
        ("It has Bo Ray, like Summit, but at 100 minutes a good deal shorter.", True),
        ("It has Bo Ray, like Summit, but at 100 minutes a good deal longer.", False),
        ("It has Bo Ray, like Summit, which is ten years older and somewhat longer.", True),
        ("Bo Ray of Summit waits again, in a longer drama about a keeper.", False),
        ("Bo Ray was in Summit, which is nonetheless the shorter of the two dramas.", False),
        ("Ann Lee, the woman who directed Summit, lets a keeper wait.", True),
        ("Bo Ray, the man who directed Summit, plays a waiting keeper.", False),
    ],
)
def test_order_without_than_is_judged_by_both_years_and_lengths(sentence, ok):
    verdict = check(sentence, LATE, LINKS, CATALOG)
    assert verdict.ok is ok, verdict.problems


def test_an_order_counted_in_years_is_left_to_the_gaps():
    assert plain_orders("<ta> came out ten years later") == "<ta> came out ten years later"


def test_a_text_without_a_title_is_unchanged():
    assert plain_orders("it was made later") == "it was made later"
