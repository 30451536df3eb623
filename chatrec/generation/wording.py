"""How evidence is worded besides the leading plans: prompt lines, tails, and special words.

Wording only; the forms are those of plans.py.
"""

from __future__ import annotations

from chatrec.generation.words import word_set

# What a title in a link is to the user, by the source of the link: in prompts and in sentences.
TIES = {
    "liked": ("which you liked", ("liked", "enjoyed")),
    "named": ("which you named", ("named", "mentioned")),
    "history": ("which you know", ("know",)),
}
PLAIN_TIE = ("which you mentioned", ("mentioned",))

FACT_LINES = {
    "genre": "genre: {name}",
    "kind": "it is a {kind}",
    "creator": "{made_by} {name}",
    "cast": "with {name}",
    "year": "year: {name}",
    "country": "made in {country}",
    "language": "language: {name}",
    "silent": "a silent {plain}",
    "runtime": "length: {name}",
    "age_rating": "rated {name}",
    "keyword": "theme: {theme}",
    "keyword_mood": "mood: {name}",
    "keyword_statement": "it is {name}",
    "keyword_place": "place or time: {theme}",
    "description": "{blurb}: {story}",
    "price": "price: {name}",
    "price_free": "it is free",
    "title": "its title has “{name}”",
    "similar": "close to {title}, {tie}",
    "match": "your words: “{text}”",
}  # "_asked" adds ASKED_LINE, a link adds LINK_LINE
ASKED_LINE = ", as you asked"
LINK_LINE = ", as {title}, {tie}"

TAILS: dict[str, tuple[str, ...]] = {
    "shared_creator": ("{name} {made} {title} too", "with {name}, {role} of {title}, behind it"),
    "shared_cast": ("with {name} of {title} in the cast", "{name} is in it, as in {title}"),
    "shared_keyword": (
        "it shares {theme} with {title}",
        "with {theme}, as in {title}",
        "like {title} it takes in {theme}",
    ),
    "shared_keyword_mood": ("it is {name}, like {title}", "with the {name} mood of {title}"),
    "shared_keyword_statement": ("it is {name}, like {title}",),
    "similar": ("it is close to {title}", "it sits near {title}"),
    "match": ("it fits your words “{text}”",),
    "creator_asked": (
        "it was {made_by} {name}, as you asked",
        "with {name} as {role}, as you asked",
    ),
    "cast_asked": ("{name} is in it, as you asked", "with {name} in the cast, as you asked"),
    "keyword_asked": ("it takes in {theme}, as you asked", "with {theme}, as you asked"),
    "keyword_mood_asked": ("it is {name}, as you asked",),
    "keyword_statement_asked": ("it is {name}, as you asked",),
    "genre_asked": ("it is a {kind}, as you asked",),
    "country_asked": ("it comes from {country}, as you asked",),
    "language_asked": ("it is in {name}, as you asked",),
    "year_asked": ("it is from {name}, within your years",),
    "runtime_asked": ("it runs {name}, within your time",),
    "creator": (
        "{name} {made} it",
        "with {name} as {role}",
        "its {role} is {name}",
        "it was {made_by} {name}",
    ),
    "cast": ("with {name} in the cast", "{name} is in it", "the cast includes {name}"),
    "keyword": (
        "with {theme} {inside}",
        "it takes in {theme}",
        "you also get {theme}",
        "it brings in {theme}",
    ),
    "keyword_mood": (
        "the [tone|mood] is {name}",
        "with a {name} [tone|mood]",
        "you can expect a {name} mood",
        "in a {name} [tone|mood]",
    ),
    "keyword_statement": ("it is {name}",),
    "keyword_place": ("it takes you to {theme}", "you also go to {theme}"),
    "shared_keyword_place": ("it goes to {theme}, as {title} does",),
    "keyword_place_asked": ("it takes you to {theme}, as you asked",),
    "genre": ("it is a {kind}",),
    "year": ("it came out in {name}", "it is from {name}"),
    "country": ("it was made in {country}", "it comes from {country}"),
    "language": ("it is in {name}", "with {name} as its language"),
    "silent": ("it is a silent {plain}", "it is silent"),
    "runtime": ("it runs {name}", "with a running time of {name}"),
    "age_rating": ("it is rated {name}", "with the rating {name}"),
    "price": ("it costs {name}", "with a price of {name}"),
    "price_free": ("it is free",),
}
# What code alone says, each a sentence of its own: facts of columns without a field, and quotes.
STATEMENTS_OF_FACT: dict[str, tuple[str, ...]] = {
    "quote": (
        "Its description says {quote}",
        "In its own words: {quote}",
        "It is described like this: {quote}",
        "As its description has it: {quote}",
    ),
    "match_title": ("Its title has “{text}” in it",),
    "fact_rating": ("It is rated {value}", "Its {column} is {value}"),
    "fact_count": ("It has {value}", "In all it has {value}"),
    "fact_event": ("It was {column} in {value}",),
    "fact_label": ("Its {column} is {value}", "The {column} is {value}"),
}

