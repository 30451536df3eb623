"""Set phrases by which people say that a film is good, or that it got to them.

Patterns for the folded text of one clause in which the film is "it" or not named. Single words are
weighed in :mod:`chatrec.conversation.valence`; whom a clause means is decided in
:mod:`chatrec.conversation.opinions`. English only.
"""

from __future__ import annotations

import re

_IS = r"(?:is|was|are|were|'s|s|it's|its)"
_HOW = r"(?:so|such|straight|pure|absolute|absolutely|pretty|just|an?|the|total|totally|really)"
_ME = r"(?:me|us|him|her|my \w+)"

_RANKED = (  # among the best
    r"\b(?:the|my|her|his|our) (?:\w+ )?(?:best|greatest|finest|funniest|scariest|coolest|sweetest|"
    r"cleverest|most (?:beautiful|moving|original|fun)) (?:\w+ )?(?:films?|movies?|things?|ones?|"
    r"comed(?:y|ies)|thrillers?|horrors?|westerns?|musicals?|games?|books?)\b(?! (?:i|we) (?:can|"
    r"want|need))",
    r"\b(?:10|ten) ?(?:/|out of) ?(?:10|ten)\b|\b(?:5|five) stars\b|\b(?:two )?thumbs up\b|"
    r"\ball[- ]time (?:fave|fav|favou?rite|great|classic)\b|\bmy (?:absolute |all time )?fave?\b",
    r"\bright up my (?:street|alley)\b|\bchef'?s kiss\b|\bhits? (?:different|the spot)\b|"
    r"\b(?:ca|could)n'?t recommend it enough\b|\bnever gets old\b|\bholds? up\b|\bmust[- ]see\b",
)
_SLANG = (
    rf"{_IS} (?:{_HOW} )*(?:fire|lit|goated|goat|sick|dope|ace|mint|banger|banging|riot|scream|"
    r"hoot|blast|treat|delight|treasure|beauty|knockout|winner|gold|wicked|bomb|top[- ]notch|"
    r"first[- ]rate|"
    r"magic|perfection|peak|bliss|the business|cracker|corker|belter)\b(?! of (?:a )?(?:mess|"
    r"bore))",
    r"(?:^|\bit |\bthis |\bthat )\W*(?:totally |really |absolutely |still )*(?:slaps|slapped|rocks|"
    r"rocked|rules|ruled|whips|kills it|nailed it|delivers)\b",
    r"^\W*what an? (?:\w+ )?(?:film|movie|ride|gem|beauty|masterpiece|performance|classic|treat|"
    r"story|joy|delight)\b",
)
_MOVED = (  # what it did to somebody
    rf"\b(?:blew|blows) (?:{_ME} away|my mind)|\bblown away\b|\bmind[- ]?(?:blown|blowing)\b",
    rf"\bhad {_ME} (?:(?:all|both|completely|totally) )?(?:in (?:tears|stitches|bits|floods)|"
    r"hooked|glued|gripped|spellbound|laughing|crying|sobbing|grinning|rolling|"
    r"on the edge)\b",
    rf"\bmade {_ME} (?:(?:all|both) )?(?:cry|laugh|smile|think|weep|sob|howl|feel (?:so )?good)\b",
    rf"\b(?:cracks?|cracked) {_ME} up\b|\b(?:wrecked|destroyed|broke|ruined|killed|slayed) {_ME}"
    r"(?= \(?in (?:a|the) (?:good|best) way)|\bin (?:a|the) (?:good|best) way\b|"
    r"\b(?:could|can)(?:n'?t| not) (?:look away|stop (?:watching|laughing|thinking|smiling)|put it "
    r"down|get enough)\b|\bpalms? sweat\w*|\bedge of (?:my|our) seats?\b|^\W*(?:wow|whoa|"
    r"wowza)\W*$|"
    r"\b(?:moved|touched|charmed|thrilled|enchanted) (?:me|us)\b|\bgot (?:me|us) (?:right )?in the "
    r"(?:feels|heart)\b|\b(?:cried|bawled|wept|sobbed)\b(?! (?:from|of|with) boredom)|"
    r"\blaughed (?:so|my|our|out loud|all|until|till|from|a lot|myself|like)\b|\bgoose ?bumps\b",
    r"\b(?:lov|ador|enjoy|relish)ed every (?:\w+ )?(?:minute|second|bit|frame|moment|scene)\b",
    r"\b(?:could|can|would|will|i'd|i'll) watch it (?:again|over|every|any day|all day|forever|a "
    r"(?:hundred|thousand|million)|on (?:repeat|loop))\b",
    r"\b(?:love|adore)s? (?:it|that|this|them)\b(?! (?:when|if|to))|\b(?:love|adore)(?:d|s)? (?:it|"
    r"that|this|them) (?:to (?:bits|death|pieces))\b",
)
PRAISING = re.compile("|".join(f"(?:{p})" for group in (_RANKED, _SLANG, _MOVED) for p in group))
