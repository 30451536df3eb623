"""What a director plays without acting: "plays the con game with a light hand", "plays up gore".

Knows nothing of people (see roles.py).
"""

from __future__ import annotations

_THINGS = (
    r"games?|stor(?:y|ies)|tales?|violence|satire|comedy|horror|romance|material|premise|plot|"
    r"jokes?|scenes?|mystery|war|thing|suspense|drama|gore|laughs|genre|myth|legend|crime|heist|"
    r"con|tension|irony|melodrama|tragedy|action|humou?r|terror|fear|farce|absurdity|grief|mood|"
    r"tone|situation|idea|fantasy|western|thriller|fairy tale|whodunit|slapstick|fright|scares|"
    r"shocks|sentiment|pathos|chase|carnage|nonsense|madness|mayhem|blood|film|movie"
)
_DETERMINERS = r"(?:the|his|her|its|their|all the|both|all|this|every|each)"
THINGS_PLAYED = (
    rf"(?:up |down )?(?:{_DETERMINERS} )?(?:whole |same |old )?(?:[\w-]+ ){{0,2}}?(?:{_THINGS})"
    r"(?= (?:with|for|as|like|straight|up|down|off|against|cool|big|small|safe|close|broadly|"
    r"softly|slow|fast|dead|and (?:[\w-]+ )?\w+ (?:off|up|down|for|as|with)|of|in|loud|quiet|"
    r"[a-z]+ly)\b|\W*$|[,.;:])"
)