MOODS = word_set(
    """tense witty epic feel-good feelgood heartwarming bittersweet gritty suspenseful whimsical
    stylish charming tragic disturbing bleak lighthearted fast-paced raunchy gentle gothic
    quirky moving swashbuckling intense surreal silly irreverent playful zany warm campy fun
    deadpan harrowing dark funny sad scary eerie grim lush romantic violent brutal cozy cosy
    dreamlike offbeat slow lyrical poetic chilling haunting uplifting inspiring thoughtful
    thought-provoking energetic enchanting sweeping ominous absurd satirical atmospheric creepy
    melancholic melancholy nostalgic ultraviolent sweltering chic fast-talking nightmarish
    anarchic glamorous dreamy tender wistful cheerful claustrophobic cerebral hilarious goofy
    cute relaxing stirring sentimental bold raw stark wry sly macabre kinetic hypnotic
    restrained intimate operatic epic-scale unsettling shocking moody somber relentless brooding
    fatalistic explosive provocative twisty heated sexy slick quotable exciting exhilarating
    gripping grueling menacing touching thrilling terrifying nerve-racking soaring smoldering
    spirited sophisticated sincere sinister sensual spectacular shape-shifting carefree clever
    contemplative crowd-pleasing cruel dialogue-driven eccentric emotional erotic exotic
    experimental flashy glossy gory hallucinatory hard-boiled immersive inspirational improvised
    life-affirming majestic meditative melodramatic neurotic optimistic paranoid passionate
    patriotic philosophical psychedelic psychological realistic reflective retro-futuristic
    rugged self-aware self-reflexive sleazy steamy stylized talky toy-based tropical vibrant
    tribal wisecracking joyful wondrous compassionate quiet retro primal southern visually-
    stunning episodic existential existentialist decadent devastating austere autobiographical
    avant-garde awe-inspiring baroque bloody bohemian bombastic fun-loving globe-trotting
    globetrotting heartbreaking misunderstood nonlinear medieval prehistoric post-apocalyptic
    apocalyptic tragicomic trapped unexplained wordless supernatural military political
    dystopian futuristic sexual spiritual mythical minimalist minimal sardonic sunny chilly cold
    crude dazzling delirious detailed dry easygoing familiar festive foreboding fresh gloomy
    graphic grisly happy hopeful humane humanist icy innocent ironic jolly kind leisurely light
    loud mature melodic messy naive nasty naturalistic noirish observational pensive perverse
    pessimistic picturesque plain pulpy puzzling rebellious regal rude rustic scathing seductive
    serene sharp slapdash solemn speculative spooky static steely sultry surprising tough trippy
    twisted urgent vivid wholesome wicked wild wise youthful ambiguous mind-bending frantic
    feverish angry cynical earnest ethereal euphoric exuberant elegant rowdy rousing taut breezy
    mysterious magical visceral"""
)

