"""Words of praise, of rank and of fame, and words that only end like a superlative. Data only."""

from __future__ import annotations

from chatrec.generation.words import word_set

SUPERLATIVES = word_set(
    """best greatest finest worst most least top favourite favorite ultimate greatest-ever
    perfect unmatched unrivalled unparalleled masterpiece masterful classic iconic legendary
    famous beloved popular hit blockbuster acclaimed celebrated renowned award awards awarded
    award-winning oscar oscars academy emmy grammy golden-globe cannes palme nominated
    nomination nominations winner winning prize prizes bestselling bestseller highest-grossing
    box-office must-see groundbreaking seminal landmark influential cult timeless"""
)
SAFE_MOST = (
    "at most",
    "most of all",
    "for the most part",
    "most of",
    "best friend",
    "the best of the",
    "hit with you",
    "than the last",
    "best thing about",
    "best things about",
    "best thing in",
    "best reason",
    "a classic choice",
    "at best",
    "than most",
    "at his most",
    "at her most",
    "at its most",
    "at their most",
    "least of all",
    "at least",
    "first of all",
    "not least",
    "in the least",
)
EST_WORDS = word_set(
    """west rest interest quest forest guest honest request contest test suggest nest harvest
    protest arrest invest chest priest modest conquest midwest wildest northwest southwest
    vest pest jest crest digest molest detest everest wrest latest ernest budapest bequest
    inquest tempest manifest dishonest zest fest earnest attest unrest ingest lest blest
    nearest closest earliest est bucharest"""
)
