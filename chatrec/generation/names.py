"""Short forms of first names, as people say them. Data only, folded."""

from __future__ import annotations

from collections.abc import Mapping

_TEXT = """
alexander alex, alexandra alex, andrew andy drew, anthony tony, benjamin ben benny, charles charlie
chuck, christina chris, christopher chris, cynthia cindy, daniel dan danny, david dave, deborah
debbie, donald don donny, douglas doug, edward ed eddie ted ned, elizabeth liz lizzie beth betty,
eugene gene, francis frank, frederick fred freddie, gerald gerry jerry, gregory greg, henry harry
hank, jacob jake, james jim jimmy jamie, jeffrey jeff, jennifer jen jenny, jessica jess, john jack
johnny, jonathan jon, joseph joe joey, joshua josh, judith judy, katherine kate katie kathy,
kathleen kate kathy, kenneth ken kenny, lawrence larry, leonard len lenny leo, leonardo leo,
margaret maggie meg peggy, martin marty, matthew matt, maxwell max, melvin mel, michael mike mickey,
mitchell mitch, nathaniel nate, nicholas nick, nicolas nick, pamela pam, patricia pat, patrick pat,
peter pete, philip phil, phillip phil, raymond ray, rebecca becky, richard dick rick richie, robert
bob bobby rob robbie, ronald ron ronnie, samuel sam sammy, samantha sam, stephen steve, steven
steve, stuart stu, susan sue, theodore ted theo, thomas tom tommy, timothy tim, victoria vicky,
walter walt, william bill billy will willie
"""


def _table(text: str) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for row in text.split(","):
        name, *short_forms = row.split()
        for short in short_forms:
            table[short] = (*table.get(short, ()), name)
    return table


NICKNAMES = _table(_TEXT)  # short form -> the names that it may stand for
