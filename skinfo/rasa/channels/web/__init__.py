"""The website's chat: the page, the widget, and the JSON that the widget speaks."""

from skinfo.rasa.channels.web.channel import WebChannel

__all__ = ["WebChannel"]
