"""How people want to be advised on health, law or money, and what tells a wish for titles.

Data only: patterns in five languages for folded text (:mod:`.utterance`).
"""

from __future__ import annotations

from collections.abc import Mapping

ADVICE: Mapping[str, str] = {
    "health": (
        r"\b(?:cur(?:e|es|ing)|heal(?:s|ing)?|treat(?:s|ing|ment)?|manag(?:e|ing)|beat(?:ing)?|"
        r"revers(?:e|es|ing)|get(?:ting)? rid of|fight(?:ing)?|lower(?:ing)?|cope with|"
        r"coping with|deal(?:ing)? with|live with|living with|help(?:s)? (?:me )?(?:with|against)|"
        r"remedy for|remedies for|relief from|recover(?:ing)? from|good for|for|against|about) "
        r"(?:my|our|his|her) (?:\w+ )?(?:diabetes|cancer|tumou?r|depression|anxiety|"
        r"panic attacks?|adhd|autism|insomnia|migraines?|headaches?|back pain|pain|asthma|"
        r"allerg(?:y|ies)|arthritis|blood pressure|cholesterol|heart (?:disease|condition|failure)|"
        r"eczema|rash|acne|covid|flu|fever|infection|hiv|aids|epilepsy|dementia|alzheimer'?s?|"
        r"parkinson'?s?|ptsd|ocd|bipolar(?: disorder)?|schizophrenia|eating disorder|anorexia|"
        r"bulimia|addiction|alcoholism|drinking problem|obesity|weight|thyroid|ibs|crohn'?s|gout|"
        r"pregnancy|illness|disease|symptoms?|condition|medication)\b"
        r"|\b(?:cur(?:e|es|ing)|healing|treat(?:s|ing)?|revers(?:e|es|ing)|self[- ]treat\w*) "
        r"(?:\w+ )?(?:diabetes|cancer|depression|autism|anxiety|hiv|covid|dementia|"
        r"high blood pressure)\b"
        r"|\bmeine?[nrms]? (?:\w+ )?(?:diabetes|krebs|depression(?:en)?|angst(?:e|storung)?|"
        r"migrane|ruckenschmerzen|schmerzen|bluthochdruck|krankheit|schlafstorung\w*|sucht|"
        r"allergie|asthma)\b(?=.*\b(?:heil\w*|behand\w*|lindern|bekampf\w*|hilft|helfen|loswerd\w*|"
        r"umgehen|besieg\w*))|\b(?:heil\w*|behandel\w*|gegen|lindern|bekampf\w*) (?:von "
        r")?meine?[nrms]? "
        r"(?:\w+ )?(?:diabetes|krebs|depression(?:en)?|migrane|ruckenschmerzen|schmerzen|"
        r"bluthochdruck|schlafstorung\w*|sucht|allergie|asthma)\b"
        r"|\b(?:guerir|soigner|traiter|contre|combattre) (?:mon|ma|mes) (?:\w+ )?(?:diabete|cancer|"
        r"depression|anxiete|migraines?|maladie|douleurs?|hypertension|insomnie|addiction|asthme)\b"
        r"|\b(?:curar|tratar|aliviar|combatir|contra|superar) (?:mi|mis) (?:\w+ )?(?:diabetes|"
        r"cancer|depresion|ansiedad|migranas?|enfermedad|dolor(?:es)?|hipertension|insomnio|"
        r"adiccion|asma)\b"
        r"|(?:治|治好|治疗|治愈|缓解|对付)我?的?(?:糖尿病|癌症|抑郁症?|焦虑症?|失眠|高血压|偏头痛|"
        r"病)"
    ),
    "law": (
        r"\b(?:su(?:e|ing)|take .{0,20}to court|press charges against) (?:my|our|the|a) \w+"
        r"|\b(?:win|winning|fight|fighting|handle|handling|prepare|preparing|for|with|about) "
        r"(?:my|our) (?:\w+ )?(?:lawsuit|court case|custody (?:case|battle)|divorce(?: case)?|"
        r"eviction|trial|asylum (?:case|application)|visa (?:case|application)|"
        r"immigration case|inheritance (?:case|dispute))\b"
        r"|\bmy legal (?:rights|problem|case|situation)\b|\blegal advice\b"
        r"|\b(?:get|getting) (?:out of|away with) (?:my|a) (?:contract|lease|speeding ticket|"
        r"taxes)\b"
        r"|\b(?:meinen?|meine) (?:\w+ )?(?:vermieter|chef|nachbarn?|arbeitgeber) (?:zu "
        r")?verklagen\b|"
        r"\bmeine[nrs]? (?:scheidung|prozess|sorgerechts\w*|kundigung)\b(?=.*\b(?:gewinn\w*|recht|"
        r"anwalt|hilft|helfen))|\brechtsrat\b|\brechtsberatung\b"
        r"|\b(?:poursuivre|attaquer) mon (?:\w+ )?(?:proprietaire|patron|employeur|voisin)\b|"
        r"\bgagner mon (?:proces|divorce)\b"
        r"|\bdemandar a mi (?:\w+ )?(?:casero|jefe|vecino|empresa)\b|\bganar mi (?:juicio|"
        r"divorcio)\b"
        r"|(?:起诉|告)(?:我的?)?(?:房东|老板|公司|邻居)|打赢?(?:我的)?官司"
    ),
    "money": (
        r"\b(?:invest(?:ing)?|grow(?:ing)?|doubl(?:e|ing)|multiply(?:ing)?|sav(?:e|ing)|"
        r"manag(?:e|ing)|put(?:ting)?|pay(?:ing)? off|get(?:ting)? out of|consolidat(?:e|ing)|"
        r"trad(?:e|ing)|do with|plan(?:ning)?|build(?:ing)?|reduc(?:e|ing)|lower(?:ing)?) "
        r"(?:all )?(?:of )?(?:my|our) (?:\w+ )?(?:savings?|money|inheritance|pension|retirement|"
        r"salary|portfolio|stocks?|shares?|crypto|debts?|mortgage|loans?|taxes|wealth|income|"
        r"401k|finances|capital)\b"
        r"|\bhow (?:to|should i|do i|can i) (?:invest|trade (?:stocks|crypto|options|forex)|"
        r"buy (?:stocks|shares|crypto|bitcoin)|get rich|pick stocks|retire early|make money)\b"
        r"|\b(?:meine?[nrs]?) (?:\w+ )?(?:ersparnisse|erspartes|geld|erbe|rente|schulden|aktien)\b"
        r"(?=.*\b(?:anleg\w*|investier\w*|vermehr\w*|loswerd\w*|sparen|abbezahl\w*))"
        r"|\b(?:investir|placer|faire fructifier|gerer|rembourser) (?:mon|ma|mes) (?:\w+ "
        r")?(?:argent|"
        r"epargne|economies|heritage|dettes?|salaire)\b"
        r"|\b(?:invertir|gestionar|multiplicar|pagar|ahorrar) (?:mi|mis) (?:\w+ )?(?:ahorros|"
        r"dinero|"
        r"herencia|deudas?|sueldo)\b"
        r"|(?:投资|理财|打理|管理)(?:我的?)?(?:积蓄|存款|钱|工资|退休金)|怎么(?:投资|理财|炒股)"
    ),
}  # fmt: skip
# A question to be advised itself, with nothing to watch, read or play in it.
ASKS_ADVICE = (
    r"^\W*(?:(?:please|hi|hello|hey|ok|so)\W+)*(?:how (?:do|can|should|could|to)|should i|can i|"
    r"may i|what (?:should|can|do) i (?:do|take|eat|use|buy|invest)|what medic\w+|which medic\w+|"
    r"is it (?:legal|safe)|wie (?:kann|soll|behandle|heile|lege|investiere)|comment|como|"
    r"怎么|如何)"
)
TITLES_ASKED = (
    r"\b(?:films?|movies?|books?|novels?|games?|series|shows?|documentar(?:y|ies)|docs?|watch|"
    r"read|play|stories|story|songs?|titles?|something|anything|recommend\w*|suggest\w*|filme?n?|"
    r"bucher|buch|spiele?|etwas|empfiehl\w*|livres?|jeux|quelque chose|recommande\w*|conseille\w*|"
    r"peliculas?|libros?|juegos?|algo|recomiend\w*|recomienda\w*|doku\w*|reportagen?)\b|"
    r"电影|书|片|游戏|推荐|想看"
)
