"""chatrec: a generative conversational recommender.

Importing the package loads neither torch nor a model; parts are imported where they are used
and wired together in :mod:`chatrec.assemble` only.
"""

import os

# torch's threads spin for milliseconds at the end of every parallel operation before they sleep.
# Where another process holds one of few cores, the one that is waited for can't run meanwhile,
# and operations of 0.2 ms take 16. Read by libgomp when torch is imported; what is set stays.
os.environ.setdefault("GOMP_SPINCOUNT", "20000")

__version__ = "0.1.0"
