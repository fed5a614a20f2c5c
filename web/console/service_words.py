"""Sentences that the service itself makes, noted here so that they are translated.

Where a sentence holds a figure it is made anew here; one that is not noted is shown as
the service says it, in English.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from accounts.audit_check import AuditVerdict
from web.console.languages import figure
from web.console.words import noted

#: Why carriers do not deliver: ``telephony.carriers.failures``.
FAILURES = (
    noted("The carrier refuses our credentials; check account_sid and auth_token."),
    noted("The carrier account is suspended, unpaid or not allowed."),
    noted("The carrier asks us to send more slowly."),
    noted("The carrier does not accept this as a telephone number."),
    noted("The carrier has no route or no permission to this number."),
    noted("The carrier refuses our sender number; check sms_from and voice_from."),
    noted("The person opted out at the carrier."),
    noted("The carrier's queue for our sender is full."),
    noted("The number is not a mobile and takes no text messages."),
    noted("The handset is off or out of reach."),
    noted("The message was blocked on its way to the handset."),
    noted("The handset is unknown to its network."),
    noted("The number is a landline or cannot take text messages."),
    noted("The carrier filtered the message as unwanted."),
    noted("The carrier could not deliver and does not say why."),
    noted("The carrier's own provider did not answer in time."),
    noted("The carrier gave up before its turn came."),
    noted("The carrier's gateway is down."),
    noted("The line was busy."),
    noted("Nobody answered."),
    noted("The carrier could not deliver."),
    noted("The network did not deliver."),
    noted("It was withdrawn at the carrier."),
    noted("The carrier could not be connected to."),
    noted("Nobody here knows this code; ask the carrier."),
)
#: What a page says that is not there: ``web.problems``.
NOT_THERE = noted("There is nothing at this address; docs/api.md lists what there is.")
#: What must hold for alerts to leave: ``ops.health``.
READINESS = (
    noted("The database does not answer; see that it runs and has room."),
    noted("The tables are not those of this release: tocsin db upgrade"),
    noted(
        "No worker has given a sign of life, so nothing leaves. Start one: tocsin "
        "worker. If one runs, see that the database can be written."
    ),
)
#: How feeds are: ``warning.sources.feed_board``.
FEEDS = (
    noted("It was not read yet; the worker does so when it runs."),
    noted("It was not read for long; see that the worker runs."),
)
#: What is wrong with the record: ``accounts.audit_check``, by kind.
VERDICTS: Mapping[str, str] = {
    "missing": noted("Entry %(seq)s is missing: it was removed."),
    "reordered": noted(
        "Entry %(seq)s does not follow the one before it: an entry was exchanged or "
        "put in."
    ),
    "changed": noted("Entry %(seq)s is not as it was written: it was changed."),
    "replaced": noted(
        "Entry %(seq)s has another hash than was written down: it and all that follow "
        "were written anew."
    ),
    "truncated": noted(
        "The end is missing from entry %(seq)s on: it was cut off, or written anew "
        "since a hash was written down."
    ),
}


def verdict_sentence(verdict: AuditVerdict) -> str:
    """What a look at the record found, in the operator's language."""
    if verdict.is_whole:
        return str(_("All %(n)s entries are whole.", n=figure(verdict.n_whole)))
    words = VERDICTS.get(verdict.kind or "")
    if words is None:
        return verdict.sentence
    return str(_(words, seq=verdict.broken_seq))
