"""Contagion: a marked, multivariate, space-time Hawkes process, and its placebos."""
