"""Names in a message that stand where a title should and that nothing in the catalogue bears.

What they are is not known; that they are said is reported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from chatrec.conversation.mentions import Mention, strangers
from chatrec.conversation.utterance import MASK, Span, Utterance, fold
from chatrec.conversation.vocabulary import Vocabulary

_TITLE = (
    r"(?:\"(?P<quoted>[^\"]{2,60})\"|(?P<plain>[A-Z][\w'&:\-]*(?:\s+(?:[A-Z0-9][\w'&:\-]*"
    r"|(?:of|the|and|in|to|for|a|an|at|from)\s+[A-Z0-9][\w'&:\-]*))*))(?=\s|$|[.,;!?)])"
)
_NAMED_AFTER = re.compile(
    r"(?:\b(?:movies?|films?|something|anything|games?|books?|more) like|\bsimilar to|"
    r"\b(?:that|which) (?:isn't|aren't)|\b(?:other than|instead of|rather than|apart from)\b|"
    r"\b[Ii] (?:really )?(?:loved|liked|enjoyed|hated|adored|saw|watched)|\b[Ii](?:'ve|"
    r" have) (?:seen|watched)|\bfan of)\s+(?:the (?:film|movie) )?" + _TITLE
)


def unknown_titles(
    utterance: Utterance, rest: str, mentions: Sequence[Mention], vocabulary: Vocabulary
) -> list[tuple[str, Span]]:
    """Names that stand where a title should and that nothing in the catalogue bears."""
    text = "".join(MASK if m == MASK else c for c, m in zip(utterance.text, rest, strict=True))
    named = [(m, "quoted" if m.group("quoted") else "plain") for m in _NAMED_AFTER.finditer(text)]
    spots = [(m.start(which), m.end(which), m.span()) for m, which in named]
    ends = [mention for mention in mentions if mention.by_title and mention.explicit]
    for mention, after in zip_longest(ends, ends[1:]):
        stop = len(text) if after is None else after.start
        spots += [(*m.span("name"), m.span()) for m in strangers(utterance.text, mention.end, stop)]
    found = []
    for start, end, span in spots:
        name = utterance.text[start:end].strip(' "')
        known = (
            (vocabulary.person_at(name) is not None and (" " in name or vocabulary.makes(name)))
            or vocabulary.find(fold(name))
            or vocabulary.country_values(name) is not None
            or name == "I"
        )
        if not known:
            found.append((name, span))
    return found
