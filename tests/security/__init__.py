"""What nobody may be able to do."""
