"""A small film catalogue with known answers, for the conversation tests."""

from __future__ import annotations

from datetime import date

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Item

TODAY = date(2026, 11, 25)
_ROWS = """
arrival|Arrival|2016|Drama,Sci-Fi|Denis Villeneuve|Amy Adams,Jeremy Renner|USA|English|116|PG-13|first contact,grief|A linguist decodes the language of visitors.
moon|Moon|2009|Sci-Fi,Drama|Duncan Jones|Sam Rockwell|UK|English|97|R|isolation,clones|A miner ends three years alone on the lunar surface.
saw|Saw|2004|Horror,Mystery|James Wan|Cary Elwes|USA|English|103|R|torture,slasher|Two strangers wake chained in a bathroom.
alien|Alien|1979|Horror,Sci-Fi|Ridley Scott|Sigourney Weaver|UK,USA|English|117|R|space crew,creature|A freighter crew lets a parasite aboard.
shaun|Shaun of the Dead|2004|Comedy,Horror|Edgar Wright|Simon Pegg|UK|English|99|R|zombies,pub|A slacker fights the undead from his local pub.
airplane|Airplane!|1980|Comedy|Jim Abrahams|Robert Hays|USA|English|88|PG|parody|A shell-shocked pilot must land a stricken jet.
amelie|Amélie|2001|Comedy,Romance|Jean-Pierre Jeunet|Audrey Tautou|France|French|122|R|paris,whimsical|A waitress mends the lives around her.
when|When Harry Met Sally...|1989|Comedy,Romance|Rob Reiner|Billy Crystal,Meg Ryan|USA|English|96|R|friendship,new york|Two friends argue for years about love.
mail|You've Got Mail|1998|Comedy,Romance|Nora Ephron|Tom Hanks,Meg Ryan|USA|English|119|PG|bookshop,email|Rival booksellers fall in love online.
ryan|Saving Private Ryan|1998|Drama,War|Steven Spielberg|Tom Hanks,Matt Damon|USA|English|169|R|world war ii,brutal|A squad searches for one soldier in Normandy.
jaws|Jaws|1975|Thriller,Horror|Steven Spielberg|Roy Scheider|USA|English|124|PG|shark,summer|A police chief hunts a shark.
titanic|Titanic|1997|Romance,Drama|James Cameron|Leonardo DiCaprio,Kate Winslet|USA|English|194|PG-13|ship,disaster|Two passengers from different decks fall in love.
matrix|The Matrix|1999|Sci-Fi,Action|Lana Wachowski|Keanu Reeves|USA|English|136|R|simulation,martial arts|A programmer learns that his world is code.
heat|Heat|1995|Crime,Action,Thriller|Michael Mann|Al Pacino,Robert De Niro|USA|English|170|R|heist|A detective and a thief circle each other.
psycho|Psycho|1960|Horror,Thriller|Alfred Hitchcock|Anthony Perkins|USA|English|109|R|motel,murder|A secretary on the run stops at a lonely motel.
vertigo|Vertigo|1958|Thriller,Mystery|Alfred Hitchcock|James Stewart|USA|English|128|PG|obsession|A retired detective follows a haunted woman.
totoro|My Neighbor Totoro|1988|Animation,Family,Fantasy|Hayao Miyazaki|Noriko Hidaka|Japan|Japanese|86|G|forest spirits,feel-good|Two sisters meet a forest spirit.
spirited|Spirited Away|2001|Animation,Fantasy|Hayao Miyazaki|Rumi Hiiragi|Japan|Japanese|125|PG|bathhouse,spirits|A girl works in a bathhouse for gods.
toy|Toy Story|1995|Animation,Family,Comedy|John Lasseter|Tom Hanks,Tim Allen|USA|English|81|G|toys,friendship|A toy cowboy fears being replaced.
paddington|Paddington|2014|Family,Comedy|Paul King|Ben Whishaw|UK,France|English|95|PG|bear,london|A bear looks for a home in London.
oldboy|Oldboy|2003|Thriller,Mystery|Park Chan-wook|Choi Min-sik|South Korea|Korean|120|R|revenge,violent|A man is freed after fifteen years in a cell.
parasite|Parasite|2019|Thriller,Drama|Bong Joon-ho|Song Kang-ho|South Korea|Korean|132|R|class conflict|A poor family slips into a rich household.
pan|Pan's Labyrinth|2006|Fantasy,Drama,War|Guillermo del Toro|Ivana Baquero|Spain,Mexico|Spanish|118|R|fairy tale|A girl finds a maze beside an army post.
volver|Volver|2006|Drama,Comedy|Pedro Almodóvar|Penélope Cruz|Spain|Spanish|121|R|mothers|A mother seems to come back from the dead.
boot|Das Boot|1981|War,Drama,Thriller|Wolfgang Petersen|Jürgen Prochnow|West Germany|German|149|R|submarine|A submarine crew waits under the Atlantic.
lola|Run Lola Run|1998|Thriller,Action|Tom Tykwer|Franka Potente|Germany|German|80|R|time loop,race|A woman has twenty minutes to find the money.
searchers|The Searchers|1956|Western|John Ford|John Wayne|USA|English|119|PG|revenge|A veteran spends years looking for his niece.
singin|Singin' in the Rain|1952|Musical,Comedy,Romance|Stanley Donen|Gene Kelly|USA|English|103|G|hollywood,songs|A silent star must learn to talk.
mission|Mission: Impossible|1996|Action,Thriller|Brian De Palma|Tom Cruise|USA|English|110|PG-13|spies|An agent must clear his name.
topgun|Top Gun|1986|Action,Drama|Tony Scott|Tom Cruise|USA|English|110|PG|pilots|A reckless pilot trains with the best.
falcon|The Maltese Falcon|1941|Film-Noir,Mystery|John Huston|Humphrey Bogart|USA|English|100|Approved|detective|A detective is drawn into a hunt for a statue.
cinderella50|Cinderella|1950|Animation,Family|Clyde Geronimi|Ilene Woods|USA|English|74|G|fairy tale|A maid goes to a ball.
cinderella15|Cinderella|2015|Family,Romance|Kenneth Branagh|Lily James|UK|English|105|PG|fairy tale|An orphan goes to a ball.
blank|Blank Reel||||||||||
"""


def _item(row: str) -> Item:
    item_id, title, year, genres, by, cast, lands, language, runtime, rating, keys, line = row.split("|")

    def several(text: str) -> tuple[str, ...]:
        return tuple(part for part in text.split(",") if part)

    return Item(
        item_id, title, int(year) if year else None, several(genres), several(by), several(cast),
        several(lands), language, int(runtime) if runtime else None, rating, several(keys), line,
    )  # fmt: skip


FILMS = Catalog([_item(row) for row in _ROWS.strip().splitlines()])
READER = Understanding(FILMS)


def read(text: str, state: DialogueState | None = None) -> Turned:
    """One message read on a fixed day."""
    return READER.read(text, state or DialogueState(), today=TODAY)


def converse(*turns: str | tuple[str, ...]) -> Turned:
    """Messages read one after another; a tuple is the list that the reply between them showed."""
    state, turned = DialogueState(), None
    for turn in turns:
        if isinstance(turn, tuple):
            state = state.with_reply("", turn)
        else:
            turned = read(turn, state)
            state = turned.state
    assert turned is not None
    return turned
