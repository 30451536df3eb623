"""What countries and languages are called, in five languages. Data only, forms folded."""

from __future__ import annotations

from collections.abc import Mapping

# Country: its names in catalogues, then the adjectives; and the language it lends its name to.
COUNTRIES: Mapping[str, tuple[str, str]] = {
    "usa": (
        "usa|united states|united states of america|us|u s a|america",
        "american|hollywood|amerikanisch*|americain|americaine|americana|americano|"
        "estadounidense|美国",
    ),
    "uk": (
        "uk|united kingdom|great britain|england|scotland|britain",
        "british|britisch*|britannique|britanica|britanico|英国",
    ),
    "france": (
        "france|frankreich|francia",
        "french|franzosisch*|francais|francaise|frances|francesa|法国",
    ),
    "germany": (
        "germany|west germany|east germany|deutschland|allemagne|alemania",
        "german|deutsch*|allemand|allemande|aleman|alemana|德国",
    ),
    "italy": (
        "italy|italien|italie|italia",
        "italian|italienisch*|italienne|italiano|italiana|意大利",
    ),
    "spain": (
        "spain|spanien|espagne|espana",
        "spanish|spanisch*|espagnol|espagnole|espanol|espanola|西班牙",
    ),
    "japan": ("japan|japon", "japanese|japanisch*|japonais|japonaise|japones|japonesa|日本"),
    "south korea": (
        "south korea|korea|republic of korea|sudkorea|coree du sud|corea del sur",
        "korean|south korean|koreanisch*|coreen|coreenne|coreano|coreana|韩国|韓國",
    ),
    "china": ("china|chine", "chinese|chinesisch*|chinois|chinoise|chino|china|中国|國產|国产"),
    "hong kong": ("hong kong", "hong kong|香港"),
    "taiwan": ("taiwan", "taiwanese|taiwanesisch*|台湾"),
    "india": ("india|indien|inde", "indian|bollywood|indisch*|indienne|印度"),
    "sweden": ("sweden|schweden|suede|suecia", "swedish|schwedisch*|suedois|suedoise|瑞典"),
    "denmark": ("denmark|danemark|dinamarca", "danish|danisch*|danois|danoise|丹麦"),
    "norway": ("norway|norwegen|norvege|noruega", "norwegian|norwegisch*|norvegien|挪威"),
    "finland": ("finland", "finnish|finnisch*|finlandais|芬兰"),
    "iceland": ("iceland", "icelandic|islandisch*"),
    "russia": (
        "russia|soviet union|ussr|russland|russie|rusia",
        "russian|soviet|russisch*|russe|ruso|rusa|俄罗斯|苏联",
    ),
    "poland": ("poland|polen|pologne|polonia", "polish|polnisch*|polonais|波兰"),
    "czech republic": ("czech republic|czechoslovakia|czechia", "czech|tschechisch*|tcheque|捷克"),
    "hungary": ("hungary", "hungarian|ungarisch*|hongrois"),
    "austria": ("austria|osterreich|autriche", "austrian|osterreichisch*|autrichien|奥地利"),
    "switzerland": ("switzerland|schweiz|suisse|suiza", "swiss|schweizer|suisse|瑞士"),
    "netherlands": ("netherlands|holland", "dutch|niederlandisch*|neerlandais|荷兰"),
    "belgium": ("belgium|belgien|belgique", "belgian|belgisch*|belge|比利时"),
    "portugal": ("portugal", "portuguese|portugiesisch*|portugais|葡萄牙"),
    "greece": ("greece", "greek|griechisch*|grec|grecque|希腊"),
    "turkey": ("turkey", "turkish|turkisch*|turc|turque|土耳其"),
    "iran": ("iran|persia", "iranian|persian|iranisch*|iranien|伊朗"),
    "israel": ("israel", "israeli|israelisch*"),
    "brazil": (
        "brazil|brasilien|bresil|brasil",
        "brazilian|brasilianisch*|bresilien|brasileno|巴西",
    ),
    "mexico": ("mexico|mexiko|mexique", "mexican|mexikanisch*|mexicain|mexicana|mexicano|墨西哥"),
    "argentina": ("argentina", "argentine|argentinian|argentinisch*|argentin|argentino|阿根廷"),
    "canada": ("canada|kanada", "canadian|kanadisch*|canadien|canadienne|加拿大"),
    "australia": ("australia|australien|australie", "australian|aussie|australisch*|澳大利亚|澳洲"),
    "new zealand": ("new zealand", "new zealand|kiwi"),
    "ireland": ("ireland|irland|irlande", "irish|irisch*|irlandais|爱尔兰"),
    "south africa": ("south africa", "south african"),
    "thailand": ("thailand", "thai"),
    "indonesia": ("indonesia", "indonesian"),
}

COUNTRY_GROUPS: Mapping[str, tuple[str, ...]] = {
    "scandinavian": ("sweden", "denmark", "norway"),
    "nordic": ("sweden", "denmark", "norway", "finland", "iceland"),
    "european": (
        "uk",
        "france",
        "germany",
        "italy",
        "spain",
        "sweden",
        "denmark",
        "norway",
        "finland",
        "poland",
        "austria",
        "switzerland",
        "netherlands",
        "belgium",
        "portugal",
        "greece",
        "ireland",
        "czech republic",
        "hungary",
    ),
    "asian": (
        "japan",
        "south korea",
        "china",
        "hong kong",
        "taiwan",
        "india",
        "thailand",
        "indonesia",
    ),
    "latin american": ("brazil", "mexico", "argentina"),
}

# The nouns of those groups.
CONTINENTS: Mapping[str, str] = {
    "europe|europa": "european",
    "asia|asien|asie": "asian",
    "latin america|south america|lateinamerika|amerique latine|america latina": "latin american",
}

SPOKEN: Mapping[str, str] = {
    "english": "english|en|englisch*|anglais|ingles|英语|英文",
    "french": "french|fr|franzosisch*|francais|frances|法语",
    "german": "german|de|deutsch*|allemand|aleman|德语",
    "spanish": "spanish|es|castilian|spanisch*|espagnol|espanol|西班牙语",
    "italian": "italian|it|italienisch*|italiano|意大利语",
    "japanese": "japanese|ja|japanisch*|japonais|japones|日语|日文",
    "korean": "korean|ko|koreanisch*|coreen|coreano|韩语",
    "chinese": "chinese|zh|mandarin|cantonese|cn|chinesisch*|chinois|chino|中文|国语|粤语",
    "portuguese": "portuguese|pt|portugiesisch*|portugais|portugues|葡萄牙语",
    "russian": "russian|ru|russisch*|russe|ruso|俄语",
    "swedish": "swedish|sv|schwedisch*|suedois|sueco|瑞典语",
    "danish": "danish|da|danisch*|danois|danes|丹麦语",
    "norwegian": "norwegian|no|nb|norwegisch*|norvegien",
    "dutch": "dutch|nl|niederlandisch*|neerlandais",
    "polish": "polish|pl|polnisch*|polonais|polaco",
    "persian": "persian|farsi|fa|persisch*|persan",
    "hindi": "hindi|hi",
    "arabic": "arabic|ar|arabisch*|arabe",
    "turkish": "turkish|tr|turkisch*|turc|turco",
    "hebrew": "hebrew|he",
    "indonesian": "indonesian|id",
    "thai": "thai|th",
    "silent": "silent|xx",
}
