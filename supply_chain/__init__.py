"""What the project ships of others' work: known vulnerabilities, and licences."""
