"""What the empty page offers: how much there is to choose from, and prompts that can be pressed."""

from __future__ import annotations

from dataclasses import dataclass

from chatrec.conversation.labels import named
from chatrec.conversation.lexicon import Language
from chatrec.conversation.wordings import in_language
from chatrec.data.catalog import Catalog
from chatrec.serving.markup import plain, say_button
from chatrec.serving.page_words import (
    FILM_PROMPTS,
    GENRE_PROMPT,
    LIKE_PROMPT,
    count,
    plural_of,
    say,
)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the empty page offers, in the page's language."""

    plural: str
    count: int
    prompts: tuple[str, ...]


def welcome_for(catalog: Catalog, language: Language = "en") -> Welcome:
    """The empty page for a catalogue: its size, and prompts that it can answer."""
    plural = plural_of(catalog.domain, language)
    if catalog.domain == "film":
        prompts = [in_language(row, language) for row in FILM_PROMPTS]
        return Welcome(plural, len(catalog), tuple(prompts))
    like, best = in_language(LIKE_PROMPT, language), in_language(GENRE_PROMPT, language)
    prompts = [like.format(item.title) for item in catalog.items[:2]]
    genres = dict.fromkeys(genre for item in catalog.items for genre in item.genres)
    prompts += [best.format(_within(genre, language), plural) for genre in list(genres)[:1]]
    return Welcome(plural, len(catalog), (*prompts, say("surprise", language)))


def welcome(offer: Welcome, language: Language) -> str:
    """The empty page as HTML."""
    prompts = "".join(say_button(prompt, kind="cr-prompt") for prompt in offer.prompts)
    intro = say("intro", language, count(offer.count, language), offer.plural)
    link = (
        "<button type='button' class='cr-link' data-act='rate'>"
        f"{plain(say('rate_link', language))}</button>"
    )
    return (
        f"<section class='cr-welcome'><h2>{plain(say('mood', language))}</h2><p>{plain(intro)}</p>"
        f"<div class='cr-prompts' role='group' aria-label='{plain(say('examples', language))}'>"
        f"{prompts}</div><p class='cr-or'>{say('or', language, link)}</p></section>"
    )


def _within(genre: str, language: Language) -> str:
    """A genre as it stands within a sentence."""
    return genre.lower() if language == "en" else named("genre", genre, language)
