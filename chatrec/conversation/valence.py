"""How good or bad a clause calls the item spoken of, by its words: "kinda dumb", "not funny".

A clause is read from its start over words that say nothing ("yeah i thought it was just so") up to
the first word that judges; a word of another kind before it ends the reading, so "my boss is dumb"
judges no film. Works on one folded clause without titles. Set phrases, and what several clauses
come to, are the business of :mod:`chatrec.conversation.opinions`. English only.
"""

from __future__ import annotations

import re
from typing import Literal

from chatrec.conversation.utterance import Span

Tone = Literal["good", "bad", "mild"]  # "mild": blame of what some like, as "predictable"

_WORD = re.compile(r"[a-z0-9'/-]+")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that stand before a judgement and say nothing themselves.
_FILLER = _listed("""
a about absolutely actually admit admittedly again ah alot already also although always am an and
any as anyway are at basically be been being bit bloody boy bro bruh but came completely damn dang
definitely did do does dude either else especially even ever everything exactly extremely far feel
feels felt film films find flick found fairly frankly freaking frickin fucking game genuinely girl
god goodness gosh got guess had haha hahaha has have having he hell her his hmm hmmm honest
honestly how i i'd i'll i'm i've id im imo in incredibly is it it's its itself ive jeez just kind
kinda lately like literally little load loads lol lot lots man mate maybe me mean more most movie
movies much my myself nearly ngl of oh ok okay omg one ones only opinion or overall part parts
particularly personally plain plus pretty probably quite rather really recently remember
remembered remembering remembers right saw say said see seem seemed sounds sounded sound look
looks looked seemingly seems seen series she show simply since so some somehow somewhat sorry sort
sorta still such super supposed sure tbh terribly than that that's thats the their them then there
these they they're theyre thing think thinking this those tho though thought to totally truly
tried trying turned two u uh uhh um umm unfortunately utterly very was watch watched watching way
we we've well were what which while whole wow yea yeah yep yes yup you
""")
_NEGATORS = _listed("""
not never no isn't isnt wasn't wasnt aren't arent weren't werent don't dont didn't didnt doesn't
doesnt ain't aint hardly barely cannot can't cant couldn't couldnt wouldn't wouldnt nothing none
neither nor without
""")
# Words that call an item bad.
_BAD = _listed("""
abysmal annoying appalling atrocious awful bad blah bland bore bored borefest boring cheesy chore
crap crappy cringe cringey cringeworthy cringy disappointed disappointing disappointment drag
drags dragged dragging dreadful drivel dud dull dumb dumbest dumber eh ehh ew eww ewww exhausting
excruciating flop forgettable frustrating garbage generic horrible horrid idiotic insufferable
irritating joke lacking lackluster lame lamest letdown lifeless lousy mediocre meh mess mid
mindless miserable nonsense nonsensical obnoxious overdone overhyped overlong overrated painful
pathetic pointless pretentious ridiculous rubbish sappy schlock self-indulgent shallow shit shite
shitty skip slog snooze snoozefest snoozer sloppy stank stilted stinker stinks stunk stupid
stupidest sucked sucks suck tacky tame tasteless tedious tepid terrible tiresome torture torturous
train-wreck trainwreck zzz zzzz snore trash trashy trite turd ugh ughh unbearable underwhelmed
underwhelming unfunny unimpressed unimpressive uninspired uninteresting unoriginal unrealistic
unwatchable useless vile waste weak weakest woeful worst wretched yawn yuck yucky yikes
""")
# Words that call it what some like and others don't.
_MILD = _listed("""
bizarre childish cliche cliched confused confusing convoluted corny depressing disgusting
disjointed drawn-out far-fetched flat formulaic girly immature implausible juvenile kiddish loud
messy mushy nasty odd outdated over-the-top predictable preachy repetitive repulsive scattered
silly slow slow-paced sluggish strange unbelievable unnecessary unoriginal unpleasant weird wooden
worse yucky
""")
# Words that blame only after "too".
_STRONG = _listed("""
crude dark disturbing gory graphic gross gruesome intense lewd long raunchy sad scary short spooky
unsettling upsetting violent vulgar
""")
_GOOD = _listed("""
adorable adore amazing appealing awesome beautiful best blast brilliant captivating charming
classic clever compelling cool cute decent enjoy enjoyable engaging entertaining enjoyed
entertained excellent excited exciting fabulous fantastic gem genius gorgeous guilty hoot favorite
favorites favourite favourites fun funny glad good great gripping happy hilarious hooked impressed
impressive incredible interesting joy liked love loved loves lovable lovely magical masterpiece
memorable moving nice outstanding perfect phenomenal pleased spectacular superb terrific thrilled
watchable wild wonderful worth worthwhile
hypnotic mesmerising mesmerizing stunning riveting touching heartwarming delightful breathtaking
unforgettable flawless marvellous marvelous magnificent sublime exquisite glorious splendid smashing
cracking thrilling exhilarating poetic timeless iconic legendary addictive absorbing witty uplifting
gutting heartbreaking spellbinding ingenious refreshing gem fab
""")
# What is not called good by "not" before these: "not interested" is read as "doesn't want it".
_AFTER_BAD = _listed("""
ass at bye choice connection day dream dreams evening fear feeling fun funny good grades great guy
guys guess habit hair headache idea influence job luck me memory month mood mouth name names news
night question reputation reviews rap santa signal sound suggestion suggestions things thing
timing time to today traffic typing typist typo week weather weekend with words year
""")
LOVED = re.compile(
    r"\b(?:i|we) (?:(?!don|did|do not|never)\w+ )?(?:lov|enjoy|lik|ador)(?:e|es|ed)?\b|"
    r"\bit'?s (?:so )?(?:great|good|funny|hilarious|awesome)\b"
)
_I_LIKE = re.compile(r"\b(?:i|we|do|did|really|also|still|don't|dont|didn't|didnt|not)\s*$")
_THINGS = _listed("it that this them those him her")
_ANCHOR = re.compile(  # where a new start is made past words of another kind
    r"\b(?=(?:it|this|they|it's|its|that's|thats|they're|that(?: one| movie| film)? (?:was|"
    r"is))\b)|\b(?:and|thought|think|found|because|"
    r"cause|cuz|though|tho|or|which)\b"
)
_SAID = re.compile(r"\b(?:says?|said|heard|hear|told|knew|believe|remember)\b")
_LONG = re.compile(r"(.)\1{2,}")
_TOO = _listed("""
too dreadfully painfully excruciatingly ridiculously unbearably horribly terribly awfully
annoyingly needlessly overly
""")
_ONLY = _listed("only just merely")
_LESS = _listed("adore love loved loves")  # who does not love it may like it
_TOP = _listed(
    "amazing awesome best brilliant excellent fantastic outstanding perfect spectacular wonderful"
)
_FOR = _listed("in with by about at")
_HAVING = _listed("have had has having")
_AM = _listed("am i'm im we're")
_SO = re.compile(r"\b(?:so|such|more|better)\b")


