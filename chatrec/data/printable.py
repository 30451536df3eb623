"""Text that shows as itself, wherever it came from: nothing in it steers a terminal or turns lines.

Catalogues, messages, models and file names may hold escape sequences, carriage returns and marks
that reverse the direction of what follows. It knows nothing about HTML, logs or JSON.
"""

from __future__ import annotations

import json
import re
from typing import Any

# Control characters but for tab and line feed; line and paragraph separators; the marks that
# embed, override or isolate a direction; characters without width that can hide in words; tags.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def written_out(text: str) -> str:
    r"""The text with every character that steers written as its escape; lines and tabs stay.

    >>> written_out("red\x1b[31m and \u202edesrever")
    'red\\x1b[31m and \\u202edesrever'
    """
    return _STEERING.sub(lambda m: m[0].encode("unicode_escape", "surrogatepass").decode(), text)


def left_out(text: str) -> str:
    """The text without characters that steer: for a page, where escapes would only puzzle.

    >>> left_out("a\\x00b\\u202ec")
    'abc'
    """
    return _STEERING.sub("", text)


def json_line(value: Any) -> str:
    r"""The value as JSON on one line, readable in any script, with characters that steer escaped.

    >>> json_line({"title": "Amélie \x9b31m"})
    '{"title": "Amélie \\u009b31m"}'
    """
    text = json.dumps(value, ensure_ascii=False)
    return _STEERING.sub(lambda m: json.dumps(m[0])[1:-1], text)