_PROPER = """London Paris Tokyo Chicago Boston Berlin Vienna Rome Venice Vegas Angeles Francisco San
    Miami Texas California Florida Hollywood Brooklyn Manhattan Harlem Broadway America
    American Africa African Europe European Asia Asian England English Britain British Ireland
    Irish Scotland Scottish France French Germany German Italy Italian Spain Spanish Russia
    Russian Soviet China Chinese Japan Japanese India Indian Mexico Mexican Brazil Cuba Cuban
    Vietnam Korea Korean Iraq Iran Israel Egypt Egyptian Greek Greece Roman Viking Victorian
    Christmas Halloween Thanksgiving Shakespeare Nazi Nazis Jewish Catholic Christian Muslim
    Hitler Arctic Antarctica Australia Australian Canada Denmark Danish Sweden Swedish Norway
    Oslo Hong Kong Mars Martian Martians Texas Washington Philadelphia Detroit Orleans
    Louisiana Alaska Hawaii Vermont Mississippi Broadway Dakar Afghanistan Yosemite Monaco Rio
    Janeiro Kipling II I TV DJ CIA FBI NASA IRA KGB Alamo Trojan Olympics Amish Mafia Dickens
    Western Persian
    Ottoman Aztec Inca Mayan Cherokee Comanche Apache Sioux Navajo Maori Inuit Bollywood Disney
    Pixar Beatles Freud Einstein Mozart Beethoven Dracula Frankenstein Sherlock Holmes Batman
    Superman Godzilla Elvis Gandhi Lincoln Kennedy Nixon Stalin Lenin Napoleon Cleopatra Caesar
    Jesus Buddha Buddhist Hindu Islam Islamic Bible Torah Quran Ramadan Hanukkah Easter Iranian
    Iraqi Israeli Palestinian Turkish Arab Arabic Latin Latino Hispanic Asian-American Haryana
    Senegalese Nigerian Kenyan Thai Vietnamese Korean Taiwanese Indonesian Filipino Brazilian
    Argentine Australian Canadian Norwegian Icelandic Romanian Czech Serbian Bosnian Croatian
    Diego Mississippian Stasi Lear Macbeth Hamlet Othello Homer Odyssey Merlin Camelot Arthurian
    Renaissance Baroque Edwardian Elizabethan Napoleonic Georgian-era"""
_PLACES = """London Paris Tokyo Chicago Boston Berlin Vienna Rome Venice Miami Texas California
    Florida Hollywood Brooklyn Manhattan Harlem Broadway America Africa Europe Asia
    England Britain Ireland Scotland France Germany Italy Spain Russia China Japan India
    Mexico Brazil Cuba Vietnam Korea Iraq Iran Israel Egypt Greece Australia Canada
    Denmark Sweden Norway Oslo Hong Kong Mars Washington Philadelphia Detroit Louisiana
    Alaska Hawaii Vermont Mississippi Dakar Afghanistan Yosemite Monaco Kenya Belarus
    Saigon Kansas Lahore Budapest Sydney Melbourne Madrid Barcelona Lisbon Moscow
    Leningrad Petersburg Kyoto Osaka Seoul Beijing Shanghai Mumbai Delhi Bombay Calcutta
    Kolkata Istanbul Cairo Athens Jerusalem Baghdad Tehran Kabul Amsterdam Rotterdam
    Brussels Copenhagen Stockholm Helsinki Dublin Belfast Edinburgh Glasgow Manchester
    Liverpool Oxford Cambridge Cornwall Yorkshire Warsaw Krakow Prague Bucharest Sofia
    Belgrade Sarajevo Kiev Odessa Naples Milan Florence Sicily Tuscany Marseille Lyon
    Normandy Provence Montmartre Geneva Zurich Salzburg Hamburg Munich Dresden Havana
    Bogota Lima Santiago Buenos Aires Caracas Nairobi Johannesburg Lagos Casablanca
    Tangier Marrakesh Algiers Morocco Algeria Tunisia Libya Ethiopia Rwanda Uganda
    Nigeria Senegal Ghana Congo Zimbabwe Malawi Tanzania Namibia Sudan Somalia Turkey
    Syria Lebanon Jordan Palestine Pakistan Bangladesh Nepal Tibet Bhutan Burma Thailand
    Bangkok Cambodia Laos Malaysia Singapore Indonesia Jakarta Bali Philippines Manila
    Taiwan Taipei Mongolia Kazakhstan Georgia Georgian Armenia Ukraine Poland Polish
    Hungary Hungarian Austria Austrian Switzerland Swiss Belgium Netherlands Dutch
    Finland Finnish Iceland Portugal Portuguese Argentina Chile Chilean Peru Bolivia
    Ecuador Colombia Colombian Venezuela Panama Nicaragua Guatemala Haiti Jamaica
    Jamaican Wales Welsh Queensland Houston Dallas Austin Atlanta Nashville Memphis
    Cleveland Cincinnati Milwaukee Minnesota Wisconsin Nebraska Iowa Ohio Indiana
    Illinois Kentucky Tennessee Alabama Arkansas Oklahoma Arizona Nevada Utah Colorado
    Montana Wyoming Idaho Oregon Seattle Portland Maine Massachusetts Connecticut Jersey
    Pennsylvania Pittsburgh Baltimore Maryland Virginia Carolina Savannah Greenwich
    Yukon Klondike Siberia Siberian Himalayas Sahara Alps Andes Amazon Sparta Trojan"""
