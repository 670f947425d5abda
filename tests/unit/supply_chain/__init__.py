"""Known vulnerabilities, and licences."""
