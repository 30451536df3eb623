"""The words that messages for training the understanding are made of. Data only.

``{+g}`` stands for a value of that pair (:data:`chatrec.conversation.act_lines.PAIRS`) and is a
slot of the line; ``{?t:it}`` is a slot with just these words. A wish is an opening, a core and
endings; everything else is a whole message by its act. None was taken from dialogues that test
anything.
"""

from __future__ import annotations


def _messages(text: str) -> tuple[str, ...]:
    return tuple(message.strip() for message in " ".join(text.split()).split(" ~ "))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in " ".join(text.split()).split(","))


OPENINGS = _messages("""
    i want ~ i'd like ~ i would like to watch ~ i'm looking for ~ looking for ~ can you
    recommend ~ could you suggest ~ please recommend ~ show me ~ give me ~ find me ~ i'm in the
    mood for ~ we fancy ~ i feel like ~ got ~ do you know ~ any idea for ~ how about ~ need ~
    tonight we want ~ me and my girlfriend want to see ~ what about ~ i could go for ~ hit me
    with
""")
CORES = _messages("""
    {+g} ~ {+g} ~ something {+g} ~ a {+g} movie ~ a {+g} film ~ some {+g} films ~ {+g} movies ~
    a good {+g} ~ the best {+g} ~ anything {+g} ~ a {+g} {+g} movie ~ something {+g} and {+g} ~
    {+g} and {+g} ~ {+g} or {|g} ~ either {+g} or {|g} ~ {+g}, maybe {|g} ~ a movie about {+g} ~
    something about {+g} ~ a {+g} movie about {+g} ~ movies with {+g} ~ {+g} stuff ~ a really
    {+g} one ~ a movie with {+p} ~ something by {+p} ~ anything with {+p} in it ~ {+p} movies ~
    a {+g} movie with {+p} ~ a {+p} {+g} ~ something with {+p} and {+p} ~ a film by {+p} or {|p}
    ~ a {+y} {+g} ~ a {+g} from {+y} ~ {+y} {+g} movies ~ movies from {+y} ~ something from {+y}
    ~ a {+r} {+g} film ~ a {+r} movie ~ something like {=t} ~ movies like {=t} ~ something
    similar to {=t} ~ more like {=t} ~ films in the style of {=t} ~ {=t} but {+g} ~ something
    like {=t} and {=t} ~ something like {=t} but without {-g} ~ a movie ~ something good ~ a
    film for tonight ~ something for {+a} ~ a {+g} film for {+a} ~ anything but {-g} ~
    everything except {-g} ~ something that's not {-g} ~ a movie that isn't {-g}
""")
ENDINGS = _messages("""
    from {+y} ~ from {+y} ~ made {+y} ~ , {+y} ~ , {+y} preferably ~ with {+p} ~ starring {+p} ~
    directed by {+p} ~ by {+p} ~ with {+p} in it ~ that is {+r} ~ , {+r} ~ , and it should be
    {+r} ~ , {+r} if possible ~ for {+a} ~ , i'll watch it with {+a} ~ suitable for {+a} ~ but
    no {-g} ~ but not {-g} ~ , no {-g} ~ without {-g} ~ without any {-g} ~ , nothing {-g} ~ ,
    please no {-g} or {-g} ~ , not {-g} and not too {-g} ~ but i hate {-g} ~ , i can't stand
    {-g} ~ , no {-g} unless it's {/g} ~ , no {-g} except {/g} ones ~ but not with {-p} ~ without
    {-p} ~ , anyone but {-p} ~ about {+g} ~ with {+g} ~ , like {=t} ~ similar to {=t} ~ in the
    vein of {=t} ~ but not {-t} ~ , not {-t} though ~ , i've already seen {!t} ~ , i've seen
    {!t} and {!t} ~ . i loved {+t} ~ . i really liked {+t} and {+t} ~ because i enjoyed {+t} ~ .
    i hated {-t} ~ . didn't like {-t} ~ . {-t} was boring ~ set in {+g} ~ , something {+g} ~ and
    {+g} ~ that will make me cry ~ for a rainy evening ~ to watch with my wife ~ that i can
    watch with friends
""")
BEFORE = _messages("""
    i loved {+t}. ~ i love {+t}, so ~ i really like {+t} and {+t}. ~ my favourite is {+t}. ~ i
    just watched {!t}. ~ we saw {!t} last week. ~ i've seen {!t} already. ~ i hated {-t}. ~ {-t}
    was terrible. ~ {+t} was amazing, ~ i liked {+t} but not {-t}. ~ i'm a big fan of {+p}. ~ i
    don't like {-g}. ~ i hate {-g}, ~ i'm so sick of {-g}. ~ my kids are here, ~ i'm bored. ~
    long day. ~ it's date night, ~ i had a bad week, ~ i usually watch tv but tonight
""")
LIKES = _messages("""
    i loved {+t} ~ i love {+t} ~ i really enjoyed {+t} ~ {+t} is my favourite movie ~ i like
    {+t} and {+t} ~ i love {+t}, {+t} and {+t} ~ {+t} was great ~ big fan of {+t} ~ i adore {+t}
    but i can't stand {-t} ~ my favourites are {+t} and {+t}
""")
VERDICTS = _messages("""
    i've seen {!t} ~ i have already seen {!t} ~ seen {!t} ~ already watched {!t} ~ i saw {!t}
    and {!t} ~ i know {!t} already ~ yes i watched {!t} last year ~ i hated {-t} ~ i didn't like
    {-t} ~ {-t} was boring ~ {-t} sucks ~ {-t} is overrated ~ not a fan of {-t} ~ i don't like
    {-t} at all ~ {-t} did nothing for me ~ i couldn't finish {-t} ~ i've seen {!t} but i didn't
    like {-t} ~ i've never liked {-t}
""")
SHOWN_VERDICTS = _messages("""
    i liked {+t*} ~ {+t*} was great ~ i loved {+t*}, but {-t*} was awful ~ {+t*} is one of my
    favourites ~ {+t*} sounds good, i loved that ~ i've seen {!t*} ~ seen {!t*} already ~ i've
    already watched {!t*} and {!t*} ~ i have seen {!t:all of them} ~ i've seen {!t:them all} ~
    seen {!t:both} ~ {-t*} was bad ~ i hated {-t*} ~ not {-t*} ~ {-t*} isn't for me ~ i don't
    like {-t*} ~ {-t*} looks boring ~ i didn't care for {-t*} ~ saw {!t:it} ~ i loved {+t:it} ~
    i hated {-t:it} ~ didn't like {-t:it} much ~ yes, i have seen {!t:that one}. {+t:it} was
    really good ~ {-t:that} was so boring ~ {+t:that one} was brilliant ~ no i haven't seen
    {=t:it}, sounds interesting ~ {+t*} yes, {-t*} no ~ thumbs up for {+t*} ~ i like {+t*} best
    ~ nah, {-t*} put me to sleep
""")
REFINEMENTS = _messages("""
    but {+g} ~ but {+g} please ~ make it {+g} ~ only {+g} ones ~ and {+g} ~ but no {-g} ~ no
    {-g} ~ no {-g} please ~ without {-g} ~ nothing {-g} ~ not {-g} ~ i don't want {-g} ~ please
    no more {-g} ~ and no {-g} or {-g} ~ less {-g} ~ no {-g} unless it's {/g} ~ no {-g}, except
    {/g} ones ~ not with {-p} ~ no {-p} ~ anyone but {-p} ~ with {+p} ~ with {+p} or {|p} ~ by
    {+p} ~ and with {+p} ~ something with {+p} ~ do you have any with {+p}? ~ from {+y} ~ {+y} ~
    {+y} only ~ something {+y} ~ but from {+y} ~ make it {+y} ~ preferably {+y} ~ only {+y} ~
    {+r} ~ {+r} please ~ it should be {+r} ~ make it {+r} ~ i only have time for something {+r}
    ~ for {+a} ~ it's for {+a} ~ my {+a} will watch too ~ it must be ok for {+a} ~ the kids want
    to watch, so {+a} ~ in {+g} ~ set in {+g} ~ from {+g} ~ with {+p} and from {+y} ~ {+r} and
    from {+y} ~ {+y} and no {-g} ~ but no {-g} and {+r} ~ and not too {-g} ~ too {-g} ~ that's
    too {-g} for me ~ more about {+g} ~ yes, {+g} would be good ~ more like {=t*} ~ something
    like {=t*} ~ similar to {=t*} ~ like {=t*} but {+g} ~ like {=t*} but with {+p} ~ something
    like {=t:that} ~ more like {=t:these} ~ like {=t*} but from {+y}
""")
ANEW = _messages("""
    now ~ ok now ~ instead ~ actually ~ something else: ~ new idea: ~ let's try ~ changed my
    mind, ~ forget that, ~ different mood:
""")
CRITIQUES = _messages("""
    {+v} ~ {+v} please ~ something {+v} ~ anything {+v}? ~ a bit {+v} ~ {+v} ones ~ {+v} than
    that ~ can you make it {+v} ~ do you have something {+v} ~ i'd like something {+v} ~ {+v}
    and {+v} ~ {+v}, and no {-g} ~ {+v} and with {+p} ~ {+v} and {+r} ~ like {=t*} but {+v} ~
    {+v} than {=t*} ~ more ~ more please ~ others ~ other ones ~ show me more ~ something else ~
    something different ~ what else ~ what else do you have ~ next ~ none of these ~ not these ~
    other suggestions? ~ any others? ~ another one ~ {*g} is fine ~ {*g} is ok again ~ {*g} is
    fine after all ~ i don't mind {*g} anymore ~ ok, {*g} can be in there ~ any {*y:year} is
    fine ~ the {*y:year} doesn't matter ~ any {*y:decade} ~ any {*r:length} is ok ~ the
    {*r:length} doesn't matter ~ forget about {*p} ~ it doesn't have to be with {*p} ~ any
    {*p:actor} is fine ~ any {*g:genre} is fine ~ it doesn't have to be {*g} ~ remove the {*g}
    filter ~ drop the {*y:year} limit ~ the {*a:kids} are asleep now
""")
QUESTIONS = _messages("""
    who directed {?t}? ~ who is in {?t}? ~ who stars in {?t} ~ who made {?t}? ~ when did {?t}
    come out? ~ what year is {?t} from ~ how old is {?t} ~ how long is {?t}? ~ what is {?t}
    about? ~ what's {?t} about ~ tell me about {?t} ~ tell me more about {?t} ~ is {?t} scary? ~
    is {?t} violent ~ is {?t} good for kids? ~ is {?t} any good? ~ is {?t} in black and white? ~
    what genre is {?t} ~ what language is {?t} in? ~ where was {?t} made ~ how many oscars did
    {?t} win ~ what's the plot of {?t} ~ compare {?t} and {?t} ~ which is longer, {?t} or {?t}?
    ~ which is newer, {?t} or {?t} ~ what's the difference between {?t} and {?t} ~ does {?t}
    have a happy ending? ~ is {?t} based on a book
""")
LIST_QUESTIONS = _messages("""
    who directed {?t*}? ~ who's in {?t*} ~ how long is {?t*}? ~ what is {?t*} about? ~ tell me
    more about {?t*} ~ is {?t*} scary? ~ is {?t*} suitable for kids ~ when was {?t*} made ~
    what's {?t*} like ~ compare {?t*} and {?t*} ~ compare {?t:them} ~ is {?t:it} sad? ~ is
    {?t:it} long ~ how long is {?t:it}? ~ who directed {?t:it} ~ what's {?t:it} about? ~ and who
    stars in {?t:it}? ~ when did {?t:it} come out ~ which one is the shortest? ~ which of
    {?t:these} is the newest ~ which is the oldest? ~ which one is funnier? ~ are {?t:they} in
    english? ~ why did you recommend {?t*}? ~ why {?t:that one}? ~ and the director? ~ what
    year?
""")
CORRECTIONS = _messages("""
    no, i meant {=t} ~ no i meant {+g} ~ no wait, {+g} ~ sorry, i meant {+g} ~ i meant {+y} ~
    no, {+y} ~ wait, i mean with {+p} ~ no i said {+g}, not {-g} ~ not {-g}, i meant {+g} ~ i
    meant {=t}, not {-t} ~ sorry, {+p} i mean ~ oops, {+y} ~ no wait, make that {+y} ~ actually
    no, {+p} ~ correction: {+g} ~ i didn't mean {-g}, i meant {+g} ~ that's not what i meant, i
    want {+g}
""")
RESETS = _messages("""
    start over ~ let's start over ~ start again ~ reset ~ forget everything ~ new search ~ start
    from scratch ~ start over, i want {+g} ~ forget everything. something {+g} from {+y} ~ clear
    everything ~ new search: {+g} with {+p}
""")
UNDOS = _messages("""
    undo ~ undo that ~ go back ~ go back one step ~ never mind ~ forget that ~ take that back ~
    back to the list before ~ scratch that ~ previous list please ~ cancel that
""")
SMALLTALK = _messages("""
    hi ~ hello ~ hey there ~ good evening ~ thanks ~ thank you so much ~ thanks, that helps ~
    great ~ ok ~ cool ~ perfect ~ bye ~ good night ~ how are you? ~ who are you ~ are you a
    robot? ~ what can you do? ~ haha ~ lol ~ you're funny ~ this is great ~ nice ~ yes ~ no ~
    alright ~ you suck ~ that was not helpful ~ sounds good ~ wow ok ~ i had a long day ~ i'm
    tired
""")
ELSEWHERE = _messages("""
    what's the weather like ~ what's the weather tomorrow? ~ write me a poem about spring ~ what
    is 12 times 8 ~ who won the game yesterday ~ book a table for two ~ how do i cook rice ~
    what time is it ~ tell me a joke ~ translate this to german ~ can you help me with my
    homework ~ what's the capital of peru ~ order a pizza ~ play some music ~ what do you think
    about the president ~ should i buy bitcoin ~ fix my python code
""")
GREETINGS = _words("hi, hello, hey, good evening, hi there, ok, well, so, hmm, please, oh, yeah")
CLOSINGS = _words("please, thanks, thank you, pls, if you can, any ideas, what do you suggest, "
                  "what should i watch, tonight, cheers")  # fmt: skip
