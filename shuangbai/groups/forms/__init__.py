"""The forms of groups: what was typed becomes an entry; whether it is right is for the rules to say."""
