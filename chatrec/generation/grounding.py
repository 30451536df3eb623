"""Being written."""
from __future__ import annotations
from dataclasses import dataclass
@dataclass(frozen=True, slots=True)
class Verdict:
    ok: bool
    problems: tuple[str, ...] = ()
def check(sentence, item, evidence, catalog):
    return Verdict(True)
