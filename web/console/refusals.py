"""What the service refuses, said in the operator's language.

A refusal's own sentence is English, and often knows more than its class does. Where the
operator reads English it is shown as it stands. Elsewhere the class has words of its
own; where the sentence says which value is wrong it follows in English, for a wrong
value that nobody can find is worse than two languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from accounts import errors as accounts
from geofence import errors as geofence
from responders import errors as responders
from telephony import errors as telephony
from warning import errors as warning
from warning.people.subscriber_fields import FieldError
from warning.people.subscriber_header import SubscriberFileError
from warning.people.text_encoding import EncodingError
from web.console.languages import language
from web.console.words import noted

#: Refusal → all there is to say.
WHOLE: Mapping[type[Exception], str] = {
    accounts.OperatorExistsError: noted("Somebody has this name already."),
    accounts.OperatorNameError: noted("Nobody may have this name."),
    accounts.WeakPasswordError: noted("This password is too short."),
    accounts.UnknownOperatorError: noted("There is no operator of this name."),
    accounts.UnknownTokenError: noted("There is no token of this id."),
    accounts.LastAdminError: noted("Nobody would be left who may change accounts."),
    accounts.SignInError: noted("Name, password or code is wrong."),
    warning.AlertNotFoundError: noted("There is no such alert."),
    warning.EmptyAudienceError: noted(
        "Nobody would be told: nobody is registered inside the area, or nobody may be."
    ),
    warning.FourEyesError: noted(
        "A second person has to do this; nobody approves their own."
    ),
    warning.FollowUpError: noted("Another alert follows it already."),
    warning.TransitionError: noted("The alert is not in a state that allows this."),
    warning.DuplicateAlertError: noted("This alert is already here."),
    warning.ChangedAlertError: noted("This alert is already here, in other words."),
    warning.HelpRequestError: noted(
        "This request for help is closed; if the person asks again, a new one opens."
    ),
    warning.HelpRequestNotFoundError: noted("There is no such request for help."),
    warning.ReportNotFoundError: noted("There is no such report."),
    warning.PlanNotFoundError: noted("There is no such plan."),
    warning.PlanInUseError: noted("A sensor needs this plan."),
    warning.UnknownTextError: noted("There is no such text, or none in this language."),
    warning.StaleTextError: noted(
        "Somebody else changed these texts meanwhile; nothing was overwritten."
    ),
    warning.StaleRulesError: noted(
        "Somebody else changed these steps meanwhile; nothing was overwritten. Sent "
        "again, your form counts."
    ),
    warning.OwnReadingError: noted(
        "Whoever wrote a text cannot be the one who has read it over."
    ),
    responders.CaseNotFoundError: noted("There is no such case."),
    responders.CaseStateError: noted("The case is past that."),
    responders.ResponderNotFoundError: noted("There is no such volunteer."),
    telephony.CarrierUnavailableError: noted(
        "The telco does not answer, or the phone cannot do this now."
    ),
    telephony.InvalidNumberError: noted(
        "This is no telephone number. Write it with + and country code."
    ),
    telephony.SoundNotFoundError: noted("There is no such text or sound."),
    geofence.AreaTooLargeError: noted("The area is too large."),
    geofence.SwappedAxesError: noted("Latitude and longitude look exchanged."),
}
#: Refusal → what is said before its own sentence.
PARTS: Mapping[type[Exception], str] = {
    warning.InvalidAlertError: noted("The alert cannot go out"),
    warning.UnrecordedError: noted("Some would hear no word of it"),
    warning.InvalidPlanError: noted("The plan cannot be used"),
    warning.TemplateError: noted("These texts cannot be used"),
    warning.InvalidRulesError: noted("These steps cannot be kept"),
    warning.ReportStepError: noted("This cannot be done with a report"),
    responders.ResponderError: noted("It cannot be used so"),
    telephony.SoundError: noted("The sound cannot be used"),
    geofence.GeofenceError: noted("The area cannot be used"),
    FieldError: noted("A value cannot be used"),
    SubscriberFileError: noted("The file is unusable"),
    EncodingError: noted("The text cannot be decoded"),
    accounts.AccountError: noted("The account cannot do this"),
}


def sentence_of(error: Exception) -> str:
    """What is told of a refusal, in the language of whoever asks."""
    own = str(error)
    if language() == "en":
        return own
    for family in type(error).__mro__:
        if family in WHOLE:
            return str(_(WHOLE[family]))
        if family in PARTS:
            return f"{_(PARTS[family])}: {own}"
    return own
