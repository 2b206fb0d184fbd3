"""What the programme's keepers do on their own machines: root, authorities, directories."""
