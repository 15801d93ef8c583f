"""How long our gradient takes beside other people's, within one run."""
