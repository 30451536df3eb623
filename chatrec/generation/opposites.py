"""Words that mean a negation: what is told of an item when it says them, and so may be denied.

Each line is "words told : words that may then be denied". Who is "mute" does not speak; a "lonely"
one has no friends. Written in base forms; compared by stems.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chatrec.generation.words import stem

_LINES = """
alone lonely loneliness loner isolation : people anyone anybody one company
alone lonely loneliness loner isolation : friend companion someone help
isolated solitary solo hermit recluse : people anyone anybody one company
isolated solitary solo hermit recluse : friend companion someone help
empty deserted uninhabited abandoned : people anyone one soul live left
silent silence mute speechless wordless voiceless : speak talk say word voice
silent silence mute speechless wordless voiceless : sound sing tell answer utter
secret secretly hidden hide : know tell suspect notice learn realise
conceal disguise undercover incognito : know tell suspect notice learn realise
secret secretly hidden hide : realize reveal find show everything truth idea
conceal disguise undercover incognito : realize reveal find show everything truth idea
covert lie deceive deceit : know tell suspect notice learn realise
cover-up unaware unsuspecting clandestine : know tell suspect notice learn realise
covert lie deceive deceit : realize reveal find show everything truth idea
cover-up unaware unsuspecting clandestine : realize reveal find show everything truth idea
nonexistent imaginary invented fictional : exist real
suspect suspicion doubt distrust mistrust paranoia : trust believe sure rely certain safe loyal
paranoid wary betray betrayal traitor treacherous : trust believe sure rely certain safe loyal
disbelief disbelieve sceptic skeptic : believe listen trust
ignore disobey defy defiance : listen obey heed follow care mind conform
defiant rebel rebellious flout : listen obey heed follow care mind conform
jobless unemployed fired sacked laid-off layoff unemployment : job work
penniless broke poor poverty bankrupt destitute debt : money afford pay rich cash
homeless evicted vagrant : home house roof
amnesia forget forgetful memory-loss : remember memory know recall recognise recognize
endless forever nonstop eternal immortal immortality ceaseless : end stop finish die age rest
neglect unloved : look care love want mind
disliked unpopular hated loathed : like stand bear love
hate loathe despise resent detest : like stand bear love get
ordinary everyman average : special extraordinary hero chosen
struggle hard difficult gruelling arduous trial : easy simple smooth
obsessed obsession obsessive fixated : let leave stop rest forget drop shake end
insist persist persistent stubborn determined : stop quit give rest back leave surrender budge
relentless tireless dogged demand : stop quit give rest back leave surrender budge
argue argument opposites quarrel bicker : agree like trust along stand peace
clash feud rivalry rival enemy enemies : agree like trust along stand peace
undead zombie skeleton ghost vampire corpse dead : alive living live breathe
dead die death killed late widow widower murdered fatal : alive survive live living return back
survive survivor alive living shirk : die dead perish kill
blind blindness : see look sight
deaf : hear listen
impossible doomed hopeless futile vain : succeed win possible work manage chance hope
inept bumbling incompetent hapless clumsy : good able skill expert know competent very smooth fit
bungling inexperienced amateur useless awkward : good able skill expert
bungling inexperienced amateur useless awkward : know competent very smooth fit
stranger unknown unidentified anonymous mysterious : know who truth tell sure
stranger unknown unidentified anonymous mysterious : hear certain identify explain name
mystery enigma contradictory puzzle puzzling : know who truth tell sure
mystery enigma contradictory puzzle puzzling : hear certain identify explain name
lost missing vanish disappear disappearance gone : find see return trace there
lost missing vanish disappear disappearance gone : come know left home back appear
forbidden banned ban illegal : allow may permit let supposed can
taboo prohibited outlawed censorship : allow may permit let supposed can
orphan orphaned orphanage : parent family mother father
untrue untruth : lie lying lies
ambiguity ambiguous contradictory conflicting : certain certainty answer
nonlinear shuffled non-linear : order straight linear told
framed innocent wrongly wrongful accused falsely miscarriage : commit guilty kill murder steal
impostor fake faking faked pose pretend : real who true genuine actually really claim seem right
masquerade sham forged disguised mistaken mistake : real who true genuine
masquerade sham forged disguised mistaken mistake : actually really claim seem right
insomnia insomniac sleepless awake : sleep rest dream
unrequited unreturned unfulfilled : love return together
trapped stuck stranded captive captivity : leave escape out free go
prisoner prison jail locked imprisoned : leave escape out free go
trapped stuck stranded captive captivity : get move outside walk back home
prisoner prison jail locked imprisoned : get move outside walk back home
imprisonment cell marooned confined cage : leave escape out free go
imprisonment cell marooned confined cage : get move outside walk back home
hostage paralysed paralyzed quadriplegic wheelchair lock-in : leave escape out free go
hostage paralysed paralyzed quadriplegic wheelchair lock-in : get move outside walk back home
single bachelor spinster unmarried divorced celibate : marry married wife husband wed partner
abandon leave left desert : stay return come back
starving hunger famine hungry : food eat
drought : rain water
drift wander roam stumble : settle stay home belong still place fit
rootless nomad restless runaway : settle stay home belong still place fit
misfit outsider outcast fish-out-of-water outcasts : belong fit accept understand like friend
infertility infertile barren childless : born birth baby child have
unwilling reluctant reluctantly force : want wish choose choice willing ask
forced coerced blackmail pressed : want wish choose choice willing ask
cowardice coward cowardly timid shy afraid fear scared : dare brave want face talk fight
lack without minus shortage : have enough own
alter change changing shape-shifting impersonate : same stay trust tell recognise know
refuse insist cling obsessed stalk : end accept let stop leave drop shake away go
quiet austere minimalist sparse : loud music word hurry say talk speak
deserter pacifist pacifism conscientious : fight carry kill shoot
illiterate : read write
sober recovering : drink
reject rejected unwanted spurn : want accept love
separated separation apart exile exiled banished : together return see home meet back
dishonest corrupt corruption crooked : honest law rule clean
cursed curse : free rest die
virgin : sex love sleep
spare exempt : have go suffer
little few scarce rarely seldom : enough often many much
unpaid : pay
emotionless cold numb stoic : feel show emotion smile
refuse decline reluctant : want
last final extinct extinction : left more other
worship adore beloved devoted devotion keepsake mourn grief : forget leave let
simple slow-witted slow dim : clever smart bright understand think
dimwitted stupid stupidity foolish fool : clever smart bright understand think
harmless misunderstood gentle friendly kindly : danger dangerous harm threat evil monster hurt
insult misanthrope sour cranky grumpy rude : like love
sicken disgust sickened allergic : stand bear
other others another several fellow team : only
accuse suspected blame point clue : trust believe innocent
jilted stood jilt dumped : show appear marry come
prank irreverent torment mock satire satirical parody : serious seriously
flee run escape sneak elope leave fled : stay home wait remain
aging ageing elderly old-age retired veteran : young
underdog obscure freak nameless upstart : hear know
balk prejudice racist racism bigot bigotry : accept want like
invisible unseen ghostly : see
mistreated brutality persecuted harassed : wrong deserve
spoiled pampered idle : work want
failing failure flunk flunks fail flop : pass succeed make good
tired weary fed-up sick : want like care
fearsome horrifying vampires monstrous vampire werewolf zombie ghost creature : human
alien robot android cyborg mermaid amphibian machine beast demon angel : human
sulking sulk gloomy unhappy sad : happy enjoy smile laugh
sorrowful melancholy depressed depression bored : happy enjoy smile laugh
counterattack resist resistance fight revolt sabotage rebels : accept surrender quietly give
uncaught unsolved unexplained : arrest catch solve explain answer
cold-case open-ended ambiguity ambiguous : arrest catch solve explain answer
only exclusively merely : teach other else
accident accidental unwittingly unknowingly inadvertently : try mean want plan know intend
debt owe loses losing gamble gambling : pay afford
chased hunted pursued pursuit fugitive manhunt : rest peace stop safe get away
again repeat repeatedly recurring loop : end stop change
trainee apprentice novice : finish master qualified yet know ready learned
student beginner rookie learner : finish master qualified yet know ready learned
jealousy jealous envy envious : trust happy stand
cynical cynic bitter : believe
deny denial : admit accept
guilt guilty haunted regret remorse traumatized trauma : forget rest forgive peace
quarrelling quarrel estranged rift broken : speak talk agree get along
unfaithful adultery affair infidelity cheat cheating cheater : faithful loyal trust
mistrustful secretive : trust tell talk
sulky sullen : talk speak
stalled broken-down wrecked crash wreck shipwrecked shipwreck : work fly sail move go
corrupt bribed : trust honest
foreign foreigner alien uprooted exile : home belong
wonder question doubt unsure uncertain : sure certain know
drop ditch : want need
misspelled misspell illegible : read spell
ruin ruined wreck destroy : good
walk crawl slow-moving : run hurry
sell mercenary turncoat : loyal
insist demand question protest petition : stop ask quit accept
vow swear promise resolve pledge : let give stop rest
besiege siege surround surrounded cornered blockade : escape leave get out
pester nag harass stalk stalker : leave stop rest peace go
haunt bully bullied torment follow pursue : leave stop rest peace go
sneak smuggle stealth creep slip : see notice caught hear know
disappoint frustrated dissatisfied discontent bored : satisfy enough content happy
boredom longing yearn long unhappy : satisfy enough content happy
lifeless barren wasteland desert arid : grow water live
overwork exhausted fatigue weary : rest sleep
gridlock standstill frozen freeze halted : move go
tiny small miniature shrunken little : big tall large
huge giant gigantic enormous colossal towering : small tiny fit
peaceful peace truce pacifist : fight war violence
war battle feud fight conflict clash : peace peaceful agree
surrealism surreal plotless dream-logic : plot story sense
dark night darkness blackout sunless gloomy : sun light day see
winter ice snow snowy arctic freezing : warm summer hot
short-sighted nearsighted : see far
crippled paralyzed paralysed lame disabled : walk run stand move go fight
legless wheelchair-bound injured injury broken-legged : walk run stand move go fight
sick ill illness disease cancer dying tuberculosis stroke : well healthy live long
dying terminal doomed : live long survive time
divorce divorced split breakup broken : together love agree stay
exiled banned barred expelled blacklisted disbarred suspended : work return practise practice
exiled banned barred expelled blacklisted disbarred suspended : go allow welcome play
minor teenager child underage boy girl : adult grown old
underprepared unprepared surprise ambush sudden abruptly : expect ready warn see come
naive innocent innocence sheltered gullible : know understand see suspect
arrogant proud vain stubborn headstrong : listen bend yield admit ask
greedy greed avarice : enough share
chaos chaotic disaster mess botched botch mishap wrong : plan smooth well go work right
secretly double-life undercover : know tell
amateur untrained : train know
debtor bankrupt insolvent : pay
anonymous nameless : name
monochrome black-and-white : colour color
wordless pantomime : dialogue speak word
divide divided torn : agree choose decide
indecisive hesitate hesitant waver : decide choose sure
suicide suicidal despair : live hope care
greed corrupt lawless anarchy outlaw crime-ridden : law police order
captured kidnapped abducted abduction held : free escape leave go
defeat beaten loser lose losing : win
underestimate mocked ridiculed : listen believe serious seriously take notice heed
laughed dismissed ignored overlooked : listen believe serious seriously take notice heed
warn warning prophecy omen : listen believe heed
loud noisy fast-talking talkative chatter : quiet silent shut stop
frantic frenetic relentless nonstop breakneck pursuit : stop rest slow pause
contemplative slow meditative slow-burn leisurely : hurry rush fast
lie liar fabricate invent false falsehood fraud con : true truth honest trust real tell
unreliable : trust believe
stowaway trespass intruder squat : invite belong allow
uninvited : invite welcome
separated estrangement : speak see together
rivals rivalry compete competition : friend agree rest leave
immature childish manchild overgrown : grow adult
workaholic : rest stop home time
refugee refugees displaced stateless : home return
reincarnated revived resurrected resurrection : dead die stay
vengeance revenge avenge vengeful : forgive forget rest let
smother overprotective strict tyrannical controlling control : let allow free leave
lawsuit sued sue : agree friend
understaffed outnumbered outgunned alone : help chance enough
location : leave
hide hidden : go out
infected plague contagious : safe healthy go
self-destructive addict addiction : stop quit escape
silent silence mute speechless wordless voiceless : noise dialogue sound whisper talkie audible
silent silence quiet hush : loud shout cry scream
ronin masterless lordless : master lord serve employer
orphan orphaned waif foundling : family relative home
unreliable lie liar deceit narrator : rely relied true truth fact word gospel honest
illegal unlawful trespass outlaw smuggle : permission permit licence license
illegal unlawful trespass outlaw smuggle : authority lawful legal allow
rebel rebellion defiance runaway : permission permit obey
unexplained inexplicable puzzling enigma mystery : explain explanation reason cause why answer
sung sung-through musical : speak spoken say said talk
invisible invisibility unseen vanish erased : see seen visible show sight
infertility infertile childless barren : one baby child have conceive
hostile hostility unfriendly : pleased welcome friendly glad happy
ignore ignores flout : attention notice
jet-lagged jet lag : sleep rest
stray street homeless : belong owner one
simulation simulated virtual illusion dream hallucination imaginary : real
adopt adopted adoption adoptive swap swapped foundling changeling orphan : own
settle settles plea : fight court trial
pine pining yearn yearning longing unrequited : have get win
false fake assumed alias : real own true genuine
bad unlucky misfortune ill-fated : good luck fortune
calm unruffled composed unflappable : upset worry worried disturb bother shock alarm
learn taught teach lesson train apprentice : play played master
lone alone solitary loner : partner company friend master lord side ally
broke penniless poor poverty unemployed : money penny job work
forgotten amnesia blackout memory-loss hangover : remember recall memory recollect know
contradictory conflicting rashomon : agree same match
deaf deafness : hear listen heard
locked trapped captive captivity prisoner confined : come free
wordless silent pantomime : word speak spoken speech
blind blindness : watch read
fear afraid scared phobia dread terror : love like fond
alone behind abandoned : parent family mother father adult
unsolved open-ended ambiguity : solve know learn find answer
stranger nameless anonymous : name known
undocumented illegal refugee : paper papers passport visa
unpaid broke : pay
unarmed pacifist : weapon gun arm
rootless homeless vagrant nomad drifter tramp : home house roof address
godless atheist faithless : god faith believe
motherless : mother
fatherless : father
widow widowed widower : husband wife
divorced divorce separated : husband wife marriage
sleepless insomnia insomniac : sleep slept
loveless : love
childless : child children
jobless unemployment fired laid-off : job work wage
uninvited gatecrash intruder : invitation invite
unaware oblivious unsuspecting : know idea notice
untrained amateur novice : training experience
unplanned accidental : plan mean
deny denial disbelieve gaslight : remember see confirm
unrelated strangers : know meet met
"""


# Forms of words that no ending makes: what may be denied in one of them may be in all.
_FORMS = (
    "see saw seen", "speak spoke spoken", "hear heard", "say said", "tell told", "know knew known",
    "find found", "sleep slept", "eat ate eaten", "give gave given", "keep kept", "feel felt",
    "meet met", "understand understood", "choose chose chosen", "forgive forgave forgiven",
    "forget forgot forgotten", "rely relied relies", "sing sang sung", "write wrote written",
    "fly flew flown", "swim swam", "drink drank drunk", "win won", "leave left", "pay paid",
)  # fmt: skip
_SAME_FORMS = {form: group.split() for group in _FORMS for form in group.split()}


def _read(lines: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in filter(None, lines.splitlines()):
        told, denied = (part.split() for part in line.split(":"))
        stems = frozenset(stem(f) for word in denied for f in _SAME_FORMS.get(word, (word,)))
        for word in told:
            found[stem(word)] = found.get(stem(word), frozenset()) | stems
    return MappingProxyType(found)


OPPOSITES = _read(_LINES)
