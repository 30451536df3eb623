"""The chat, from the settings alone: settings -> assemble -> page."""

import sys

from chatrec.errors import ChatrecError
from chatrec.heaps import share_heaps


def main() -> None:
    """Serve the page until interrupted."""
    share_heaps()  # before what is imported here starts threads
    from chatrec.assemble import assemble
    from chatrec.serving.api import serve
    from chatrec.settings import Settings

    settings = Settings()
    serve(assemble(settings), settings.host, settings.port, settings)


if __name__ == "__main__":
    try:
        main()
    except ChatrecError as error:  # the caller's to mend, as on the command line
        sys.stderr.write(f"chatrec: {error}\n")
        sys.exit(2)