PROPER_WORDS = {
    word.casefold(): word
    for word in (*_PROPER.split(), *_PLACES.split())
} | {"mafia": "mafia"}  # fmt: skip
PROPER_WORDS.pop("western")
_NATIONALITIES = word_set(
    """georgian polish hungarian austrian swiss dutch finnish portuguese chilean colombian jamaican
    welsh siberian"""
)
PLACES = frozenset(word.casefold() for word in _PLACES.split()) - _NATIONALITIES | {
    "new york city", "new york", "new orleans", "new zealand", "las vegas", "los angeles",
    "san francisco", "south korea", "north korea", "south africa", "buenos aires", "san diego",
    "rio de janeiro", "new england", "new jersey", "new mexico", "sierra leone", "ancient rome",
    "ancient greece", "ancient egypt", "outer space", "east berlin", "west berlin", "wonderland",
    "middle-earth", "washington dc", "hong kong", "monte carlo", "beverly hills", "south pacific",
}  # fmt: skip

PROPER_PHRASES = {
    "world war": "World War",
    "cold war": "Cold War",
    "new york city": "New York City",
    "new york": "New York",
    "new orleans": "New Orleans",
    "new zealand": "New Zealand",
    "las vegas": "Las Vegas",
    "star wars": "Star Wars",
    "civil war": "Civil War",
    "los angeles": "Los Angeles",
    "great depression": "Great Depression",
    "james bond": "James Bond",
    "monty python": "Monty Python",
    "joan of arc": "Joan of Arc",
    "king arthur": "King Arthur",
    "robin hood": "Robin Hood",
    "jules verne": "Jules Verne",
    "stephen king": "Stephen King",
    "jane austen": "Jane Austen",
    "agatha christie": "Agatha Christie",
    "beverly hills": "Beverly Hills",
    "monte carlo": "Monte Carlo",
    "south pacific": "South Pacific",
    "south korea": "South Korea",
    "south africa": "South Africa",
    "rodgers and hammerstein": "Rodgers and Hammerstein",
}

GENRE_ADJECTIVES = {
    "animation": "animated",
    "biography": "biographical",
    "history": "historical",
    "film-noir": "noir",
    "romance": "romantic",
    "sport": "sports",
    "children": "children's",
    "kids": "kids'",
}
# Genres that are nouns for a work of their own, and how several of them are called.
GENRE_NOUNS = {
    "comedy": "comedies",
    "drama": "dramas",
    "thriller": "thrillers",
    "western": "westerns",
    "musical": "musicals",
    "documentary": "documentaries",
    "mystery": "mysteries",
    "romance": "romances",
    "film-noir": "films noirs",
}
# Which of two such nouns stands last: "mystery thriller", "comedy drama".
LAST_NOUNS = (
    "mystery", "romance", "musical", "film-noir", "documentary", "western", "comedy", "drama",
    "thriller",
)  # fmt: skip
GENRES_ALONE = frozenset({"other", "general", "misc", "unknown"})
GENRE_DOMAINS = frozenset({"film", "book", "game", "anime", "music"})
# Where descriptions tell a story; elsewhere they describe, and are quoted.
STORY_DOMAINS = frozenset({"film", "book", "anime"})

KIND_NOUNS = word_set(
    """comedy satire parody spoof thriller western mockumentary musical farce allegory
    biopic slasher whodunit swashbuckler melodrama tragicomedy anthology documentary fable drama
    romance procedural caper"""
)

