"""The command line: one file per command, each importing its stage only when it runs."""
