"""Breaking the bot on purpose, to see whether the conversation tests notice: ``make mutants``."""
