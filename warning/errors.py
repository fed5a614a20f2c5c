"""Everything that can be wrong with a public warning.

::

    AlertError
    ├── CapError              (cap_errors.py: a CAP document cannot be used)
    ├── InvalidAlertError     a draft lacks or contradicts something
    ├── AlertNotFoundError    no alert has this id
    ├── TransitionError       the alert is not in a state that allows this
    │   └── FollowUpError     another alert follows it already
    ├── FourEyesError         the same person may not submit and approve
    ├── EmptyAudienceError    nobody is inside the area
    ├── UnrecordedError       some would hear a call in another language
    ├── DuplicateAlertError   this alert is already known
    ├── ChangedAlertError     a known alert came again with other words
    ├── DraftNotFoundError    no warning is being written under this id
    ├── TooLongDraftError     more was typed than can be kept
    ├── StaleDraftError       (drafts.py: somebody else saved the draft meanwhile)
    ├── TemplateError         a text of ours is missing or cannot be used
    │   └── BadTextsError     (text_rules.py: with what is wrong with which)
    ├── UnknownTextError      there is no text of this name or language
    ├── StaleTextError        somebody else changed a text meanwhile
    ├── OwnReadingError       who wrote a text cannot read it over
    ├── InvalidRulesError     rules of escalation that cannot be followed
    ├── StaleRulesError       somebody else changed them meanwhile
    ├── InvalidPlanError      a prepared plan cannot become an alert
    ├── PlanNotFoundError     no plan has this name
    ├── PlanInUseError        a sensor drafts from this plan
    ├── InvalidSensorError    a sensor's thresholds contradict each other
    ├── SensorNotFoundError   no sensor has this id
    ├── InvalidWebhookError   another system cannot be told at this address
    ├── WebhookNotFoundError  no other system is registered under this id
    ├── HelpRequestError      a request for help is not in a state for this
    ├── HelpRequestNotFoundError  no request for help has this number
    ├── ReportNotFoundError   no report of a citizen has this number
    ├── ReportStepError       this cannot be done with a report
    ├── FeedError             a feed cannot be read
    │   └── FeedTooLargeError     it is larger than is taken
    └── VoiceNoteNotFoundError   no recording of a citizen has this number
"""

from __future__ import annotations

from collections.abc import Sequence


class AlertError(Exception):
    """Something about an alert prevents the request."""


class InvalidAlertError(AlertError):
    """The alert lacks something it needs, or contradicts itself."""

    #: What was found wrong with the document, if it came as one (``cap_defects``).
    defects: tuple[object, ...] = ()


class AlertNotFoundError(AlertError):
    """No alert has this id."""


class TransitionError(AlertError):
    """The alert is not in a state that allows this step."""


class FollowUpError(TransitionError):
    """Another alert follows this one, or waits to; carries its id."""

    def __init__(self, message: str, *, alert_id: str) -> None:
        super().__init__(message)
        self.alert_id = alert_id


class FourEyesError(AlertError):
    """The person who submitted an alert may not approve it."""


class EmptyAudienceError(AlertError):
    """Nobody can be reached in the area of this alert."""


class UnrecordedError(AlertError):
    """Some would hear a call in another language; carries those that lack sound."""

    def __init__(self, message: str, *, languages: Sequence[str]) -> None:
        super().__init__(message)
        self.languages = tuple(languages)


class DuplicateAlertError(AlertError):
    """An alert with this sender, identifier and sent time is already known."""

    def __init__(self, message: str, *, alert_id: str) -> None:
        super().__init__(message)
        self.alert_id = alert_id


class ChangedAlertError(AlertError):
    """An alert of this identity is known and says something else."""

    def __init__(self, message: str, *, alert_id: str) -> None:
        super().__init__(message)
        self.alert_id = alert_id


class DraftNotFoundError(AlertError):
    """No warning is being written under this id."""


class TooLongDraftError(AlertError):
    """More was typed than can be kept."""


class InvalidPlanError(AlertError):
    """A prepared plan cannot become an alert."""


class PlanNotFoundError(AlertError):
    """No plan has this name."""


class PlanInUseError(AlertError):
    """A sensor drafts alerts from this plan."""


class InvalidSensorError(AlertError):
    """A sensor's thresholds contradict each other."""


class SensorNotFoundError(AlertError):
    """No sensor has this id."""


class InvalidWebhookError(AlertError):
    """Another system cannot be told at this address."""


class WebhookNotFoundError(AlertError):
    """No other system is registered under this id."""


class HelpRequestError(AlertError):
    """The request for help is not in a state that allows this."""


class HelpRequestNotFoundError(AlertError):
    """No request for help has this number."""


class ReportNotFoundError(AlertError):
    """No report of a citizen has this number."""


class ReportStepError(AlertError):
    """A step that cannot be taken with a report of a citizen."""


class FeedError(AlertError):
    """A feed cannot be read; the message says what is wrong with it."""


class FeedTooLargeError(FeedError):
    """What was asked for is larger than is taken."""


class VoiceNoteNotFoundError(AlertError):
    """There is no recording of this number, or it is not here."""


class TemplateError(AlertError):
    """A text of ours is missing or cannot be used."""


class UnknownTextError(AlertError):
    """There is no text of this name, or none in this language."""


class StaleTextError(AlertError):
    """Somebody else changed a text meanwhile; carries which."""

    def __init__(self, message: str, *, paths: Sequence[str]) -> None:
        super().__init__(message)
        self.paths = tuple(paths)


class OwnReadingError(AlertError):
    """Whoever wrote a text cannot be the one who has read it over."""


class InvalidRulesError(AlertError):
    """Rules of escalation that cannot be followed."""


class StaleRulesError(AlertError):
    """Somebody else changed the rules of escalation meanwhile."""


class PushSecretError(AlertError):
    """Whoever pushes an alert does not have the secret of that source."""
