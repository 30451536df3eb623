"""The chat, from the settings alone: settings -> assemble -> page."""

from chatrec.assemble import assemble
from chatrec.serving.api import serve
from chatrec.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    serve(assemble(settings), settings.host, settings.port)
