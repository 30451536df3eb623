"""The word lists of the grounding check: genres, nations, roles, numbers, connecting words.

Data only. Words are folded (lower case, no accents); sets of stems are made with words.stem.
"""

from __future__ import annotations

from chatrec.generation.words import STOP_WORDS, stem, word_set

# Canonical genre -> words that claim it. Longer phrases are found before shorter ones.
GENRE_WORDS: dict[str, tuple[str, ...]] = {
    "action": ("action", "action-packed", "actioner"),
    "adventure": (
        "adventure", "adventures", "adventurous", "swashbuckler", "swashbucklers", "romp",
        "rollicking",
    ),
    "animation": ("animation", "animated", "cartoon", "anime", "stop-motion"),
    "biography": ("biography", "biographical", "biopic", "biopics"),
    "comedy": (
        "comedy", "comedies", "comedic", "comic", "funny", "hilarious", "humor", "humour",
        "humorous", "laughs", "laugh-out-loud", "jokes", "rom-com", "romcom", "comical",
        "dramedy", "tragicomedy", "farce", "slapstick", "spoof", "parody", "funniest", "satire",
        "side-splitting", "uproarious", "laugh-fest", "gag-filled", "belly laughs", "rollicking",
        "sitcom", "knockabout", "romp",
    ),
    "crime": ("crime", "crimes", "gangster", "mob", "mafia", "heist", "caper"),
    "documentary": ("documentary", "documentaries", "doc", "docudrama", "mockumentary"),
    "drama": (
        "drama", "dramas", "dramatic", "dramedy", "melodrama", "tragicomedy", "tragedy",
        "soap opera", "tear-jerker", "tearjerker", "weepie", "weeper",
    ),
    "family": ("family", "family-friendly", "kid-friendly", "children's", "kids'"),
    "fantasy": ("fantasy", "fantasies", "fantastical", "fairy-tale", "fairytale"),
    "film-noir": ("noir", "film-noir", "film noir"),
    "history": ("history", "historical", "period piece", "costume drama", "historic"),
    "horror": (
        "horror", "scary", "terrifying", "frightening", "scares", "frights", "spooky",
        "scariest", "horrors", "slasher", "horrifying", "chiller", "creature feature",
        "bloodcurdling", "blood-curdling", "spine-chiller", "spine-chilling", "spine-tingling",
        "hair-raising", "gorefest", "splatter", "fright-fest", "shocker", "ghoulish",
    ),
    "music": ("music",),
    "musical": (
        "musical", "musicals", "song-and-dance", "operetta", "operettas", "sing-along",
        "singalong",
    ),
    "mystery": ("mystery", "mysteries", "whodunit", "detective story"),
    "romance": (
        "romance", "romances", "romantic", "love story", "rom-com", "romcom", "love stories",
        "bodice-ripper", "tear-jerker", "tearjerker", "weepie", "weeper",
    ),
    "sci-fi": ("sci-fi", "science fiction", "science-fiction", "scifi", "sf", "space opera"),
    "sport": ("sport", "sports", "sporting"),
    "thriller": (
        "thriller", "thrillers", "suspenser", "chiller", "nail-biter", "nail-biting",
        "hair-raising", "spine-tingling", "potboiler",
    ),
    "war": ("war", "wartime", "wars", "combat"),
    "western": (
        "western", "westerns", "cowboy", "spaghetti western", "oater", "horse opera",
    ),
}  # fmt: skip
# Other names that catalogues give the genres above.
GENRE_ALIASES = {
    "science fiction": "sci-fi", "science-fiction": "sci-fi", "scifi": "sci-fi",
    "biopic": "biography", "children": "family", "children's": "family", "kids": "family",
    "noir": "film-noir", "film noir": "film-noir", "historical": "history", "sports": "sport",
    "animated": "animation", "romantic": "romance", "comedies": "comedy", "anime": "animation",
    "suspense": "thriller", "humor": "comedy", "detective": "mystery", "cartoon": "animation",
}  # fmt: skip
# Genres that also stand for a subject: words in the item's text that license them as such.
GENRE_SUPPORT: dict[str, str] = {
    "family": """father mother son daughter brother sister parent wife husband sibling uncle aunt
        cousin twin grandmother grandfather orphan marriage family nephew niece heir household""",
    "war": "soldier army battle troops military nazi trench sniper invasion occupation war",
    "crime": """gangster mob mafia heist thief thieves robbery murder killer bank drug cop police
        detective outlaw hitman smuggler con criminal prison steals robs yakuza cartel""",
    "comedy": "witty satire slapstick silly zany raunchy humor spoof parody comedy deadpan quirky",
    "romance": "love lover romance falls wedding affair courtship sweetheart couple",
    "music": "band singer song music musician concert pianist composer opera dance jazz rock",
    "musical": "songs dance numbers singer tap",
    "history": "history century king queen war empire revolution president medieval ancient",
    "mystery": "mystery detective disappearance murder secret investigator clue whodunit missing",
    "action": "action",
    "adventure": "quest treasure journey expedition voyage adventure rescue explorer island",
    "sport": "boxing football baseball team race golf hockey basketball wrestling soccer coach",
    "drama": "drama",
    "horror": "slasher ghost haunted demon vampire zombie terror nightmarish monster",
    "fantasy": "magic wizard dragon fairy witch enchanted mythical sorcerer",
    "thriller": "suspenseful tense conspiracy",
    "western": "cowboy gunfighter frontier sheriff outlaw",
    "sci-fi": "space alien robot future android spaceship time",
    "film-noir": "noir femme fatale",
}
GENRE_NOUNS = (
    "film|films|movie|movies|picture|story|tale|feature|flick|piece|drama|comedy|thriller|"
    "adventure|romance|mystery|epic|genre|game|book|novel|fare|classic|entry|one|western"
)

NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "hundred": 100, "thousand": 1000, "million": 1_000_000,
}  # fmt: skip
GROUP_WORDS = {
    "duo": 2, "pair": 2, "trio": 3, "threesome": 3, "quartet": 4, "quintet": 5, "quintuplets": 5,
    "triplets": 3, "quadruplets": 4, "sextuplets": 6, "septuplets": 7,
    "dozen": 12, "twice": 2, "double": 2, "triple": 3, "trilogy": 3, "second": 2, "third": 3,
    "fourth": 4,
    "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11,
    "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20,
}  # fmt: skip
DECADE_WORDS = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80, "nineties": 90, "noughties": 0, "aughts": 0, "two-thousands": 0,
    "twenty-tens": 10,
}  # fmt: skip


# Verbs that say nothing by themselves about what was done.
NEUTRAL_VERBS = word_set(
    """be been being able even ever quite really any anything anyone anybody at all more longer
    always so much very too long again yet still both either than as well own his her hers him he
    she its it their them they himself herself themselves who whom whose"""
)
TELLING_VERBS = word_set(
    """do want wants wanted like likes liked love loves loved need needs play plays read reads look
    looks find finds found feel feels show shows watch watches"""
)
# Verbs that say the same of a story: who chats to somebody does talk.
VERB_TWINS = (
    "talk chat speak converse", "tell say", "love like adore", "see glimpse notice spot",
    "kill murder slay shoot", "steal rob theft shoplift", "begin start",
    "buy purchase", "marry wed", "flee escape out", "hide conceal", "hunt chase pursue pursuit",
    "fight battle",
    "help aid assist", "teach train educate instruct", "win triumph", "meet encounter",
    "search seek", "travel journey", "die dead death", "know aware", "accept believe",
    "angry anger rage furious", "cop police policeman policewoman", "reason explanation explain",
    "child kid baby", "father dad daddy", "mother mom mum", "fear afraid fearful dread",
)  # fmt: skip
STORY_NOUNS = (
    "films?|movies?|pictures?|story|tale|dramas?|comedy|comedies|thrillers?|adventure|romance|"
    "musical|western|mystery|feature|games?|books?|novels?|series|fantasy|documentary|epic|fare|"
    "farce|satire|noir|animation|piece|one|caper|classic"
)

CREATOR_WORDS = "director|directors|filmmaker|filmmakers|film-maker|film-makers|helmer"
DOMAIN_CREATOR_WORDS = {
    "book": "author|authors|writer|writers|novelist",
    "game": "developer|developers|studio|designer|creator",
    "music": "artist|artists|composer|songwriter|band",
}
ACTOR_WORDS = "actor|actors|actress|actresses|star|stars|lead|leads|performer|performers|co-star"

