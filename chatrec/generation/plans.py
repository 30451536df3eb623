"""The sentence plans of every kind of evidence; wording only.

``[a|b]`` is a choice, ``{name}`` a slot that phrasing.py fills. A plan states its evidence and
nothing else: no praise and no fact that needs knowledge of the item.
"""

from __future__ import annotations

LEADS: dict[str, tuple[str, ...]] = {
    "shared_creator": (
        "{name}, who also {made} {title}, [{made} this {noun}|is the {role} here]",
        (
            "[Since|Because|As] you [liked|enjoyed] {title}, [note|it helps] that {name} "
            "{made} this too"
        ),
        "[The same|One and the same] {role} [stands|is] behind this and {title}: {name}",
        "{name} {made} [both this {noun} and {title}|this {noun} as well as {title}]",
        "After {title}, [here is another|try another|take one more] {noun} {made_by} {name}",
        "[Like|Just like|As with] {title}, [the {role} is|the {role} here is] {name}",
        "You [named|liked] {title}, and its {role} {name} {made} this one as well",
        "{title} and this {noun} [share a {role}|have a {role} in common], {name}",
        (
            "If {name}'s [work on|hand in] {title} [appealed to|pleased] you, [it is "
            "here again|here is more of it]"
        ),
        "Another {noun} [from|by] {name}, the {role} of {title}",
        "[It comes from|This is by] {name}, [the {role}|also the {role}] of {title}",
        "Your liking for {title} [points here|leads here]: {name} {made} both",
        "What [ties|links] this to {title} is [its|the] {role}, {name}",
        "More from {name}, [whose {title} you liked|the {role} behind {title}, which you liked]",
        "Behind this {noun} is {name}, [{role} of {title} too|the {role} of {title}]",
    ),
    "shared_cast": (
        (
            "{name}, [whom you know from|from the cast of|seen in] {title}, [appears|is] "
            "here [too|as well]"
        ),
        "[Since|Because|As] you [liked|enjoyed] {title}, [here is|try] another {noun} with {name}",
        "{name} [is in the cast|appears], [just as in|as in] {title}",
        "[Like|Just like] {title}, this {noun} has {name} in [its|the] cast",
        "[If|Where] {name} [drew|pulled] you into {title}, [here is more|this is another chance]",
        "You [named|liked] {title}, and {name} [appears in this one|is in this one] too",
        "{title} and this {noun} [share|have in common] {name}",
        "After {title}, [here is|see] {name} again [in another part|in this {noun}]",
        "Another [part|role] for {name}, [whom you saw in {title}|also in {title}]",
        "What [ties|links] it to {title} is {name}, [in both casts|who appears in both]",
        "From {title} you [know|will know] {name}, who [returns|appears] in this {noun}",
        "[With|Having] {name} in the cast, this [links|connects] to {title}, which you liked",
        "[The cast|Its cast] includes {name}, [as did {title}|as did {title}, which you liked]",
        "Your liking for {title} [points here|leads here]: {name} is in both",
    ),
    "shared_genre": (
        (
            "[Since|Because|As] you [liked|enjoyed] {title}, [here is|try] another "
            "{noun} in the {name} genre"
        ),
        "{title}, which you liked, [has the same genre|is of the same genre]: {name}",
        "[Like|Just like] {title}, this [is|counts as] {name}",
        "[Staying with|Still in] {name}, the genre of {title}, [is this {noun}|comes this {noun}]",
        "This shares [its|the] {name} [side|genre] with {title}, which you liked",
        "More {name} [after|to follow] {title}, [which you liked|since you liked that]",
        "If the {name} in {title} [appealed to|pleased] you, [here is more|this has it too]",
        "You [named|liked] {title}, and this one [is {name} as well|shares its genre, {name}]",
        "{title} and this {noun} both [can be called|count as] {name}",
        "{title} and this {noun} [share|have in common] the {name} genre",
        "What [ties|links] it to {title} is the genre, {name}",
        (
            "[Filed|Listed] under {name}, [as is {title}|like {title}], [which you liked|"
            "one you liked]"
        ),
        "Your liking for {title} [points here|leads here]: both are {name}",
    ),
    "shared_keyword": (
        "{name} [runs through|is a theme of] both this {noun} and {title}",
        (
            "[Since|Because|As] you [liked|enjoyed] {title}, [here is|try] another "
            "{noun} on the theme of {name}"
        ),
        "[Like|Just like] {title}, it [has|counts] {name} among its themes",
        (
            "If the {name} [in|side of] {title} [appealed to|pleased] you, [here is more|"
            "this has it too]"
        ),
        "This shares [a theme|one theme] with {title}, which you liked: {name}",
        "{title} and this {noun} [meet|come together] [on|in] one theme, {name}",
        "You [named|liked] {title}, and {name} [turns up|returns] [here|in this one] too",
        "[The theme|A theme] of {title} [is back|returns] here: {name}",
        "What [ties|links] it to {title} is [the theme of|a theme,] {name}",
        "More {name} [after|to follow] {title}, [which you liked|since you liked that]",
        "With {name} [among|as one of] its themes, it [sits close|is close] to {title}",
        "After {title}, [here is|try] [one more|another] {noun} with {name} [in it|as a theme]",
        "Your liking for {title} [points here|leads here]: both have {name} as a theme",
        "A {noun} that [takes up|returns to] {name}, [as {title} does|just as {title} does]",
    ),
    "shared_keyword_mood": (
        "[Like|Just like] {title}, it is a {name} {noun}",
        "[Since|Because|As] you [liked|enjoyed] {title}, [here is|try] another {name} {noun}",
        "{title} and this {noun} can both be called {name}",
        "The {name} mood of {title}, which you liked, [is here too|returns here]",
        "{title} and this {noun} [share|have in common] a {name} mood",
        "If you liked how {name} {title} is, [here is more of that|this is {name} too]",
        "This has the {name} [feel|tone] of {title}, which you liked",
        "What [ties|links] it to {title} is [a|the] {name} [tone|mood]",
        "You [named|liked] {title}, and this one is {name} [too|as well]",
        (
            "As {name} as {title} [in tone|in mood], [this {noun} follows on|and another "
            "for your list]"
        ),
        "After {title}, [here is|try] [one more|another] {noun} with a {name} tone",
        "Your liking for {title} [points here|leads here]: both are {name}",
        (
            "Another {name} {noun}, [in the mood of|to go with] {title}, [which you "
            "liked|one you liked]"
        ),
    ),
    "similar": (
        (
            "[Since|Because|As] you [liked|enjoyed] {title}, [here is|try] [something "
            "close to it|a {noun} close to it]"
        ),
        "{title}, which you [named|liked], [sits close|lies close] to this {noun}",
        (
            "[Close|Near] to {title} in [what it is about|its themes], [this {noun} "
            "follows|so it may suit you]"
        ),
        "If {title} [appealed to|pleased] you, this {noun} [is close to it|stands near it]",
        "You [named|liked] {title}, and [this is close to it|this {noun} lies near it]",
        (
            "Your liking for {title} [points here|leads here], [as the two are close|the "
            "two being close]"
        ),
        "Of what you named, {title} [is closest to this {noun}|comes close to this]",
        "It [reads|looks] [much like|close to] {title}, which you liked",
        "After {title}, [here is|try] a {noun} [on similar ground|along similar lines]",
        "[On|Covering] similar ground to {title}, [which you liked|one you liked]",
        "Along the lines of {title}, [which you liked|one you liked]",
        "What [brings it up|puts it here] is {title}, which it is close to",
    ),
    "match": (
        "You asked for {text}, [and this {noun} has it|and here it is|which this {noun} has]",
        "[For|To meet] your wish for {text}, [take|try] this {noun}",
        (
            "{text} [was|is] [what you asked for|part of your wish], and [it is here|"
            "this {noun} has it]"
        ),
        "[It answers|This answers|It meets] your wish for {text}",
        "Your wish [named|mentioned] {text}, [which you find here|which this {noun} has]",
        "[With|Having] {text}, this {noun} [fits what you asked for|meets your wish]",
        "As you [wanted|asked for] {text}, [here is|try] a {noun} that has it",
        "{text}, as you [asked|wished], [is part of this {noun}|is here]",
        "If it is {text} you [want|are after], this {noun} [has it|fits]",
        "[The words|Your words] “{text}” [fit|describe] this {noun}",
        "[On|Under] {text}, which you asked for, [there is this {noun}|this {noun} fits]",
        "This {noun} [goes with|fits] [your request|what you asked] for: {text}",
        "[Looking for|Asking for] {text} [leads|brings you] to this {noun}",
    ),
    "match_mood": (
        "You asked for something {text}, and [this {noun} is|here it is]",
        "[For|To meet] your wish for something {text}, [take|try] this {noun}",
        "[It answers|This answers|It meets] your wish for something {text}",
        "Your wish was for something {text}, [which this {noun} is|which describes this {noun}]",
        "As you [wanted|asked for] something {text}, [here is|try] a {noun} that fits",
        "{text}, as you [asked|wished], [is how this {noun} can be described|is its tone]",
        "If it is something {text} you [want|are after], this {noun} fits",
        "[Your word|The word] “{text}” [fits|describes] this {noun}",
        "[Something|A {noun} that is] {text} was your wish, and this [fits|is it]",
        "This {noun} [goes with|fits] your [request|wish] for something {text}",
        "[Looking for|Asking for] something {text} [leads|brings you] to this {noun}",
        "In tone it is {text}, [which you asked for|as you asked]",
    ),
    "creator": (
        "{name} {made} this {noun}",
        "[It was|This was|This {noun} was] {made_by} {name}",
        "The {role} [is|here is] {name}",
        "[Behind it|Behind this {noun}] [is|stands] {name}, [its {role}|the {role}]",
        "[From|By] {name}, [its|the] {role}, [comes this {noun}|there is this {noun}]",
        "With {name} as {role}, [here is a {noun} for you|this {noun} may suit you]",
        "[A|One] {noun} {made_by} {name}",
        "If you [follow|like] {name}, [this is one {noun} to take|here is a {noun} by that {role}]",
        "{name} is the {role} [of this {noun}|here]",
        "[This|It] is [a|one] {noun} [from|by] {name}",
        "[Credit|The credit] for this {noun} goes to {name}, [its|the] {role}",
        "[You get|Here is] {name} as {role}",
        "As its {role}, {name} [made this one|stands behind this {noun}]",
        "For {name}, [its {role}|the {role}], [pick|take|try] this {noun}",
    ),
    "cast": (
        "{name} [appears in|is in|can be seen in] this {noun}",
        "[The cast|Its cast] [includes|has] {name}",
        "[You get|Here is|Here you see] {name} [in the cast|among the cast]",
        (
            "With {name} [in the cast|among its cast], [this {noun} may suit you|here is "
            "a {noun} for you]"
        ),
        "{name} [takes|plays] a part in this {noun}",
        "[A|One] {noun} with {name} [in it|in the cast]",
        "If you [follow|like] {name}, [this is one {noun} to see|here is another {noun} to see]",
        "Among the [names|cast] here is {name}",
        "[See|Watch] it for {name}, [who is in the cast|one of its cast]",
        "This {noun} [has|counts] {name} [in its cast|among its cast]",
        "In the cast [is|you find] {name}",
        "[For|To see] {name}, [pick|take|try] this {noun}",
        "[One|Part] of the cast is {name}",
    ),
    "keyword": (
        "{name} [is|stands as] [one of its themes|a theme of this {noun}]",
        "[It deals with|It takes up|It turns to] the theme of {name}",
        "[The themes here|Its themes] include {name}",
        "[A|One] {noun} with {name} [as a theme|among its themes]",
        "[If|When] {name} [appeals to you|is your thing], [take|try] this {noun}",
        (
            "With {name} [as a theme|among its themes], [this {noun} may suit you|here "
            "is a {noun} for you]"
        ),
        "[For|To get] {name}, [pick|take|try] this {noun}",
        "A theme [you find|to be found] in this {noun} is {name}",
        "Among [its|the] themes [is|you find] {name}",
        "[Think|Think of] {name}: that is [a theme|one theme] [of this {noun}|here]",
        "[You get|Here is] the theme of {name}",
        "This {noun} [takes up|has a theme in] {name}",
        "{name}: that is [what it deals with|the theme here]",
        "What you [get|find] here is the theme of {name}",
    ),
    "keyword_mood": (
        "It is a {name} {noun}",
        "[Expect|You get] a {name} [mood|tone]",
        "[If|When] you [want|like] a {name} {noun}, [take|try] this one",
        "A {name} {noun} [for you|to take]",
        "The [tone|mood] [here is|is] {name}",
        "{name} [in tone|in mood], [this {noun} may suit you|here is a {noun} for you]",
        "[This|Here] is a {name} {noun}",
        "In [mood|tone] it is {name}",
        "[For|To find] something {name}, [pick|take|try] this {noun}",
        "{name} is the word for [its mood|its tone|this {noun}]",
        "With [its|a] {name} [mood|tone], [this {noun} may suit you|here is a {noun} for you]",
        "This one [is|can be called] {name}",
        "Its [mood|tone] can be called {name}",
    ),
    "description": (
        "{Story}",
        "{Story}: that is the {blurb}",
        "Here is the {blurb}: {story}",
        "[The|Its] {blurb} in [a line|a sentence]: {story}",
        "Picture [this|it]: {story}",
        "[What you get|What it is about]: {story}",
        "The idea [behind it|of this {noun}]: {story}",
        "[This|The] {noun} in a [sentence|line]: {story}",
        "[For a {blurb} like this one|A {blurb} to consider]: {story}",
        "[See if|Tell me whether] this suits you: {story}",
        "[In this {noun}|In short]: {story}",
        "[It goes like this|It runs like this]: {story}",
        "[A {blurb} for you|One for you]: {story}",
        "[How it begins|Where it starts]: {story}",
    ),
    "genre": (
        "[It is|This is] {name}, [a genre to stay with|if that is your genre]",
        "The genre [here is|is] {name}",
        "[If|When] you [want|like] {name}, [take|try] this {noun}",
        "[For|To get] some {name}, [pick|take|try] this {noun}",
        "[Filed|Listed] under {name}, [this {noun} may suit you|here is a {noun} for you]",
        "This {noun} [counts as|is listed as] {name}",
        "[A|One] {noun} in the {name} genre",
        "{name} is [the genre|one genre] of this {noun}",
        (
            "With {name} [as a genre|among its genres], [this {noun} may suit you|here "
            "is a {noun} for you]"
        ),
        "You get {name} [with this {noun}|here]",
        "[Among|One of] its genres is {name}",
        "[Under|In] {name} you find this {noun}",
        "It [belongs to|sits in] the {name} genre",
    ),
    "year": (
        "[It dates from|It came out in|This one is from] {name}",
        "[A|One] {noun} from {name}",
        "From {name} [comes|there is] this {noun}",
        "{name} is [the|its] year [of this {noun}|of release]",
        "[If|When] you want a {noun} from {name}, [take|try] this",
        "Released in {name}, [this {noun} may suit you|here is a {noun} for you]",
        "In {name} this {noun} [came out|was released]",
        "The year of this {noun} is {name}",
        "[Back|Go] to {name} with this {noun}",
        "This {noun} [dates from|is dated] {name}",
        "[For|To get] {name}, [pick|take|try] this {noun}",
        "Its release [falls in|belongs to] {name}",
    ),
    "country": (
        "[It was made in|It comes from] {country}",
        "[A|One] {noun} from {country}",
        "From {country} [comes|there is] this {noun}",
        "[If|When] you want a {noun} from {country}, [take|try] this",
        "Made in {country}, [this {noun} may suit you|here is a {noun} for you]",
        "This {noun} [comes|hails] from {country}",
        "{country} is where this {noun} [was made|comes from]",
        "The country [behind it|of this {noun}] is {country}",
        "[For|To get] a {noun} from {country}, [pick|take] this",
        "[Among|One of] its countries is {country}",
        "[Look|Go] to {country} with this {noun}",
        "Its country is {country}",
    ),
    "language": (
        "[It is|This {noun} is] in {name}",
        "[A|One] {noun} in {name}",
        "[If|When] you want a {noun} in {name}, [take|try] this",
        "The language [here is|is] {name}",
        "{name} is [the|its] language [of this {noun}|here]",
        "[You get|You hear] it in {name}",
        "In {name}, [this {noun} may suit you|here is a {noun} for you]",
        "[For|To get] a {noun} in {name}, [pick|take] this",
        "Its language is {name}",
        "This one [is|comes] in {name}",
        "With {name} as its language, [this {noun} may suit you|here is a {noun} for you]",
        "The {noun} [is|comes] in {name}",
    ),
    "silent": (
        "[It is|This is] a silent {noun}",
        "[If|When] you want a silent {noun}, [take|try] this",
        "[A|One] silent {noun} [for you|to take]",
        (
            "Silent [from start to end|throughout], [this {noun} may suit you|here is a "
            "{noun} for you]"
        ),
        "[Here|This] is one of the silent {nouns}",
        "This {noun} is silent",
        "[For|To get] a silent {noun}, [pick|take|try] this one",
        "The {noun} is a silent one",
        "Silent {nouns} [include|count] this one",
        "You get a silent {noun} here",
        "As a silent {noun}, it may suit you",
        "Among silent {nouns}, [take|try] this",
    ),
    "runtime": (
        "[It runs|It lasts|It takes] {name}",
        "[A|One] {noun} that [runs|lasts] {name}",
        "In {name} [it is over|you have seen it all]",
        "[If|When] you have {name}, [take|try] this {noun}",
        "The running time is {name}",
        "{name} is [all it takes|the running time of this {noun}]",
        "Running {name}, [this {noun} may suit you|here is a {noun} for you]",
        "This {noun} [runs|lasts] {name}",
        "[Set aside|Allow] {name} for this {noun}",
        "Its length is {name}",
        "With a running time of {name}, [it may suit you|here is a {noun} for you]",
        "At {name}, [this {noun} may suit you|here is a {noun} for you]",
    ),
    "age_rating": (
        "[It is|This {noun} is] rated {name}",
        "[A|One] {noun} rated {name}",
        "The rating [here is|is] {name}",
        "{name} is [the|its] rating",
        "Rated {name}, [this {noun} may suit you|here is a {noun} for you]",
        "[If|When] you want a {noun} rated {name}, [take|try] this",
        "Its age rating is {name}",
        "This one [carries|has] the rating {name}",
        "You get a {noun} rated {name}",
        "With the rating {name}, [this {noun} may suit you|here is a {noun} for you]",
        "[Note|Mind] the rating: {name}",
        "The {noun} [carries|has] the rating {name}",
    ),
    "price": (
        "[It costs|The price is] {name}",
        "[A|One] {noun} for {name}",
        "For {name} [you get|there is] this {noun}",
        "[If|When] you want to spend {name}, [take|try] this {noun}",
        "The price [here is|is] {name}",
        "{name} is [the|its] price",
        "At {name}, [this {noun} may suit you|here is a {noun} for you]",
        "Its price is {name}",
        "This {noun} [costs|is priced at] {name}",
        "Priced at {name}, [it may suit you|here is a {noun} for you]",
        "With a price of {name}, [it may suit you|here is a {noun} for you]",
        "You pay {name} for this {noun}",
    ),
    "fact": (
        "Its {column} is given as {value}",
        "[Note|See] the {column}: {value}",
        "The {column} [here is|is] {value}",
        "[Under|For] {column}, [the catalogue says|it says] {value}",
        "{value} is [the|its] {column}",
        "[Listed|Given] as its {column}: {value}",
        "For the {column} [you get|you find] {value}",
        "This {noun} has {value} as its {column}",
        "With {value} as its {column}, [it may suit you|here is a {noun} for you]",
        "What [speaks for|describes] it is its {column}: {value}",
        "The catalogue [gives|has] its {column} as {value}",
        "[If|When] {column} [matters|counts], note this: {value}",
    ),
}
