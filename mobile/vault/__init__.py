"""The encrypted store of a phone: keys, records, PIN, tries, wipe."""