def tone_of(clause: str) -> tuple[Tone, Span] | None:
    """How a clause calls what it speaks of, and the words that do; None where it calls it nothing.

    >>> tone_of("yeah i thought it was kinda dumb")
    ('bad', (28, 32))
    >>> tone_of("it wasn't that funny")
    ('bad', (3, 20))
    >>> tone_of("my boss is dumb") is None
    True
    """
    starts = [
        0,
        *(m.end() for m in _ANCHOR.finditer(clause) if not _SAID.search(clause, 0, m.start())),
    ]
    return next((tone for at in starts if (tone := _tone_from(clause, at)) is not None), None)


def _tone_from(clause: str, start: int) -> tuple[Tone, Span] | None:
    words = list(_WORD.finditer(clause, start))
    denied: re.Match[str] | None = None
    for place, match in enumerate(words):
        word = _plain(match[0])
        after = words[place + 1][0] if place + 1 < len(words) else ""
        if word in _NEGATORS and (word != "no" or after in _GOOD):
            denied = None if after in _ONLY else denied or match
        elif (
            (word in _TOO or match[0].startswith("tooo"))
            and after != "bad"
            and after in _BAD | _MILD | _STRONG
        ):
            return None if denied else ("bad", (match.start(), words[place + 1].end()))
        elif word in _BAD or word in _MILD:
            before = words[place - 1][0] if place else ""
            one_of_many = before == "the" and not word.endswith(("est", "worst"))
            felt_for = (
                after in _FOR and place + 2 < len(words) and words[place + 2][0] not in _THINGS
            )
            if (
                denied is not None
                or after in _AFTER_BAD
                or before in _AM
                or one_of_many
                or felt_for
            ):
                return None
            if LOVED.search(clause, match.end()):
                return "good", match.span()
            return ("bad" if word in _BAD else "mild"), match.span()
        elif word in _GOOD or (
            word == "like" and after in _THINGS and _I_LIKE.search(clause, 0, match.start())
        ):
            if after in _AFTER_BAD:
                return None
            if denied is None or (
                denied[0] == "never" and _SO.search(clause, denied.end(), match.start())
            ):
                return "good", match.span()
            weak = word in _TOP | _LESS or (place > 0 and words[place - 1][0] in ("as", "so"))
            return ("mild" if weak else "bad"), (denied.start(), match.end())
        elif (word not in _FILLER and word != "no" and after != "and") or (
            denied is not None and word in _HAVING
        ):
            return None
    return None


def _plain(word: str) -> str:
    """A word without drawn-out letters, and "dullest" as "dull" is listed."""
    plain = _LONG.sub(r"\1", word).strip("'-/")
    for end, stem in (("iest", "y"), ("est", ""), ("st", "")):
        if plain.endswith(end) and plain not in _BAD | _GOOD:
            base = plain.removesuffix(end) + stem
            if base in _BAD | _MILD:
                return plain if base in _MILD else base + "est" if base + "est" in _BAD else base
    return plain
