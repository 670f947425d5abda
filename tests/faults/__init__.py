"""Parts of the bot broken on purpose."""
