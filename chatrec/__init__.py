"""chatrec: a generative conversational recommender.

Importing the package loads neither torch nor a model; parts are imported where they are used
and wired together in :mod:`chatrec.assemble` only.
"""

__version__ = "0.1.0"
