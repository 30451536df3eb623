"""Trains the default decoder to write lines of acts, for ``understanding_decoder.py``.

On written messages (``act_rows/*.txt``), on generated ones
(``chatrec/training/understanding_pairs.py``) and on messages of ReDial's training dialogues with an
even id, labelled by what their seekers said in the form.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812  (torch's own convention)
from understanding import OPINION, SEEING, Said, dialogues

from chatrec.conversation.act_lines import ActLine, Slot, copied, parsed, prompt_of
from chatrec.data.catalog import builtin_films
from chatrec.data.title_words import plain_letters
from chatrec.generation.loading import quiet_peft
from chatrec.generation.model import LocalDecoder
from chatrec.training.batches import Sentence
from chatrec.training.checkpoints import Checkpoints
from chatrec.training.tensors import hidden_states
from chatrec.training.understanding_pairs import ActPair, PairSource

SEED = 2026
BATCH, POOL = 8, 32  # messages a step; steps whose messages are sorted by length together
RATE, LOWEST, WARMUP = 1e-3, 0.05, 30
FIXED_LAYERS = 10  # from below, which learn nothing: 30 learning layers take a quarter longer
WRITTEN_SHARE, REDIAL_SHARE = 0.7, 0.08  # of the messages; the others are generated
LONGEST = 64  # tokens of a prompt of ReDial
ROWS = Path(__file__).resolve().parent / "act_rows"
EVALUATED, EVERY = 120, 50  # written messages for the loss that is watched, and steps between
LINEAR = [f"{m}_proj" for m in ("q", "k", "v", "o", "gate", "up", "down")]
END = "\n"
_WISHES = re.compile(
    r"\?|\b(?:looking|something|anything|recommend\w*|suggest\w*|similar|want|movies like|any|"
    r"like @\d+|check|watch it|will watch|mood)\b"
)
NO_LABEL = {"liked": 2, "seen": 2}
_ORDINAL = re.compile(r"(?:first|second|third|fourth|fifth|last|middle|other)\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def written_pairs(folder: Path = ROWS) -> list[ActPair]:
    """The rows of the folder's files, each a message with its moment and its line.

    A row is a line ``= shown | limits | wish`` (may be left out), one ``> message`` and a line of
    acts. Raises ValueError, with its place, for a row that is not so.
    """
    found = []
    for path in sorted(folder.glob("*.txt")):
        shown, limits, wish, said = (), (), "", ""
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            match text[:1]:
                case "" | "#":
                    continue
                case "=":
                    moment = [part.strip() for part in text[1:].split("|")]
                    shown, limits = (tuple(filter(None, p.split("; "))) for p in moment[:2])
                    wish = moment[2]
                case ">":
                    said = text[1:].strip()
                case _:
                    line = _pointing(parsed(text), said)
                    if any(slot.words not in copied(said) for slot in line.slots):
                        raise ValueError(f"{path.name}, line {number}: {line} isn't of {said!r}")
                    found.append(ActPair(said, prompt_of(said, shown, limits, wish), line))
                    shown, limits, wish, said = (), (), "", ""
    return found


def _pointing(line: ActLine, said: str) -> ActLine:
    """The line with pointers as generated ones have them: "the second", where that was said."""
    slots = (
        Slot(slot.pair, f"the {slot.words}")
        if slot.pair[1] == "t"
        and _ORDINAL.match(slot.words)
        and f"the {slot.words}" in copied(said)
        else slot
        for slot in line.slots
    )
    return ActLine(line.act, tuple(slots))


def redial_pairs(data: Path) -> list[ActPair]:
    """Messages that judge films, with what the seeker's form says of them; no others.

    Only messages without a question or a wish, every film of which has a label that the message
    gives away; of messages that answer about one film just named, those that say "it" or "that".
    """
    found, names = [], {}
    for labels, told in dialogues(data / "redial", "even"):
        for before, said in zip((None, *told), told, strict=False):
            names |= dict(zip(said.films, _titles(said), strict=False))
            if said.by_seeker and not _WISHES.search(plain_letters(said.ids)):
                slots, text = _judged(said, before, labels)
                if slots:
                    shown = [names[f] for f in before.films if f in names] if before else []
                    judged = any(s.pair != "+t" or s.words in shown for s in slots)
                    judged |= not said.films
                    act = "V" if judged else "F" if shown else "R"
                    found.append(ActPair(text, prompt_of(text, shown), ActLine(act, slots)))
    return found


def _titles(said: Said) -> list[str]:
    """The titles of the films that a message names, without their years."""
    pattern = re.sub(r"@\d+", "(.+?)", re.sub(r"([^\w@ ])", r"\\\1", said.ids))
    match = re.fullmatch(pattern, said.titles, re.DOTALL)
    return [re.sub(r"\s*\(\d{4}\)\s*$", "", t) for t in match.groups()] if match else []


def _judged(
    said: Said, before: Said | None, labels: Mapping[str, Mapping[str, int]]
) -> tuple[tuple[Slot, ...], str]:
    """The slots that labels give, and the message with titles; no slots where some label lacks."""
    films, titles, text = said.films, _titles(said), said.titles
    if len(titles) < len(films):
        return (), text
    if not films and before is not None and len({*before.films}) == 1 and not before.by_seeker:
        pointer = re.search(r"\b(?:that one|it|that)\b", said.ids)
        if pointer is None:
            return (), text
        films, titles = before.films[:1], [pointer[0]]
    slots = []
    for film, title in zip(films, titles, strict=True):
        sentences = [s for s in _SENTENCE.split(said.ids) if f"@{film}" in s or not said.films]
        told = plain_letters(" ".join(sentences))
        label = labels.get(film, NO_LABEL)
        if OPINION.search(told) and label["liked"] != 2:
            slots.append(Slot("+t" if label["liked"] else "-t", title))
        elif SEEING.search(told) and label["seen"] == 1:
            slots.append(Slot("!t", title))
        else:
            return (), text
    slots = [Slot(slot.pair, copied(slot.words)) for slot in slots]
    return tuple(slots), re.sub(r"\s+", " ", text)


def encoded(decoder: LocalDecoder, pair: ActPair) -> Sentence:
    """The ids of a prompt and its line, as the decoder writes it."""
    prompt = decoder.encode_text(pair.prompt)
    return Sentence((*prompt, *decoder.encode_text(f" {pair.line}{END}")), len(prompt))


def batches(
    decoder: LocalDecoder, source: PairSource, written: Sequence[ActPair], redial: Sequence[ActPair]
) -> Iterator[list[Sentence]]:
    """Batches without an end, each of messages about as long as one another.

    Written messages come in an order drawn anew each time that all have been read.
    """
    rng = random.Random(SEED)
    to_come: list[ActPair] = []

    def drawn() -> ActPair:
        nonlocal to_come
        place = rng.random()
        if place < WRITTEN_SHARE:
            to_come = to_come or rng.sample(written, len(written))
            return to_come.pop()
        return rng.choice(redial) if place < WRITTEN_SHARE + REDIAL_SHARE else source.sample(rng)

    while True:
        pairs = [drawn() for _ in range(BATCH * POOL)]
        rows = sorted((encoded(decoder, p) for p in pairs), key=lambda row: len(row.ids))
        groups = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
        rng.shuffle(groups)
        yield from groups


def with_lora(model: Any) -> Any:
    """The model with a LoRA on the linear maps of its upper layers, which alone learns."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=16,
        lora_alpha=32,
        target_modules=LINEAR,
        layers_to_transform=list(range(FIXED_LAYERS, model.config.num_hidden_layers)),
        task_type="CAUSAL_LM",
    )
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    torch.manual_seed(SEED)
    with quiet_peft():
        return get_peft_model(model, config)


