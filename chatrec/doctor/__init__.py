"""``chatrec doctor``: what is on this machine and what is set, checked; nothing is changed.

Each check gives findings, each with what to do where that is anything.
"""