STATEMENTS = frozenset(
    {
        "black and white", "over the top", "larger than life", "made for television",
        "for children",
        "told in flashback", "told backwards", "shot in one take", "visually stunning",
        "beautifully shot", "dialogue driven", "action packed", "thought provoking",
        "post-civil war", "not for children",
    }
)  # fmt: skip
# What stands with "the" though nothing in its form says so.
THE_NOUNS = frozenset(
    {
        "cold war", "civil war", "great depression", "wild west", "old west", "deep south",
        "american dream", "american civil war", "american south", "vietnam war", "korean war",
        "spanish civil war", "algerian war", "french revolution", "russian revolution",
        "holocaust", "middle ages", "mafia", "mob", "cia", "fbi", "army", "navy", "sea", "ocean",
        "moon", "future", "near future", "distant future", "past", "afterlife", "underworld",
        "american west", "british raj", "iraq war", "outback", "wilderness", "countryside",
        "french resistance", "royal family", "civil rights movement", "london blitz", "blitz",
        "space race", "roaring twenties", "supernatural", "occult", "antichrist", "apocalypse",
        "arctic", "alps", "jazz age", "press", "media", "stage", "yakuza", "american frontier",
        "frontier", "mediterranean", "dust bowl", "gold rush", "prohibition era", "silent film era",
    }
)  # fmt: skip
# Words for what cannot be counted, names and other words that take no article.
MASS_NOUNS = word_set(
    """revenge grief love magic music guilt war survival betrayal travel justice faith fate greed
    fear fame hope exile suicide murder espionage dance politics nature technology time age arts
    television poetry boxing wrestling science fiction space poker chess golf tennis football
    baseball basketball hockey rugby surfing racing school prison work home life death youth
    childhood adolescence fatherhood motherhood parenthood brotherhood art literature theatre
    theater opera ballet cinema film filmmaking money gold wealth poverty desire lust beauty
    truth honor honour loyalty trust doubt despair sorrow loss pain anger rage hate hatred
    jealousy envy pride shame regret denial escape rebellion resistance revolt law crime evil
    violence abuse torture slavery racism sexism class gender sex religion god christmas
    halloween thanksgiving summer winter spring autumn weather snow rain food wine coffee
    alcohol alcoholism heroin cocaine addiction cancer illness disease mental health medicine
    philosophy psychology history mythology folklore fantasy reality memory memories amnesia
    insomnia sleep silence noise slapstick wordplay dialogue satire gore blood jazz rock pop rap
    soul folk punk blues comedy humor romance suspense tension horror drama atmosphere nostalgia
    melancholy irony paranoia madness insanity obsession ambition success failure fatalism trial
    luck chance destiny gossip scandal fashion advertising journalism business finance
    capitalism communism socialism fascism democracy bureaucracy corruption blackmail extortion
    fraud smuggling piracy gambling prostitution homosexuality bisexuality marriage divorce
    adultery infidelity friendship teamwork courage cowardice heroism sacrifice redemption
    forgiveness reconciliation salvation prejudice discrimination immigration emigration
    homelessness unemployment retirement tourism transport archaeology astronomy biology
    chemistry physics mathematics engineering robotics genetics cloning surveillance hacking
    virtual-reality martial karate kung fu judo samurai footage angst warfare combat coming-of-
    age wildlife adrenaline anarchy counterculture royalty aristocracy nobility nightlife
    suburbia dystopia utopia camaraderie heartbreak homesickness wanderlust storytelling
    mischief nonsense blaxploitation steampunk cyberpunk anime manga claymation stop-motion
    rotoscoping animation choreography photography pottery cooking baking gardening fishing
    hunting camping cycling bullying parenting dating ageing aging eternity immortality middle-
    earth disney pixar facebook wonderland hell heaven purgatory paradise earth mars venus
    jupiter camelot oz neverland misogyny masculinity femininity sexuality virginity puberty
    pregnancy infertility autism dementia schizophrenia aids leprosy cannibalism vampirism
    witchcraft voodoo hypnosis telepathy telekinesis teleportation reincarnation resurrection
    nuclear radiation pollution starvation hunger thirst famine drought disaster chaos
    destruction devastation wreckage retribution vengeance treachery deceit deception trickery
    mayhem havoc bloodshed genocide apartheid colonialism imperialism nationalism patriotism
    propaganda censorship diplomacy dissent unrest protest strike overreach hubris vanity
    arrogance ego humility dignity grace kindness generosity gratitude compassion empathy mercy
    pity innocence naivety wonder awe joy happiness bliss pleasure fun adventure danger
    excitement boredom routine solitude isolation alienation loneliness companionship intimacy
    affection tenderness devotion passion longing yearning mourning bereavement trauma ptsd
    therapy healing recovery rehabilitation peace"""
)
