"""What a visitor of ``benchmarks/load.py`` does, as locust runs it: conversations of several turns.

An answer in which anything of another visitor's appears counts as a failure, and so does one that
lost something of this visitor's. Settings come in the environment: ``LOAD_RUN`` is a word that
makes the sessions of a run its own, ``LOAD_TURNS`` the length of a conversation, ``LOAD_FAILED`` a
file to which each failure is added as a line.

Run by ``benchmarks/load.py``, or alone: ``locust -f benchmarks/load_users.py --host URL``
"""

import itertools
import os
import random

from load_parts import Visitor
from locust import HttpUser, constant, task

RUN = os.environ.get("LOAD_RUN", "alone")
TURNS = int(os.environ.get("LOAD_TURNS", "6"))
FAILED = os.environ.get("LOAD_FAILED", os.devnull)
NUMBERS = itertools.count()


class Guest(HttpUser):
    """Says one thing after another without a pause; what it says depends on its number alone."""

    wait_time = constant(0)

    def on_start(self) -> None:
        number = next(NUMBERS)
        self.visitor = Visitor(number, RUN)
        self.chosen = random.Random(number)

    @task
    def talk(self) -> None:
        for body in self.visitor.conversation(self.chosen, TURNS):
            with self.client.post("/v1/recommend", json=body, catch_response=True) as answer:
                wrong = (
                    self.visitor.wrong_in(answer.json())
                    if answer.status_code == 200
                    else f"status {answer.status_code}: {answer.text[:200]}"
                )
                if wrong:
                    answer.failure(wrong)
                    with open(FAILED, "a", encoding="utf-8") as failed:
                        failed.write(wrong.replace("\n", " ") + "\n")
                    return
