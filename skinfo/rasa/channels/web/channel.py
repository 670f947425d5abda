"""The website's chat as Rasa mounts it."""

from __future__ import annotations

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint

from skinfo.conversation import Responder
from skinfo.paths import project_folder
from skinfo.rasa.channels.guarded import shared_buttons, shared_limits
from skinfo.rasa.channels.web.api import WebApi
from skinfo.rasa.channels.web.pages import add_pages
from skinfo.rasa.channels.web.repeats import Repeats
from skinfo.rasa.channels.web.tokens import Tokens
from skinfo.rasa.guard import Guard, Handler
from skinfo.rasa.limits import OpenConversations
from skinfo.rasa.secret import server_secret
from skinfo.rasa.settings import Settings


class WebChannel(InputChannel):
    """Serves the page, the widget and the JSON that the widget speaks."""

    @classmethod
    def name(cls) -> str:
        """See `InputChannel.name`."""
        return "web"

    def url_prefix(self) -> str:
        """Routes stand at the root of the server, not under ``/webhooks/``."""
        return "/"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The channel's routes."""
        settings = Settings.shared()
        routes = Blueprint("skinfo_web")
        add_pages(routes, project_folder() / "widget" / "dist")
        WebApi(
            channel=self.name(),
            guard=Guard(Responder.shared(), settings.patience),
            tokens=Tokens(server_secret()),
            buttons=shared_buttons(),
            limits=shared_limits(),
            open_conversations=OpenConversations(
                settings.open_conversations_per_address, settings.open_conversations
            ),
            repeats=Repeats(),
        ).add_to(routes)
        return routes
