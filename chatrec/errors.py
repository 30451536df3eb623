"""Errors that a caller can cause, each worded as one line: what, received, allowed, remedy."""

from __future__ import annotations


class ChatrecError(Exception):
    """Base of every error whose message is written for the person at the other end."""


class DataError(ChatrecError):
    """A catalogue, interaction file or workspace that cannot be used as it is."""


class ModelError(ChatrecError):
    """A decoder, embedding model or adapter that cannot be loaded or reached."""


class NoLogprobsError(ModelError):
    """A decoder's server that answers, but tells no log-probabilities: labels can't be scored."""


class RequestError(ChatrecError):
    """A request with a value that is not allowed."""


class ConflictError(RequestError):
    """A request that contradicts what has been stored meanwhile; it changed nothing."""


class StorageError(ChatrecError):
    """A database that cannot be reached or used at the moment; the same request may work later."""


def shortened(value: object, most: int = 60) -> str:
    """The value as an error quotes it: its repr, both ends of it where it is over ``most`` long.

    >>> shortened("a" * 100, 21)
    "'aaaaaaa ... aaaaaaa'"
    """
    text = repr(value)
    side = (most - len(" ... ")) // 2
    return text if len(text) <= most else f"{text[:side]} ... {text[-side:]}"
