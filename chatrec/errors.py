"""Errors that a caller can cause, each worded as one line: what, received, allowed, remedy."""

from __future__ import annotations


class ChatrecError(Exception):
    """Base of every error whose message is written for the person at the other end."""


class DataError(ChatrecError):
    """A catalogue, interaction file or workspace that cannot be used as it is."""


class ModelError(ChatrecError):
    """A decoder, embedding model or adapter that cannot be loaded or reached."""


class RequestError(ChatrecError):
    """A request with a value that is not allowed."""
