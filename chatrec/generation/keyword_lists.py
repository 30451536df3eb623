"""Keywords whose endings mislead: names, adjectives, and things that take no "a" or a "the".

Lists only, for :mod:`chatrec.generation.themes`. They hold ordinary words and well-known names,
not items of a catalogue.
"""

from __future__ import annotations


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in text.split(","))


# As they are written; a keyword that is one of them takes no article.
NAMES = _phrases(
    """Al Capone, Alan Turing, Alcatraz, ancient Judea, Aspen, Auschwitz, Blackbeard, Captain Nemo,
    Catwoman, Chekhov, Chinatown, C. S. Lewis, Coney Island, D-Day, Devils Tower, Djibouti, Dunkirk,
    El Dorado, Flint Michigan, Fort Knox, Freddie Mercury, French Guiana, General Custer,
    Gotham City, Guantanamo Bay, Greenwich Village, Harvard, Hiroshima, Isaac Asimov, Jimmy Hoffa,
    La Mancha, Lewis Carroll, Lex Luthor, Loki, Long Island, Mali, Mexico City, Missouri,
    Montenegro, Mount Rushmore, NASCAR, Nikola Tesla, Pearl Harbor, Pepperland, Philip Glass,
    Philip K. Dick, Pinocchio, Princeton, Puss in Boots, Queen Anne, Rapunzel, Roald Dahl,
    Réunion island, Sacramento, Santa Claus, Shangri-La, Siam, Skid Row, Soho, Studio Ghibli,
    Tahiti, Wall Street, Watergate, Wellington, Wonder Woman, Yokohama, Washington state,
    rural Bengal, Wing Chun, pencak silat, Ip Man, Dracula, Frankenstein, Sherlock Holmes,
    Transylvania, Tour de France, San Fernando valley, Live Aid"""
)
# Written with capitals inside longer keywords too.
CAPITALISED = _phrases(
    """Vietnam War, Korean War, Gulf War, Stockholm, Steinbeck, Hitler, Dickens, Kipling,
    Shakespeare, Catskills, Bengal, Nazi, Nazis, Jedi, Vulcan, Christmas, Halloween, Romani, Hmong,
    Orient Express, land of Oz, Holy Grail, Middle East, Midwest, British Empire, Roman Empire,
    Royal Navy, French Riviera, Victorian, Berlin Wall, American West, Wild West, CGI"""
)
ADJECTIVES = frozenset(
    _phrases(
        """awkward, brisk, cool, darkly funny, daring, defiant, droll, elegiac, enigmatic, frenzied,
        heartfelt, laid-back, sleek, slightly dark, sweet, tongue-in-cheek, visually inventive,
        visually striking, low-budget, almost wordless, prophetic, macho, hand-drawn, suggestive,
        risqué, ambitious"""
    )
)
NOT_ADJECTIVES = frozenset(_phrases("amish, irish, military, goldfish, southern, subconscious"))
DEFINITE = frozenset(
    _phrases(
        """amish, irish, military, subconscious, american southwest, desert southwest, middle east,
        midwest, internet, iron curtain, forbidden city, foreign legion, home front,
        french riviera, french new wave, british empire, roman empire, royal navy, orient express,
        holy grail, belle époque, black plague, cuban missile crisis, fourth of july, fourth wall,
        victorian era, qing dynasty, tang dynasty, burma railway, empire state building,
        world trade center, berlin wall, great barrier reef, hundred acre wood, punjab, seaside,
        undead, necronomicon, hulk, land of oz, middle ages, underworld, far east, new wave,
        plantation south, amazon jungle, american west, wild west, death penalty, deep sea"""
    )
)
UNCOUNTED = frozenset(
    _phrases(
        """southern, anxiety, a cappella, art deco, backstage, being followed, being human,
        being outgrown, bossa nova, buried alive, burnout, candy, carpe diem, child neglect,
        childbirth, class conflict, climate change, code breaking, comic relief, corporate power,
        corporate theft, cricket, cruelty, cultural identity, custody, death row, distrust, dread,
        dream logic, dynamic camerawork, early cgi, economic decline, everything goes wrong, excess,
        family duty, fatherhood anxiety, framed, free speech, free will, friendship betrayed,
        friendship torn apart, going blind, gold bullion, handcuffed together, heavy metal,
        high society, hitchhiking, holiday cheer, home alone, housework, human trafficking,
        identity theft, incognito, indie, jet lag, kryptonite, left behind, lost in the woods,
        marriage trouble, mass panic, matchmaking, mistaken identity, mistaken for fake,
        mistaken for messiah, mistrust, money laundering, moral decay, moving house, neglect,
        neo-nazis, never growing up, new year's eve, nitroglycerine, oil, one crazy night, one day,
        one night, opposites attract, origami, parkour, patriarchy, penicillin, petty theft, poison,
        political intrigue, post-traumatic stress, power, pre-code, precrime, psychoanalysis,
        psychotherapy, quarantine, rape, restraint, risk, samba, screwball, sexual assault,
        shrinking, sibling rivalry, slime, so bad it's good, solar energy, sound design,
        spring break, state terror, stolen plutonium, stranded, suburban malaise, suspicion,
        talk radio, technicolor, terror, touring, toys come alive, tuberculosis, turning thirty,
        tyranny, undercover, uranium, urban decay, vaudeville, vertigo, volleyball, wartime, waste,
        what makes us human, what might have been, witty banter, young adult, all dialogue sung,
        animal cruelty, inside a computer, apparent single take, city life, goldfish, wildlife,
        jewelry, homework, furniture, money, oil money"""
    )
)
