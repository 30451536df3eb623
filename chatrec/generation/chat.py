"""Turns a chat prompt into the token ids that a decoder's own chat template asks for.

Knows tokenizers and their templates; knows nothing about models. No control token comes from a
message: each content is neutralised here, whoever built the prompt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from jinja2.exceptions import TemplateError

from chatrec.errors import ModelError, RequestError
from chatrec.prompting import Message, Prompt, neutralise

_PROBE = "chatrec-probe"
_NEVER = re.compile(r"(?!)")
Turns = list[dict[str, str]]


class ChatFormat:
    """The chat format of one tokenizer, found out once.

    A template that refuses or drops a system message gets its text at the head of the first user
    message. A tokenizer without a template gets ``role: content`` lines. Neighbouring messages of
    one role are joined, since some templates insist on alternation.
    """

    def __init__(self, tokenizer: Any) -> None:
        """``tokenizer`` is a Hugging Face tokenizer; nothing on it is changed."""
        self._tokenizer = tokenizer
        self._has_template = bool(tokenizer.chat_template)
        self._takes_system = self._has_template and self._shows_system()
        self._control = _control_pattern(tokenizer)
        self._plain_start = _default_start(tokenizer)

    def encode(self, prompt: Prompt) -> list[int]:
        """The ids of ``prompt`` up to where the assistant's answer begins.

        Raises RequestError for an empty prompt, ModelError when the template refuses the order
        of roles.
        """
        if not prompt:
            raise RequestError("the prompt has no messages; give at least one user message")
        turns = _joined([self._clean(message) for message in prompt])
        if not self._has_template:
            text = "".join(f"{turn['role']}: {turn['content']}\n" for turn in turns)
            return self._plain_start + self._ids(text + "assistant:")
        if not self._takes_system:
            turns = _without_system(turns)
        return self._ids(self._render(turns))

    def _clean(self, message: Message) -> dict[str, str]:
        content = neutralise(message.content)
        while found := self._control.search(content):
            at = found.start() + 1
            content = f"{content[:at]} {content[at:]}"
        return {"role": message.role, "content": content}

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def _render(self, turns: Turns) -> str:
        try:
            return self._template(turns)
        except TemplateError as error:
            roles = ", ".join(turn["role"] for turn in turns)
            raise ModelError(
                f"the decoder's chat template refuses the roles {roles}: {error}; alternate user "
                f"and assistant, user first and last"
            ) from error

    def _template(self, turns: Turns) -> str:
        # Templates of reasoning models (Qwen3) read enable_thinking; the others ignore it.
        return str(
            self._tokenizer.apply_chat_template(
                turns, tokenize=False, add_generation_prompt=True, enable_thinking=False
            )
        )

    def _shows_system(self) -> bool:
        probe = [{"role": "system", "content": _PROBE}, {"role": "user", "content": "?"}]
        try:
            return _PROBE in self._template(probe)
        except TemplateError:
            return False


def _joined(turns: Sequence[dict[str, str]]) -> Turns:
    joined: Turns = []
    for turn in turns:
        if joined and joined[-1]["role"] == turn["role"]:
            joined[-1] = {**turn, "content": f"{joined[-1]['content']}\n\n{turn['content']}"}
        else:
            joined.append(turn)
    return joined


def _without_system(turns: Turns) -> Turns:
    """System messages become the head of the user message that follows them."""
    return _joined([{**turn, "role": turn["role"].replace("system", "user")} for turn in turns])


def _control_pattern(tokenizer: Any) -> re.Pattern[str]:
    """Matches each control token of the vocabulary: special ones and those the template writes."""
    template = tokenizer.chat_template if isinstance(tokenizer.chat_template, str) else ""
    tokens = [
        str(token)
        for token in tokenizer.added_tokens_decoder.values()
        if len(str(token).strip()) > 1 and (token.special or str(token) in template)
    ]
    tokens.sort(key=len, reverse=True)
    return re.compile("|".join(map(re.escape, tokens))) if tokens else _NEVER


def _default_start(tokenizer: Any) -> list[int]:
    """The start token, where the tokenizer itself puts one before plain text."""
    first = tokenizer.encode("x")[:1]
    return list(first) if first == [tokenizer.bos_token_id] else []
