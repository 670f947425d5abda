"""What the bot does: rasa-sdk custom actions, one a file. Rasa's action server loads this package."""
