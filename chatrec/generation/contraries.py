"""Words that say the contrary of what is told: who quarrels does not agree, the dead don't live.

Each line is "words told : words that say the contrary", all written as they stand in a sentence, a
phrase with "_" between its words. (opposites.py has what may be denied.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_LINES = """
quarrel quarrelling quarrelsome squabble bicker : agree agrees agreed friends friendly united
argue argument feud estranged rift clash : agree agrees agreed friends friendly united
rival rivals rivalry enemy enemies hostile hatred : agree agrees agreed united
hate feud fight opposites contradictory conflict conflicting split : agree agrees agreed united
dead death die dies died : alive survives survive survived healthy spared
dying killed kills murder murdered : alive survives survive survived healthy spared
murders slain corpse grave suicide : alive survives survive survived healthy spared
assassinated funeral grief mourning late : alive survives survive survived healthy spared
widow widowed widower widowhood : alive
missing lost vanish vanished vanishes disappear : safe present undisturbed
disappearance disappears kidnapped abducted stolen theft steals : safe present undisturbed
ill illness sick disease dying cancer stroke : healthy unhurt
strokes ailing fails addict disfigured wounded crippled : healthy unhurt
blind blindness sightless : sees sighted eyesight eyes_are
deaf deafness : hears
mute silent silence speechless wordless : talkative chatty noisy chatters
amnesia memory-loss forgotten forgets : remembers remember recalls recall
blackout erased erasure wiped : remembers remember recalls recall
refuse refuses refused decline reject rejects : agrees agree accepts accept gladly willing
forced forces force forcing coerced blackmail : gladly willing willingly eager
forced forces force forcing coerced blackmail : eagerly chooses volunteers voluntary
blackmailed unwilling unwillingly : gladly willing willingly eager
reluctant reluctantly against pressed : gladly willing willingly eager
blackmailed unwilling unwillingly : eagerly chooses volunteers voluntary
reluctant reluctantly against pressed : eagerly chooses volunteers voluntary
volunteer volunteers : drafted conscripted forced unwilling unwillingly reluctantly
ban bans banned forbid forbids : allowed allows allow permitted permits
ban bans banned forbid forbids : legal legally encouraged encourages teaches
forbidden outlawed prohibited illegal taboo : allowed allows allow permitted permits
forbidden outlawed prohibited illegal taboo : legal legally encouraged encourages teaches
bully bullied bullies : welcomed welcomes popular befriended respected admired
bullying beaten mocked mocks : welcomed welcomes popular befriended respected admired
tormented harassed outcast : welcomed welcomes popular befriended respected admired
outcasts shunned ridiculed rejected : welcomed welcomes popular befriended respected admired
racist racism prejudice bigotry snobbish hostile : welcoming welcomes welcomed tolerant friendly
brutal brutish cruel cruelty tyrannical : kind gentle kindly mild merciful tender
tyrant ruthless harsh abusive vicious merciless : kind gentle kindly mild merciful tender
betray betrays betrayal traitor treacherous : loyal faithful
affair infidelity adultery cheating cheats unfaithful mistress : faithful loyal
married marriage wife husband adultery : unmarried
bachelor unmarried spinster : married
poor poverty penniless broke jobless : well-off prosperous employed
unemployed bankrupt debt homeless evicted foreclosure : well-off prosperous employed
rich wealthy millionaire billionaire heiress tycoon : penniless
crooked corrupt corruption dishonest thief thieves con-man : honest upright law-abiding truthful
swindler fraud liar lying crook crooks con : honest upright law-abiding truthful
lie lies lying liar untrue deceive deceit pretend pretends impostor : truthful honest truth
secret secretly hide hides hiding hidden : openly public publicly
conceal conceals undercover disguise disguised covert : openly public publicly
insult insults insulting rude misanthrope grumpy sour : polite kind courteous
tired fed-up bored weary boredom : happy content contented delighted pleased
unhappy despair despairing depressed lonely loneliness : happy content contented delighted pleased
separate different apart : the_same_school the_same_college the_same_class the_same_house
rich wealthy millionaire : poor_man poor_woman
widow widowed widowhood : husband_is husband_comes husband_lives husband_travels husband_waits
widower widowed : wife_is wife_comes wife_lives wife_waits
flush loaded : broke penniless
gloomy sunless darkness barren ruined : crowded lush
ashamed shame embarrassed disgrace : proud
coward cowardly fear fears afraid scared frightened terrified phobia : fearless unafraid brave bold
brave bravery courage courageous : cowardly coward
innocent wrongly falsely framed blamed : guilty
guilty guilt : innocent guiltless
orphan orphaned orphans orphanage motherless fatherless : parents_are parents_live
infertility infertile childless barren : born babies
revenge vengeance avenge vengeful : forgives forgive forgiving forgiven
doubt doubts distrust mistrust : trusts believes_him believes_her
doubt doubts distrust mistrust : believes_them believes_his believes_every certain
suspicion suspects paranoia paranoid : trusts believes_him believes_her
suspicion suspects paranoia paranoid : believes_them believes_his believes_every certain
trust trusts : distrusts mistrusts doubts
collapse collapsing crumbling ruined : stable thriving prosperous intact
ruin wrecked destroyed dying : stable thriving prosperous intact
inept bumbling hapless clumsy awkward incompetent bungling : skilful expert graceful competent
war battle combat invasion : peaceful peacetime
defeat loses losing loser failure fail fails failing failed : succeeds triumphs wins
separated parted : inseparable
inseparable : separated strangers
reverse backwards nonlinear shuffled : chronological straightforward
ordinary everyman : superhuman
sober strict stern : lax easygoing
heartless cold icy selfish greedy greed miser : generous warm-hearted unselfish
arrogant vain proud conceited spoiled : modest humble
chaos chaotic disaster botched botch goes-wrong mishap mishaps : orderly smooth
restless nomad drifter homeless wandering wanders : settled
deserted uninhabited : crowded bustling inhabited
crowded overcrowded : empty deserted
barren desert drought arid : lush fertile
unrequited unloved : requited loved
immortal immortality ageless : mortal ages
clash conflict split rift divided divides opposing quarrel : the_same_side
lie false falsely accusation fabricated untrue : perfectly_true quite_true
deny denies denied denying : confirm confirms confirmed admits admit
ban bans banned : adores adore loves_music
artificial ai robot android operating-system system : flesh-and-blood
framed wrongly falsely innocent : really_did did_steal did_kill did_murder
anger angry hot-tempered temper rage furious : gentlest calmest mildest
monochrome : colour color colourful colorful
accident accidental accidentally mistake mistakenly unwittingly : deliberately intentionally
accident accidental accidentally mistake mistakenly unwittingly : on_purpose deliberate
fear fears fearing afraid scared phobia dread hates hate : adores adore relishes enjoys
wrong mistaken mistake mistakes mistaken_for : the_right the_correct
wordless silent no-dialogue no-narration : narration voice-over voiceover narrator
lie lies lying : perfectly_true
forbidden forbids forbid banned : encouraged encourages
undercover : an_ordinary
"""


def _read(lines: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in filter(None, lines.splitlines()):
        told, said = (part.split() for part in line.split(":"))
        for word in told:
            phrases = frozenset(phrase.replace("_", " ") for phrase in said)
            found[word] = found.get(word, frozenset()) | phrases
    return MappingProxyType(found)


CONTRARIES = _read(_LINES)
WORDS = re.compile(
    r"(?<![\w'-])(?:"
    + "|".join(sorted(frozenset().union(*CONTRARIES.values()), key=len, reverse=True))
    + r")(?![\w-])"
)