def learning(model: Any) -> tuple[dict[str, torch.Tensor], torch.optim.Optimizer]:
    """The parameters that learn, by name, and their optimiser."""
    named = {n: p for n, p in model.named_parameters() if p.requires_grad}
    return named, torch.optim.AdamW(named.values(), lr=RATE, weight_decay=0.0)


def checkpoints(
    model: Any, run: Path, optimiser: torch.optim.Optimizer | None = None
) -> Checkpoints:
    """The folder of a run of these options."""
    named, fresh = learning(model)
    return Checkpoints(run, f"understanding {SEED} {BATCH} {RATE}", named, optimiser or fresh)


def loss_of(model: Any, rows: Sequence[Sentence]) -> torch.Tensor:
    """Mean cross-entropy of the lines' tokens; the language head runs at these places alone."""
    hidden = hidden_states(model, [row.ids for row in rows])  # (B, T, H)
    states = torch.cat([hidden[n, r.first - 1 : len(r.ids) - 1] for n, r in enumerate(rows)])
    targets = [token for row in rows for token in row.ids[row.first :]]
    return F.cross_entropy(model.get_output_embeddings()(states), torch.tensor(targets))


def train(
    decoder: LocalDecoder, data: Path, run: Path, seconds: float, begun_with: Path | None = None
) -> None:
    """Tunes until the time is over; checkpoint and log are in ``run``.

    ``begun_with``: the folder of a run whose weights are gone on from, with a fresh optimiser.
    """
    source, redial, written = PairSource(builtin_films()), redial_pairs(data), written_pairs()
    redial = [pair for pair in redial if len(decoder.encode_text(pair.prompt)) <= LONGEST]
    watching = random.Random(SEED + 1)
    watching.shuffle(written)
    kept_back, written = written[:EVALUATED], written[EVALUATED:]
    watched = [encoded(decoder, pair) for pair in kept_back]
    model = with_lora(decoder.model)
    if begun_with is not None and checkpoints(model, begun_with).resume() is None:
        raise ValueError(f"{begun_with} has no checkpoint of these options")
    named, optimiser = learning(model)
    kept = checkpoints(model, run, optimiser)
    done = kept.resume() or {"step": 0, "tokens": 0, "seconds": 0}
    begun, tokens = time.monotonic() - done["seconds"], done["tokens"]
    to_come = islice(batches(decoder, source, written, redial), done["step"], None)
    for step, rows in enumerate(to_come, start=done["step"] + 1):
        spent = (time.monotonic() - begun) / seconds
        falling = (1 + np.cos(np.pi * min(1.0, spent))) / 2
        optimiser.param_groups[0]["lr"] = (
            RATE * min(1.0, step / WARMUP) * (LOWEST + (1 - LOWEST) * falling)
        )
        model.train()
        loss = loss_of(model, rows)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(named.values(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        tokens += sum(len(row.ids) for row in rows)
        figures = {"step": step, "loss": round(float(loss.detach()), 4)}
        if step % EVERY == 0 or spent >= 1:
            model.eval()
            with torch.inference_mode():
                parts = [watched[at : at + BATCH] for at in range(0, EVALUATED, BATCH)]
                figures["held out"] = round(
                    float(np.mean([float(loss_of(model, p)) for p in parts])), 4
                )
            took = time.monotonic() - begun
            figures |= {"tokens": tokens, "s": round(took), "written": len(written)}
            kept.save(step=step, tokens=tokens, seconds=round(took), written=len(written))
        kept.log(figures)
        if spent >= 1:
            return


def exported(decoder: LocalDecoder, run: Path, folder: Path) -> dict[str, Any]:
    """Writes the weights that a run came to, in bf16, and their config; what the run had done."""
    model = with_lora(decoder.model)
    done = checkpoints(model, run).resume()
    if done is None:
        raise SystemExit(f"{run} has no checkpoint of these options; train first")
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            parameter.data = parameter.data.to(torch.bfloat16)
    model.peft_config["default"].base_model_name_or_path = decoder.name
    model.save_pretrained(str(folder), safe_serialization=True, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)
    return done