# Words that recommending sentences are made of; they claim nothing about the plot.
_CONNECTING = """
    decide same agree manage attempt nothing nobody nowhere none science fiction
    able about above accept account across act acting actor actress actually add addition adore
    afternoon again ago ahead all alike along alongside already alternative although always
    amount another answer anyone anyway apart apparent appeal appear appetite appreciate
    approach around arrive art artist ask aspect atmosphere attention attract audience author
    away back background balance base because become before begin behind believe belong bet
    better between beyond bit blend book both box brief bring broad build bunch call came camera
    card care carry case cast catch category centre center century certain chance change chapter
    character check choice choose cinema cinematic circle city clear close collection colour
    color combination combine come comfort common companion company compare complete concern
    connect connection consider contain contemporary content continue cool core could count
    country couple cousin cover craft create creator credit crew cue curious dark date day deal
    decade deep deliver delve depict deserve designed developer different direct direction
    director discover domain door draw dose dream drive driven due during duration each early
    earlier easy edge effect either element else embrace emotion emotional end engage english enjoy
    enough ensemble enter entertain entire entry era especially etc even evening event ever every
    exact examine example exist expect experience explore express eye fact fall familiar fan far
    fare fashion fast favour feature few fiction figure filmmaker fill find fine finish firm
    first fit flair flavour flavor focus folk follow footage form former forward found frame
    framed fresh friend full fun further future gem general generous genre gentle give glad glance
    go good grab great ground group guide half hand handful handle happen happy hard have head
    hear heart heavy heavily help helm helmed hence here high highlight hint hit hold honest hope
    hour house however idea ideal imagine immediate include indeed ingredient inside inspire instead
    intend interest intrigue introduce involve item journey join just keen keep key kick kind know
    label land language large last late later latter launch lay lead lean leave left leading
    length less let level light like likely line lineup link list listed little live lock log
    long longer look lot lover low lush main major make maker making many mark marry mate material
    matter maybe mean meet member mention mere mind minute mix mixture modest moment mood month
    more mostly movie much name narrative natural near nearly neat need new next nice night nod
    note noted notice novel now number obvious occasion offer often old once one open opt order
    original other otherwise outing outside over overlap own pace paced pack pair palette part
    particular pass past people perfect perform performance performer perhaps period person
    personal pick picture piece place plain play player please pleasure plenty plot plus point
    portray portrait position possible pour power prefer premise present pretty previous principal
    probably produce production project promise proper prove provide pull purpose pursue push put
    quality quick quiet quite raise range rank rate rated rating rather reach read real really
    reason recall recent recently recommend record refer reference regard register relate
    relation release relevant remain remember remind request resemble reserve rest result return
    reunite revolve rich right role roll room root round run running sample satisfy say scene
    school score screen script season seat second section see seek seem select selection
    sense sensibility separate serve session set setting settle several shade shape share sharp
    shine shoot short should show side sight similar simple single sit size slice slide slight
    slot small solid someone sort sound source span speak special spin spirit spot spotlight
    stage stamp stand standard star start stay step stick story straight strand strike string
    strong strongly studio stuff style subject suggest suit suitable sum sure surface surprise
    surround sweet switch tag tale talent talk take tap taste team tell tend term territory thank
    theme thing think thought thread throughout tick tie tight time title tone tonight topic
    touch toward track trait treat tribute true try turn twin type under understand unfold unite
    unlike until upon use useful usual variety various vein version view viewer viewing visit
    visual voice wait walk want warm watch watching way weave week weekend weight welcome well
    whatever whenever whether while whole wide wish within wonder word work world worth worthwhile
    would write writer writing year yes yet young
    also among as at besides despite either ever except hence however if including indeed
    instead meanwhile moreover nevertheless nonetheless otherwise plus since so still such than
    therefore though thus together too unless whereas within yourself it's that's there's you'll
    you're you've i'd i'll i'm let's here's what's who's they're we're
    film movie game book series show song album article place product course app anime feature
    flick viewing watch watchlist queue library shelf catalogue catalog cast billing billed
    top-billed headline headliner co-star costar starring protagonist hero heroine lead antagonist
    co-direct codirect co-directed feature-length runtime minutes decade decade's vintage
    silver-screen screen onscreen on-screen big-screen storyline storytelling setup set-up
    backdrop blend mash-up crossover hybrid staple trademark signature hallmark territory
    playful stirring engaging entertaining gripping compelling thoughtful lively crisp brisk tidy
    leisurely compact lengthy sprawling breezy satisfying rewarding fitting apt tailor-made
    right up alley wheelhouse sweet spot go-to bill ticket cup tea hook hooked drawn draw
    craving crave itch scratch hankering fancy fond partial soft keen enthusiast devotee lover
    suggestion recommendation pick option contender candidate match pairing double bill
    follow-up followup neighbour neighbor kin kindred relative sibling overlap parallel echo
    echoes chime resonate resonance counterpart spiritual successor kinship common ground
    shared sharing likeness similarity similarly comparable equally likewise

    genuine favourite charge charming evoke evocative thrill thrilling excite exciting exactly
    tackle treatment trade trip turn twist tread tinge steeped soaked laced infused packed
    brimming filled loaded rooted grounded anchored centred centered revolving circling built
    drenched leans nudge wrapped bundle serving helping slice dash touch hint pinch dollop
    appearing featuring alongside opposite joined accompanied backed supported surrounded
    rounded rounding completing sharing billing trio duo pairing roster line-up lineup names
    originally produced production producing made shot filmed hails hailing origin spoken
    dialogue subtitles subtitled speaking audio tongue told certificate certified classified
    carries unrated suitable clock clocks clocking tops topping total totals screen-time sits
    sitting back evening dated dates premiered premiere released releases releasing theaters
    theatres cinemas arriving arrived opened debut debuted come comes came out year's
"""
CONNECTING = frozenset(stem(word) for word in (*_CONNECTING.split(), *STOP_WORDS))
SYNONYM_GROUPS = tuple(
    frozenset(stem(word) for word in group.split())
    for group in (
        "kid child boy girl teen teenager youngster youth son daughter young adolescent schoolboy",
        "dad father mother mom mum parent son daughter family sibling brother sister twin",
        "wife husband spouse marriage married wedding bride groom couple wed newlywed",
        "cop police policeman detective officer sheriff investigator lawman sleuth agent marshal",
        "killer murderer murder kill assassin hitman slayer slay death dead die deadly fatal",
        "thief robber burglar crook steal theft rob heist robbery criminal bandit outlaw con",
        "soldier army war battle military troop combat wartime fight warrior veteran battlefield",
        "spaceship space ship spacecraft astronaut planet cosmos galaxy star moon",
        "alien extraterrestrial creature monster beast being",
        "ghost haunt spirit supernatural phantom haunting spectre paranormal",
        "love romance lover affair romantic passion sweetheart fall courtship",
        "journalist reporter newspaper press news newsman",
        "doctor physician surgeon hospital medical nurse",
        "lawyer attorney court trial courtroom jury judge legal",
        "money cash fortune rich wealthy wealth millionaire tycoon poor poverty",
        "hunt chase pursue pursuit track stalk search quest seek flee run escape fugitive getaway",
        "rescue save free protect defend bodyguard",
        "revenge vengeance avenge retribution payback",
        "friend friendship buddy pal companion bond ally",
        "teach teacher school student pupil professor college university class mentor",
        "sea ocean ship boat sailor voyage naval captain submarine island sail",
        "king queen royal prince princess throne crown monarch kingdom",
        "robot android machine cyborg artificial computer",
        "magic wizard witch sorcerer spell enchanted magical",
        "sad sorrow grief mourn tragic melancholy melancholic bittersweet loss",
        "funny humor comic witty wit comedy laugh silly zany goofy",
        "dark grim bleak gritty harsh brutal violent violence",
        "tense suspense suspenseful tension nail-biting edge",
        "heartwarming warm feel-good uplifting cheerful sweet tender gentle",
        "town village city suburb rural countryside farm small urban street",
        "singer musician band music song concert sing musical pianist composer",
        "travel trip journey road voyage trek expedition adventure ride",
        "job work worker employee boss office business company career",
        "prison jail inmate convict prisoner imprisoned captive cell",
        "fight fighter boxer boxing martial duel battle clash struggle",
        "strange weird odd surreal bizarre dreamlike eccentric quirky",
        "lonely loneliness alone isolated isolation solitary loner",
        "dystopia dystopian apocalyptic post-apocalyptic apocalypse wasteland",
        "secret hidden mystery mysterious conspiracy cover-up",
        "spy espionage agent secret undercover",
        "gangster mob mafia mobster crime underworld boss",
        "crook con swindle scam hustle trick fraud",
        "grow growing age coming youth childhood adolescence",
        "dance dancer dancing ballet choreography tap",
        "president politics political politician senator government election",
        "drug addict addiction dealer narcotics heroin cocaine",
        "vampire undead blood zombie",
        "based true real events fact story life",
    )
)
