"""How sentences say that all goes well, that nothing changes or that something never comes about.

Data only: patterns for untroubled.py, each hardly ever found in a true reason whose facts do not
say the same. In groups, by what they say of a story.
"""

from __future__ import annotations

_WHO = r"(?:he|she|they|it|<p\w>)"
_OWN = r"(?:his|her|their|its)"
_VERY = r"(?:(?:perfectly|quite|very|entirely|completely|only too|more than|always|still) )?"
MARKS: tuple[str, ...] = (
    # Nobody comes to harm.
    r"(?<!the )safe(?! house| haven| deposit|-| room| cracker| with you| bet| choice)",
    r"safely", r"in safety", r"out of (?:any |all )?danger", r"harmless(?:ly)?(?! fun)",
    r"un(?:involved|touched|affected|harmed|scathed|hurt|injured|disturbed|molested|troubled|"
    r"opposed|challenged|hindered|punished|moved|concerned|worried|afraid|damaged|bothered|"
    r"changed|impeded|hampered|perturbed|fazed|shaken)",
    r"intact", r"in one piece", r"as good as new", r"alive and (?:well|kicking)",
    r"in (?:perfect|good|full|excellent|the best of|the pink of) "
    r"(?:health|order|shape|condition|repair|spirits)",
    r"recovers?(?= (?:from|fully|completely|quickly|in this|and|so|well)\b|\W*$|[,.;])",
    r"(?:full|complete|quick|speedy) recovery", r"outliv(?:es?|ed|ing)", r"lives? to see",
    # Nobody quarrels.
    r"(?:sees?|seeing) eye to eye", r"in (?:\w+ )?(?:harmony|accord|unison)", r"harmonious(?:ly)?",
    r"of one mind", r"gets? (?:on|along)(?! (?:the|a|board|his|her|their)\b)",
    r"on (?:\w+ )*?(?:good|friendly|excellent|best of) terms", r"the best of (?:friends|pals)",
    r"at peace(?! with you)", r"peacefully|peaceabl[ey]|amicabl[ey]", r"(?:man|woman|men) of peace",
    r"(?:warm|hearty|friendly|kind) (?:welcome|reception)", r"with open arms",
    rf"(?:is|are|was|were|made|makes? {_WHO}) {_VERY}(?:welcome|welcomed)",
    r"kind(?: \w+)? (?:word|words)", r"(?:is|are|was|were) (?:\w+ )?kind to",
    r"wish(?:es)? (?:[\w'<>-]+ ){1,3}well", r"makes? (?:[\w'<>-]+ ){0,2}feel at home",
    r"unanimous(?:ly)?", r"(?:tears?|grief)-free",
    # Nothing is hard.
    r"with (?:the greatest |great |perfect )?ease", r"easily(?! (?:the|one|among|his|her))",
    r"effortless(?:ly)?", r"smoothly", r"hitch-free", r"goes? (?:all )?(?:according )?to plan",
    r"comes? (?:easy|easily|naturally)",
    r"easy (?:time|job|task|prey)",
    r"easy to(?! (?:watch|like|love|enjoy|read|follow|fit|recommend)\b)",
    r"plain sailing", r"a piece of cake", r"child's play", r"like clockwork", r"swimmingly",
    r"at the (?:very )?first (?:attempt|try|go)", r"in next to no time", r"effortlessly",
    r"can hardly wait", r"goes? (?:off )?(?:well|fine|smoothly|right|peacefully|without)",
    r"turns? out (?:well|fine)",
    r"works? (?:perfectly|fine|well|smoothly|like a charm)", r"on time", r"right on schedule",
    # Nobody is made to do anything.
    r"free to(?! (?:watch|stream|play|try))", r"freely",
    rf"(?:of|by) {_OWN} own (?:free )?(?:will|choice|accord|volition)", r"by choice",
    r"voluntarily|willingly|gladly|eagerly|readily|obediently|meekly|contentedly",
    r"(?:glad|happy|pleased|delighted|content|overjoyed|thrilled|ready and willing) "
    r"(?:to|with|as|that|for|about)",
    rf"whenever {_WHO} (?:like|want|please|wish|choose|care|feel|fanc)\w*",
    rf"as {_WHO} (?:likes?|pleases?|wish(?:es)?|chooses?)", r"at will",
    r"open to (?:all|everyone|anyone|everybody)", r"without (?:a second thought|hesitation|a fuss)",
    rf"(?:as|what) {_WHO} (?:is|are|was|were) told", r"obeys?(?! nothing)", r"to the letter",
    # Nothing is hidden or unsure.
    r"openly", r"(?:out )?in the open", r"for all to see", r"an open book", r"common knowledge",
    r"tells? (?:everyone|everybody|the whole|all the|all and)", r"to a fault", r"law-abiding",
    r"(?:clean|clear|good) consciences?", r"within the law", r"above board",
    r"(?:is|are|stays?|remains?|was|were) (?:\w+ )?faithful",
    rf"keeps? {_OWN} (?:word|promises?|vows?)",
    r"knows? (?:exactly|perfectly|very well|full well|precisely|all along|at once|everything|"
    r"from the (?:start|outset|first|beginning)|all about|for certain|for sure)",
    r"(?:is|are|was|were|feels?|perfectly|quite|absolutely) (?:sure|certain) (?:of|about|that|who|"
    r"what|where)",
    r"well aware", r"remembers? (?:everything|every|all|perfectly|clearly|it all)",
    r"beyond (?:any |all )?doubt", r"without a (?:gap|doubt)",
    # Nobody lacks anything.
    rf"(?:is|are|was|were|stays?|remains?) {_VERY}(?:content|contented|satisfied|at ease)",
    r"content with", r"satisfied with", r"happily", r"at ease", r"thriv(?:es?|ing)",
    r"flourish(?:es|ing)?", r"prosper(?:s|ing|ous)?", r"booming", r"business as usual",
    r"nothing but (?:luck|joy|good|happiness|kindness|praise|love|success|peace|pleasure|friends)",
    r"all is well", r"all's well", r"(?:has|have|with) everything (?:he|she|they)",
    # It is so from first to last.
    r"from (?:first|start|beginning|the (?:first|start|beginning)) to (?:the )?(?:last|finish|end)",
    r"(?:has|have|had|is|are|was|were) always(?! been a| wanted| dreamed)",
    r"for ?ever(?! (?:young|more|about|on|in|at|trying|seeking|chang|running))",
    r"in (?:the |its |their )?(?:usual|right|proper|normal|natural|strict|"
    r"chronological) order", r"chronological(?:ly)?",
    r"(?:keeps?|with) (?:both|his|her|their) feet on the ground",
    # It never comes about.
    r"(?:leads?|goes?|gets? <?\w+>?|going) nowhere", r"(?:comes?|amounts?) to nothing",
    r"(?:is|are|was|were) (?:\w+ )?(?:spared|exempt)(?! by| from death)", r"left in peace",
    r"leav(?:es?|ing) (?:(?!to |in |for |with |at )[\w'<>-]+ ){1,5}?(?:alone|in peace|unharmed|"
    r"undisturbed|be)(?= |\W*$|[,.;])(?! (?:in|on|at|with|to|for|after)\b(?! this\b| <))",
    r"out of it (?:altogether|completely|entirely)", r"minds? (?:his|her|their) own business",
    r"talks? (?:him|her|them|<?\w+>?) out of", r"gives? (?:[\w'<>-]+ ){1,4}a miss",
    r"behind (?:closed )?doors? only", r"(?:abstains?|refrains?|desists?) from",
    # It stays as it is.
    r"stays? (?:married|together|sealed|shut|single|friends|rivals|enemies|true|loyal|calm|"
    r"sober|cool|dry|clean|whole|asleep|awake|away|indoors|put|in bed|in touch|unmarried|"
    r"the same|quiet|faithful|healthy|poor|rich|strangers|on (?:dry|solid)|within|safely|where)",
    r"remains? (?:married|together|sealed|closed|shut|single|friends|rivals|enemies|true|loyal|"
    r"calm|"
    r"sober|cool|dry|clean|whole|asleep|awake|away|at home|the same|quiet|healthy|poor|strangers)",
    r"stays? with (?:him|her|them) (?:throughout|always|all|to the)",
    r"(?:is|are) still (?:a couple|together|married|friends|alive|in (?:one|love|place))",
    r"goes? on (?!trying|fight|search|seek|hunt)\w+in"
    r"g", r"carr(?:y|ies) on (?:as|un)", r"sticks? (?:together|by)",
    r"holds? (?:out(?! in|\W*$)|fast|together|their (?:ground|own|base|nerve|position))",
    r"as (?:usual|before|ever|always|planned|intended|agreed|expected)(?! a)",
    r"(?:life|lives|things?|all|everything) runs? on", r"nothing (?:much )?changes",
    # It is settled at once.
    r"straight ?away", r"right away", r"on the spot", r"there and then", r"without delay",
    r"immediately", r"instantly", r"at once(?= (?:about|that|who|to)\b)",
    r"at (?:the |their )?(?:very )?first (?:sight|meeting|glance|attempt)",
    r"from the (?:very )?(?:first (?:minute|email|letter|day|meeting|moment|word|time|scene)|"
    r"outset|"
    r"word go)", r"as soon as (?:he|she|they|it)",
    r"in the (?:first|opening) (?:scene|minutes?|reel)",
    r"in no time", r"at the drop of a hat", r"the very next (?:day|morning|minute)",
    r"in good time",
    r"the next (?:train|bus|plane|boat) (?:home|back|out)", r"(?:promptly|speedily|swiftly)",
    # All of it, and by nobody else.
    r"all the time", r"(?:in )?every (?:detail|respect|case|single)", r"through thick and thin",
    r"to the bitter end", r"single-handed(?:ly)?", r"unaided|unaccompanied|unattached",
    r"all by (?:him|her|it|them)sel(?:f|ves)", r"all he needs|all she needs|all they need",
    r"only the (?:good|best)", r"the good of (?:mankind|others|all|his|her|their)",
    r"serves? only one|only one master", r"only (?:good|kind|friendly|happy)",
    # As it should be.
    r"(?:is|are|was|were|being|seems?|feels?) (?:perfectly |both |quite |very |all |as |just |"
    r"fully |entirely |"
    r"in fact )?(?:normal|whole|clean|sober|sane|honest|innocent|healthy|happy|safe|fine|"
    r"available|single|unmarried|obedient|"
    r"legal|friendly|generous|grateful|easy|welcome|popular|calm|faithful|content|ready|polite|"
    r"harmless|peaceful|secure|sound|unhurt|unharmed|carefree|spotless|cheap|plentiful|united|"
    r"inseparable|trustworthy|reliable|fair|kind|tame|at ease|at peace|in order|debt-free)",
    r"(?:a|as) free (?:man|woman|men|women)", r"stone-cold sober", r"sober (?:when|as|and)",
    r"above (?:suspicion|reproach|board|all suspicion)", r"fairly with", r"plays? fair",
    r"fair and square", r"by the (?:book|rules)", r"true to (?:his|her|their|its|each|one)",
    r"at face value", r"on (?:dry land|solid ground)",
    r"at home (?:in|on|with) (?:the|his|her|their)",
    r"(?:broad )?daylight", r"well-(?:behaved|loved|fed|paid)", r"docile", r"spotless",
    r"reach(?:es)? (?:port|home|safety|shore|dry land|its goal|their goal)", r"to its destination",
    r"from strength to strength", r"rolling in", r"hits? it off", r"gets? away with it",
    r"(?:happy|loving|intact|united) (?:marriage|family|home|childhood|couple|memories|parents)",
    r"good (?:jobs?|care of|terms)",
    r"has (?:an? )(?:easy|quiet|happy|peaceful|calm|steady|loving)",
    r"enough to (?:eat|live|go round|share)", r"plenty to (?:eat|drink|live)", r"more than enough",
    r"perfectly normal", r"made? (?:his|her|their) peace with",
    r"makes? (?:his|her|their) peace with",
    r"makes? up with", r"bur(?:y|ies) the hatchet", r"patches? (?:it|things) up", r"reconciled",
    r"calms? (?:everybody|everyone|them|him|her|things|the \w+) down",
    r"(?:grants?|gives?) (?:the|them|him|her) (?:[\w'-]+ )?(?:the )?(?:divorce|permission|pardon)",
    r"(?:is|are|was|were) (?:planned|expected|wanted|prepared)",
    r"like (?:angels|babies|a baby|lambs|a dream)", r"makes? up (?:his|her|their) minds?",
    r"understands? (?:every\w*|everything|all)",
    r"(?:exactly|just) as (?:planned|hoped|agreed|he had|"
    r"she had|they had|the \w+ (?:had )?hoped)", r"paid (?:as much|the same|equally|fairly|well)",
    r"(?:a crowd|plenty|lots|dozens|a host) of (?:friends|company|money|food|help|time)",
    r"accounted for", r"(?:is|are) doing (?:well|fine)", r"(?:his|her|their) own masters?",
    r"couldn't be (?:happier|kinder|easier|safer|prouder|better|friendlier|simpler|calmer)",
    r"with (?:warmth|every courtesy|respect)", r"opens? (?:every|all) doors?",
    r"sleeps? (?:soundly|well|peacefully|easily)", r"introduces? (?:him|her)self by", r"long since",
    r"(?:has|have) long (?:left|given|forgotten|been (?:dropped|over|forgotten|dead|settled))",
    r"all the \w+ in the world", r"where (?:he|she|they) left (?:it|him|her|them)",
    r"on (?:his|her|their|its) own(?= (?:in|from|without|through)\b)", r"holds? no",
    r"as (?:ordinary|normal|harmless|safe|free|calm|tame) as", r"all (?:weekend|summer|week) long",
    r"all weekend", r"early on", r"certainly", r"undoubtedly",
    r"stays? (?:in|on|at) (?:his|her|their|its) \w+",
    r"(?:modesty|kindness|honesty|patience|politeness|innocence|calm|generosity) itself",
    r"faithful(?:ly)?(?! (?:to the (?:book|novel|play)|adaptation|version|remake))",
    r"(?:quickly|soon|promptly|swiftly|duly) (?:found|rescued|solved|caught|cured|forgotten|"
    r"forgiven|settled|freed|saved|over)", r"as (?:an )?equals?",
    r"(?:a|the very) model (?:of|husband|"
    r"wife|pupil|citizen|father|son)",
    r"puts? (?:[\w'<>-]+ ){1,4}out of (?:his|her|their) (?:mind|head)",
    r"keeps? (?:[\w'<>-]+ ){1,4}(?:pure|clean|dry|calm|quiet|happy|together)(?= |\W*$)",
    r"unnoticed|unrecogni[sz]ed", r"keeps? (?:his|her|their|its) distance",
    r"(?:has|have) long been \w+", r"obedient", r"(?:safe|whole) and sound",
    r"surrounded by (?:friends|"
    r"family|company|admirers)", r"(?:under|by|in) (?:his|her|their) (?:own|real|true) names?",
    r"every (?:chance|hope|right|confidence|reason to)", r"half (?:built|done|finished)|unfinished",
    r"(?:has|have|with) (?:(?:his|her|their|the) )?(?:[\w']+ )?(?:blessing|approval|consent|"
    r"backing)",
    r"(?:can|may) (?:rely|count|depend) (?:up)?on", r"always \w+s", r"always \w+ed",
    r"like (?:everyone|everybody) else", r"only because (?:he|she|they) (?:must|has to|have to)",
    r"in (?:good|safe) hands", r"well (?:informed|prepared)", r"under control",
    r"for good(?= in|,|\W*$)",
    r"comes? to (?:his|her|their) senses", r"of (?:sound|one) mind", r"out of harm's way",
    r"(?:a|the) (?:clean|complete) (?:slate|success)",
    r"without (?:further )?(?:ado|trouble|incident)",
    r"(?:settles?|settled) down(?: happily| quietly)?",
    r"(?:sorts?|works?) (?:itself|themselves) out",
    # Turned away, let go, forgotten.
    r"(?:is|are|was|were) (?:left|kept|shut|cut) out of (?:it|this|the|his|her|their)",
    r"turns? (?:him|her|it|them|<\w+>|(?:the|his|her|their) [\w-]+(?: [\w-]+)?) (?:down|away)",
    r"turns? down (?:the|his|her|their|every|all|any)", r"loses? interest",
    r"(?:couldn't|could not) care less",
    r"slips? (?:from|out of) (?:his|her|their) (?:mind|memory)",
    r"(?:is|are|gets?) over (?:his|her|"
    r"him|it)", r"calls? (?:it|the [\w-]+|their [\w-]+) off",
    r"lets? (?:him|her|them|it) (?:be|off)",
    r"in bed", r"the least of (?:his|her|their)", r"drops? the (?:matter|case|idea|plan)",
    r"asks? (?:for )?nothing in return", r"goes? straight home", r"forgets? all about",
    r"forgets? (?:him|her|it|them|the (?:\w+ ){1,4}?)(?:straight|at once|soon|right|completely)",
    r"has yet to", r"out of the question", r"(?:no|without|little) effect", r"comes? to nothing",
    r"really (?:did|is guilty|was guilty)", r"did in(?:deed| fact)",
    r"all to (?:himself|herself|themselves)", r"has the \w+ to (?:himself|herself)",
)  # fmt: skip