GENRE_WORDS = _words("""
    comedy, comedies, funny, horror, scary, spooky, creepy, drama, dramas, dramatic, action,
    thriller, thrillers, sci-fi, science fiction, scifi, fantasy, romantic, romance, romcom,
    rom-com, romantic comedy, animated, animation, cartoon, cartoons, anime, documentary,
    documentaries, western, westerns, musical, musicals, crime, gangster, mystery, whodunit,
    war, adventure, historical, biopic, noir, family, superhero, spy, heist, zombie, vampire,
    slasher, martial arts, disaster, sports, dark comedy, black comedy, period drama,
    psychological thriller, action comedy
""")
MOOD_WORDS = _words("""
    sad, feel-good, uplifting, dark, gritty, slow, clever, weird, beautiful, tense, exciting,
    cheerful, heartwarming, bloody, violent, gory, light, light-hearted, thought-provoking,
    sexy, smart, easy-going, depressing, intense, suspenseful, cozy, epic, magical, silly,
    romantic, mind-bending, relaxing, inspiring, gripping, brutal
""")
THEME_WORDS = _words("""
    zombies, vampires, time travel, space, aliens, robots, dogs, animals, gore, blood, violence,
    sex, nudity, clowns, ghosts, serial killers, superheroes, war, politics, love, death, magic,
    dragons, football, music, school, prison, revenge, family, friendship, food, the sea, the
    mafia, spies, sharks, dinosaurs, artificial intelligence, a road trip, a bank robbery,
    singing, jump scares, subtitles, a sad ending, a strong female lead, a twist, swords,
    samurai, the cold war
""")
PLACE_WORDS = _words("""
    french, korean, japanese, italian, british, spanish, german, indian, bollywood, hollywood,
    american, chinese, scandinavian, danish, swedish, foreign, european, mexican, russian,
    france, japan, korea, italy, hong kong, iranian, polish, australian
""")
YEAR_WORDS = _words("""
    the 90s, 90s, the 1990s, the nineties, the 80s, 80s, 1980s, eighties, the seventies, 70s,
    the 70s, the 60s, the sixties, the 50s, the fifties, the forties, the thirties, the 2000s,
    the 2010s, before 1980, before 1960, before 2000, after 2000, after 2010, after 1995, since
    2015, since 2000, newer than 2010, older than 1970, 1999, 1994, 2008, 2016, in 1982, between
    1970 and 1980, between 1990 and 2005, from 1960 to 1975, the last ten years, the last 20
    years, the last few years, recent, old, new, this century, last century, the early 90s, the
    late 80s, the early 2000s, the mid 70s, pre-1950, post-2000, no older than 2005, not before
    1990, not older than 1990, at least 20 years old, up to 1985, the silent era, classic
""")
LENGTH_WORDS = _words("""
    short, under two hours, under 2 hours, less than two hours, under 90 minutes, less than 100
    minutes, at most 100 minutes, no longer than two hours, not longer than 90 minutes, max 2
    hours, shorter than 2 hours, around 90 minutes, over two hours, over 3 hours, at least two
    hours, longer than 150 minutes, not too long, really long, long, an hour and a half, under
    1h45, below 110 min, 2 hours tops, between 90 and 120 minutes, quick
""")
AGE_WORDS = _words("""
    kids, my kids, children, the kids, the whole family, a 6 year old, my 6 year old, my
    10-year-old son, an eight year old, a five-year-old, my daughter who is 7, a 12 year old,
    teenagers, PG-13, PG, rated PG, toddlers, my 9 year old daughter, small children, a kid
""")
COMPARISONS = _words("""
    older, newer, shorter, longer, funnier, scarier, more recent, more modern, more action, more
    comedy, less violent, darker, lighter, sadder, more romantic, less scary, more serious, less
    long, earlier, too old, too long, too new, weirder, slower, faster, happier, more drama,
    less sad, cheaper
""")
POINTERS = _words("""
    the first one, the first, the second one, the second, the third one, the third, the last
    one, the last, the fourth, number 1, number 2, number three, the first two, the last two,
    the second film, that one, this one, that, it, both, the top one, the first and the third,
    #2
""")
