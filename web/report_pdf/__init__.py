"""The after-action report on paper: figures, map, texts, times, what was done."""
