"""The chat, from the settings alone: settings -> assemble -> page."""

import sys

from chatrec.assemble import assemble
from chatrec.errors import ChatrecError
from chatrec.serving.api import serve
from chatrec.settings import Settings

if __name__ == "__main__":
    try:
        settings = Settings()
        serve(assemble(settings), settings.host, settings.port, settings)
    except ChatrecError as error:  # the caller's to mend, as on the command line
        sys.stderr.write(f"chatrec: {error}\n")
        sys.exit(2)
