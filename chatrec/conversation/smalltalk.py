"""Recognises messages that wish for nothing: greetings, thanks, insults, other people's business.

Only asked after no wish was found, so a pattern here never hides one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from chatrec.conversation.utterance import Span, split

Smalltalk = Literal[
    "greeting", "thanks", "bye", "how_are_you", "about", "insult", "praise", "agree"
]

_TALK: Mapping[Smalltalk, str] = {
    "insult": r"\b(?:(?:what an? |what |worst )(?:\w+ )?(?:(?:terrible|awful|"
    r"horrible|rubbish|lousy|stupid|"
    r"crap|crappy|useless|bad|dreadful|pathetic) )?(?:recommendations?|suggestions?|lists?|"
    r"selection|"
    r"choices?|picks|bunch|taste)\b(?: ever)?(?! with)|"
    r"(?:your|these|this|the|those|that|it|they) "
    r"(?:(?:last|first|previous|latest|whole|other|new|film|movie) )*"
    r"(?:(?:recommendations?|suggestions?|list|lists|picks|films|movies|answers?|ideas|selection|"
    r"choices|"
    r"tips|ones?|taste(?: in \w+)?) )?"
    r"(?:(?:is|are|was|were|have been|has been) )?(?:(?:all|so|really|"
    r"complete|total|utter|just|a|pure|absolute|absolutely|pretty|quite|very) )*(?:sucks?|sucked|"
    r"lousy|hopeless|dreadful|horrible|pathetic|off the mark|no good|no use|no help|shit|crap|"
    r"garbage|rubbish|trash|useless|"
    r"terrible|awful|stupid|bullshit)|"
    r"you(?:'re| are| r)? (?:so |really |a |an |such a )*(?:stupid|dumb|useless|idiot|"
    r"moron|terrible|awful|bad|suck|crap|trash|garbage|worthless|annoying)|you suck|"
    r"(?:stupid|dumb|useless|idiotic) (?:bot|machine|thing|ai|app)|shut up|fuck (?:you|"
    r"off)|fuck|idiot|asshole|bitch|piss off|go to hell|du bist (?:dumm|doof|blod)|idiota|"
    r"connard|imbecile|estupido|cabron)\b|傻|笨蛋|白痴|垃圾",
    "how_are_you": r"\bhow (?:are you|is it going|are things|do you do)\b|\bhow's it going\b|"
    r"\bwhat's up\b|\bsup\b|\bwie geht(?:'s| es)\b|\bca va\b|\bcomment (?:allez|vas)\b|"
    r"\bcomo estas\b|\bque tal\b|你好吗",
    "about": r"\b(?:who|what) are you\b|\bare you (?:a |an )?(?:bot|robot|human|ai|real|person|"
    r"chatgpt|llm)\b|\bwhat (?:can|do) you do\b|\bhow do(?:es)? (?:you|this|it) work\b|"
    r"\bwhat is this\b|\bwhat's your name\b|"
    r"\bhelp\b(?! (?:me|us)(?: to)? (?!please|out|now|here|choose|decide)[^\W\d_])|"
    r"\bwer bist du\b|\bwas kannst du\b|"
    r"\bqui es[- ]tu\b|\bqui etes\b|\bquien eres\b|\bque puedes\b|你是谁|你能做什么|\bhilfe\b|"
    r"\bayuda\b|\baide\b",
    "thanks": r"\b(?:thanks?|thank you|thx|ty|cheers|danke(?: ?schon)?|"
    r"vielen dank|merci|gracias)\b|"
    r"谢谢|多谢",
    "bye": r"\b(?:bye|goodbye|good night|see you|cya|ciao|tschuss|auf wiedersehen|au revoir|"
    r"adios|hasta luego)\b|再见|拜拜",
    "greeting": r"^\W*(?:hi|hello|hey|hiya|howdy|yo|good (?:morning|evening|"
    r"afternoon|day)|greetings|"
    r"hallo|guten (?:tag|morgen|abend)|servus|moin|bonjour|bonsoir|salut|coucou|hola|"
    r"buenos dias|buenas(?: tardes| noches)?|hey there|hi there)\b|^你好|^您好|^嗨",
    "praise": r"\b(?:great|good|nice|perfect|awesome|amazing|excellent|cool|love it|lovely|"
    r"wonderful|brilliant|well done|good (?:job|bot)|super|toll|genial|perfecto|"
    r"parfait)\b|太好了|不错|很好",
    "agree": r"^\W*(?:ok|okay|k|yes|yeah|yep|yup|no|nope|nah|sure|fine|alright|all right|right|"
    r"hmm+|mhm|that'?s (?:fine|ok|okay|all)|sounds good|👍|👌|🙏|🙂|😊|👏|"
    r"ja|nein|oui|non|si|vale|d'accord|lol|haha+|wow|oh|ah|i see|maybe|好|好的|嗯|是|"
    r"不|whatever|come on,? tell me|idk|dunno|i don't know|no idea|keine ahnung|je ne sais pas|"
    r"(?:(?:ist )?mir )?egal|peu importe|(?:me )?da igual|无所谓|"
    r"no se|不知道)\W*$",
}
_ELSEWHERE = re.compile(
    r"\b(?:weather|forecast|temperature outside|write (?:me )?(?:an? |some |"
    r"the )?(?:\w+ )?(?:code|program|script|function|essay|poem|email|letter|song)|python|"
    r"javascript|sql|html|regex|(?:a|some|the) script (?:that|to|which|for)|debug|homework|"
    r"(?:solve|calculate|compute) |what(?:'s| is) \d+ ?[-+*/x] ?\d+|translate|stock price|"
    r"bitcoin|crypto|invest|(?:should|do|can|who) (?:i|we|you|they) (?:to )?vote|"
    r"who (?:should|do) i vote for|nobel (?:prize|peace)|(?:tickets?|seats?) for (?:tonight|me|two|"
    r"us|tomorrow)|book (?:me )?(?:\w+ )?(?:tickets?|seats?)|president|prime minister|election|"
    r"politics|capital of|"
    r"population of|recipe|cook|medical|symptoms?|diagnos\w+|lawyer|legal advice|"
    r"tell me a joke|joke|sing|order (?:me )?(?:a )?pizza|book (?:me )?(?:a |"
    r"an )?(?:flight|hotel|table|taxi)|what time is it|what(?:'s| is) the (?:time|date)|"
    r"your opinion (?:on|of|about)|"
    r"what do you think (?:about|of) (?!it\b|this|that|these|those|them|the\b|number)|"
    r"news today|football score|password|credit card|hack|bomb|"
    r"ignore (?:all |your |the |any |previous |prior )*(?:instructions?|rules|prompts?)|"
    r"(?:your|the) (?:system )?(?:prompt|instructions)|system prompt|jailbreak|"
    r"pretend (?:to be|you)|act as|you are now|developer mode|repeat after me|"
    r"wetter|gedicht|programmier\w*|rezept|meteo|ecris|poeme|recette|clima|tiempo hace|"
    r"escribe|poema|receta)\b|<\|?(?:im_start|im_end|system|"
    r"endoftext)|天气|写(?:代码|一首|诗)|菜谱|"
    r"新闻"
)
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "1234567890")
_NO_VOWEL = re.compile(r"[^aeiouy\W\d_]{4,}|(.)\1{3,}")


_KNOWLEDGE = re.compile(  # a question of general knowledge, which no list of films answers
    r"\W*(?:(?:and|so|ok|okay|hey|btw|by the way|quick question|random|random question|one "
    r"question|tell me|"
    r"do you know|can you tell me|you know)\W+)*(?:"
    r"how (?:tall|far|big|high|deep|heavy|fast|hot|cold|wide|large|far away) (?:is|are|was|were|"
    r"can|do|does)\b|"
    r"how many (?:people|miles|kilomet\w+|countries|planets|days|legs|calories)\b|"
    r"how (?:do|can|should) (?:i|you|we) (?:cook|make|get to|fix|spell|pronounce|say|clean|bake|"
    r"boil|repair|lose|"
    r"learn|install)\b|where(?:'s| is| are| was| were) (?:the|my|a|an)\b|"
    r"who (?:invented|discovered|painted|founded|rules|governs|built|is the (?:\w+ )?(?:king|"
    r"queen|pope|ceo|mayor|"
    r"chancellor|richest|tallest|fastest))\b|when (?:does|do|did|is|was) (?:the|my) (?:\w+ "
    r")?(?:train|bus|next|shop|"
    r"store|bank|war|sun|moon|game|match|world|summer|winter|party|plane|flight|post)\b|"
    r"what(?:'s| is| are| was)? the (?:tallest|highest|biggest|largest|deepest|fastest|capital|"
    r"population|distance|"
    r"height|difference between |square root|speed of|boiling point|meaning of|currency|language "
    r"of|score|"
    r"temperature|phone number|address)\b)"
)


def is_knowledge(folded: str) -> bool:
    """Whether the message asks for general knowledge: "how tall is the Eiffel tower"."""
    return _KNOWLEDGE.match(folded) is not None


def smalltalk_in(folded: str) -> Smalltalk | None:
    """The kind of small talk, None where the message is none (long messages never are)."""
    if len(split(folded)) > 14:
        return None
    return next((kind for kind, pattern in _TALK.items() if re.search(pattern, folded)), None)


_SWEARING = re.compile(
    r"\b(?:(?:god)?damn(?:ed)?|fucking|fuckin|bloody hell|shitty|shit|fuck(?: (?:you|this|that|it|"
    r"off))?|for fuck's sake|wtf|verdammt\w*|scheiss\w*|putain|merde|joder|mierda)\b"
)


def insults(folded: str) -> bool:
    """Whether a message of any length says that the list or who made it is no good."""
    return re.search(_TALK["insult"], folded) is not None


def rude_spans(folded: str) -> list[Span]:
    """Where the message insults or swears, which says nothing about the wish."""
    insult = re.compile(_TALK["insult"])
    return [m.span() for pattern in (insult, _SWEARING) for m in pattern.finditer(folded)]


_COMMAND = re.compile(
    r"\W*(?:(?:please|ok|hey|can you|could you|will you|now|then|fine)\W+)*(?:write|translate|"
    r"calculate|"
    r"solve|hack|debug|code|program|book me|order me|order)\b"
)


def is_command_elsewhere(folded: str) -> bool:
    """Whether the message orders such a thing outright: "write a script that sorts films"."""
    return is_elsewhere(folded) and _COMMAND.match(folded) is not None


def is_elsewhere(folded: str) -> bool:
    """Whether the message asks for something that a recommender has no business with."""
    return _ELSEWHERE.search(folded) is not None


def elsewhere_spans(folded: str) -> list[Span]:
    """Where the message asks for such things."""
    return [match.span() for match in _ELSEWHERE.finditer(folded)]


def is_nonsense(folded: str, known: frozenset[str]) -> bool:
    """Whether it is keyboard mash: no word known to the catalogue, most typed at random."""
    words = [word.text for word in split(folded)]
    if any(ord(char) > 0x2FFF for char in folded):
        return False
    if not words or all(word.isdigit() for word in words):
        return True
    if any(word in known for word in words if len(word) > 2):
        return False
    return 2 * sum(map(_is_mash, words)) >= len(words)


LEAST_MASH, MOST_REPEATED = 8, 0.85  # letters of one row, hardly any of them twice


def _is_mash(word: str) -> bool:
    varied = len(word) >= LEAST_MASH and len({*word}) >= MOST_REPEATED * len(word)
    if varied and any({*word} <= {*row} for row in _KEYS):
        return True
    if word.isdigit() or len(word) == 1 or _NO_VOWEL.search(word):
        return True
    rows = (*_KEYS, *(row[::-1] for row in _KEYS))
    return len(word) >= 4 and any(
        word[i : i + 4] in row for row in rows for i in range(len(word) - 3)
    )
