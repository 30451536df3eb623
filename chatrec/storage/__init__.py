"""What outlives the process: conversations, feedback, profiles and API keys, in a database.

``docs/storage.md`` has the tables and what is promised about them.
"""

from chatrec.storage.feedback import FeedbackEvent, FeedbackKind, FeedbackLog
from chatrec.storage.keys import KeyEntry, Keys, NewKey
from chatrec.storage.owners import LOCAL_OWNER, acting_for
from chatrec.storage.profiles import Profile, Profiles
from chatrec.storage.store import Deleted, Storage, open_storage

__all__ = [
    "LOCAL_OWNER",
    "Deleted",
    "FeedbackEvent",
    "FeedbackKind",
    "FeedbackLog",
    "KeyEntry",
    "Keys",
    "NewKey",
    "Profile",
    "Profiles",
    "Storage",
    "acting_for",
    "open_storage",
]
