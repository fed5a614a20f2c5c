"""What can be wrong with the inputs of a decision.

::

    DecisionInputError      arrays or numbers that no decision can be made from
"""

from __future__ import annotations


class DecisionInputError(ValueError):
    """The inputs of a decision contradict themselves; the message says which."""
