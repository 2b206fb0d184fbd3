"""Everything between the vault and the server: client, outbox, log, directory, trust."""
