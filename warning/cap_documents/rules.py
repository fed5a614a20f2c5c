"""Every rule of CAP that stands only in text, as one table, and how it is applied.

What the XSD enforces is in ``cap_schema``; what cannot be read at all in ``cap_tree``
and ``cap_reader``. A new rule is a row in one of the five tables joined here, one case
in ``tests/unit/warning/test_cap_rules.py`` and one line in ``docs/cap.md``.
"""

from warning.cap_documents.defects import Defect
from warning.cap_documents.rule import Context, Rule
from warning.cap_documents.rules_alert import ALERT_RULES
from warning.cap_documents.rules_area import AREA_RULES
from warning.cap_documents.rules_info import INFO_RULES
from warning.cap_documents.rules_references import REFERENCE_RULES
from warning.cap_documents.rules_resource import RESOURCE_RULES

RULES: tuple[Rule, ...] = (
    ALERT_RULES + REFERENCE_RULES + INFO_RULES + AREA_RULES + RESOURCE_RULES
)


def judge(context: Context) -> list[Defect]:
    """Apply every rule to an alert.

    Parameters
    ----------
    context : Context
        The alert's nodes, what reads its shapes, and the table of geocodes if any.

    Returns
    -------
    list of Defect
        In the order of the rules, within a rule in document order.
    """
    return [defect for rule in RULES for defect in rule.apply(context)]
