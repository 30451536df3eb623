"""In which tone reasons speak: which of the plans are chosen from. What they say stays the same.

- **plain**: all plans.
- **warm**: those that speak of the reader ("you liked ...", "as you asked").
- **playful**: those that ask or invite ("Want ...?", "Off to ...").
- **expert**: those that state, and neither address anybody nor recommend.

A small decoder tuned on one prompt keeps to the words that its sentence begins with and to little
else, hence the tone lies in the plans; the prompt names it too, for decoders that listen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import get_args

from chatrec.generation.plans import LEADS
from chatrec.prompting import domain_words
from chatrec.settings import Tone

TONES: tuple[Tone, ...] = get_args(Tone)

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_ADDRESSES = re.compile(r"\byou(?:r|rs)?\b", re.I)
_INVITES = re.compile(
    r"\?|^(?:Try|Pick|Go|Off|Back|Picture|See|Expect|Set aside|Once more|Meet|More|Another|One|If)"
    r"\b|takes you|\byou get\b|, (?:try|pick) "
)
_URGES = re.compile(
    r"\?|\b(?:you|your|try|pick|here is|may suit|expect|note|go to|off to|back to|picture|see if|"
    r"set aside)\b",
    re.I,
)
_HAS: Mapping[Tone, re.Pattern[str]] = {"warm": _ADDRESSES, "playful": _INVITES}


def tone_of(domain: str) -> Tone:
    """The tone that a domain speaks in unless another is asked for, from its file of words."""
    named = domain_words(domain)["tone"]
    return next(tone for tone in TONES if tone == named)


@cache
def leads_in(tone: Tone, variant: str) -> tuple[str, ...]:
    """The leading plans of a kind of evidence in a tone; all of them where none has the tone.

    A plan that has it in some of its choices is given as those, without brackets.
    """
    plans = LEADS[variant]
    if tone == "plain":
        return plans
    able = [said for plan in plans for said in expanded(plan) if has_tone(said, tone)]
    return tuple(dict.fromkeys(able)) or plans


def has_tone(text: str, tone: Tone) -> bool:
    """Whether a plan or sentence speaks in ``tone``."""
    if tone == "expert":
        return not _URGES.search(text.replace("{knew}", "you"))
    return tone == "plain" or bool(_HAS[tone].search(text))


def expanded(plan: str) -> list[str]:
    """``plan`` with every combination of its ``[a|b]`` choices."""
    found = _CHOICE.search(plan)
    if found is None:
        return [plan]
    before, after = plan[: found.start()], plan[found.end() :]
    return [said for choice in found[1].split("|") for said in expanded(before + choice + after)]
