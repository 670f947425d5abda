"""Conversation-test suites: written in Rasa's end-to-end test format, held against any running bot.

Import from the modules: this package is looked at by every pytest run of an environment that has Skinfo,
so it loads nothing by itself.
"""
