"""``python -m spillover`` is the command ``spillover``."""

from __future__ import annotations

if __name__ == "__main__":
    from spillover.cli import main

    main()
