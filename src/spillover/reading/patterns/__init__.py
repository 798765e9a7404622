"""Patterns: one file a kind of statement. Each has ``find(scene, sentence)`` and yields drafts."""
