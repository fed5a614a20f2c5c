"""From what the API reads to what the services take, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime

from responders.case import CardiacCase, Scene
from responders.cases.board import CaseView, OfferLine
from responders.cases.case_intake import Correction, NewCase
from responders.deciding.travel import Mode
from responders.errors import InvalidResponderError
from responders.roster.eligibility import skills_of
from responders.roster.entry_rules import EntryRules
from responders.roster.hours import Hours
from responders.roster.pins import Pin
from responders.roster.places import Place, PlaceKind
from responders.roster.skills import (
    DEFAULT_VALIDITY,
    Credential,
    parse_skill,
    skill_words,
)
from responders.roster.volunteer import Availability, Consent, Responder, Standing
from telephony.delivery import Channel
from web.models.cases import (
    ByHandOut,
    CaseDetailOut,
    CaseIn,
    CaseOut,
    CorrectionIn,
    DecisionOut,
    NoticeOut,
    OfferOut,
    ResponderIn,
    ResponderOut,
)

ParsePhone = Callable[[str], str]
_CHANNELS = {"sms": Channel.SMS, "voice": Channel.VOICE}
_CORRECTED = ("lon", "lat", "address", "scene_safe", "place_type", "age")


def new_case(body: CaseIn, parse_phone: ParsePhone) -> NewCase:
    """The case of a report."""
    scene = Scene(
        lon=body.lon,
        lat=body.lat,
        address=body.address,
        details=body.details or "",
        scene_safe=body.scene_safe,
        place_type=body.place_type,
        age=body.age,
        cpr_in_progress=body.cpr_in_progress,
        is_trauma=body.trauma,
        is_dnr=body.do_not_resuscitate,
    )
    return NewCase(
        scene=scene,
        call_received_at=body.call_received_at,
        callback_phone=parse_phone(body.callback_phone) if body.callback_phone else "",
        external_ref=body.external_ref or "",
        ems_eta_min=body.ems_eta_min,
        excluded=frozenset(parse_phone(one) for one in body.excluded_phones),
        is_exercise=body.exercise,
        any_tier=body.any_tier,
        with_helpers=body.with_helpers,
    )


def correction_of(body: CorrectionIn, scene: Scene) -> Correction:
    """What a correction makes of a scene."""
    given = {
        name: value for name in _CORRECTED if (value := getattr(body, name)) is not None
    }
    if body.details is not None:
        given["details"] = body.details
    if body.cpr_in_progress is not None:
        given["cpr_in_progress"] = body.cpr_in_progress
    return Correction(
        scene=replace(scene, **given) if given else None,
        ems_eta_min=body.ems_eta_min,
    )


def case_facts(case: CardiacCase) -> dict[str, object]:
    """The members of a case."""
    scene, stamps = case.scene, case.stamps
    return {
        "id": str(case.case_id),
        "code": case.code,
        "state": case.state,
        "lon": scene.lon,
        "lat": scene.lat,
        "address": scene.address,
        "details": scene.details,
        "place_type": scene.place_type,
        "exercise": case.is_exercise,
        "opened_by": case.opened_by,
        **{field.name: getattr(stamps, field.name) for field in fields(stamps)},
        "ems_eta_at": case.ems_eta_at,
        "waves": case.n_waves,
        "radius_m": case.radius_m,
        "notices": [NoticeOut.model_validate(notice) for notice in case.notices],
        "closed_by": case.closed_by,
        "close_reason": case.close_reason,
        "merged_into": case.merged_into,
    }


def case_out(case: CardiacCase) -> CaseOut:
    """One case of a list."""
    return CaseOut.model_validate(case_facts(case))


def detail_out(view: CaseView) -> CaseDetailOut:
    """One case with everything."""
    offers = [offer_out(line) for line in view.offers]
    decisions = [DecisionOut.model_validate(one) for one in view.decisions]
    return CaseDetailOut.model_validate(
        case_facts(view.case)
        | {
            "offers": offers,
            "decisions": decisions,
            "by_hand": [by_hand_out(person) for person in view.by_hand],
        }
    )


def by_hand_out(person: Responder) -> ByHandOut:
    """Somebody to be rung by hand."""
    number = str(person.responder_id)
    return ByHandOut(responder=number, name=person.name, phone=person.phone)


def offer_out(line: OfferLine) -> OfferOut:
    """One person who was asked."""
    offer = line.offer
    by = offer.answered_by
    return OfferOut(
        responder=str(offer.responder_id),
        tier=line.tier,
        state=offer.state.name.lower(),
        wave=offer.wave,
        offered_at=offer.offered_at,
        distance_m=offer.distance_m,
        travel_s=offer.travel_s,
        p_accept=offer.p_accept,
        gain=offer.gain,
        answered_at=offer.answered_at,
        answered_by=by.word if by else None,
        role=offer.role,
        aed=None if offer.aed_id is None else str(offer.aed_id),
        eta_at=offer.eta_at,
        on_scene_at=offer.on_scene_at,
        awaits_pin=offer.waits_for_way,
        name=line.name,
        phone=line.phone,
    )


def responder_of(body: ResponderIn, rules: EntryRules) -> Responder:
    """The volunteer of a form.

    Raises
    ------
    InvalidResponderError
        Names what cannot be used.
    """
    consent = body.consent_at
    if consent is not None and consent > rules.now:
        raise InvalidResponderError("consent_at is in the future; check the clock.")
    phone = rules.parse_phone(body.phone)
    return Responder(
        phone=phone,
        name=body.name or "",
        organisation=body.organisation or "",
        language=body.language,
        channels=_channels(body),
        standing=Standing.ACTIVE if consent else Standing.PENDING,
        consent=Consent(version="api", given_at=consent) if consent else None,
        credentials=_credentials(body, rules.now),
        places=_places(body),
        availability=Availability(
            quiet=Hours.parse(body.quiet) if body.quiet else None
        ),
        mode=Mode.CAR if body.car else Mode.DEFAULT,
        max_alerts_30d=body.max_alerts_30d,
        pin=_pin(phone, body.pin, rules),
    )


def _channels(body: ResponderIn) -> Channel:
    """How somebody is reached.

    Raises
    ------
    InvalidResponderError
        If they cannot be, or by something that is no channel.
    """
    channels = Channel(0)
    for word in body.channels:
        if word not in _CHANNELS:
            raise InvalidResponderError(f"{word[:20]!r} is neither sms nor voice.")
        channels |= _CHANNELS[word]
    if not channels:
        raise InvalidResponderError("A volunteer needs sms or voice to be reached by.")
    return channels


def _credentials(body: ResponderIn, now: datetime) -> tuple[Credential, ...]:
    return tuple(
        Credential(
            skill=parse_skill(one.skill),
            valid_until=one.valid_until or now + DEFAULT_VALIDITY,
            verified_at=now if one.verified else None,
        )
        for one in body.credentials
    )


def _places(body: ResponderIn) -> tuple[Place, ...]:
    return tuple(
        Place(
            kind=PlaceKind(one.kind),
            lon=one.lon,
            lat=one.lat,
            hours=Hours.parse(one.hours) if one.hours else None,
        )
        for one in body.places
    )


def _pin(phone: str, digits: str | None, rules: EntryRules) -> Pin:
    """The PIN of a form; none if it gives none.

    Raises
    ------
    InvalidResponderError
        If it is not four digits.
    """
    try:
        return rules.pin(phone, digits)
    except ValueError as error:
        raise InvalidResponderError(str(error)) from None


def responder_out(person: Responder, now: datetime) -> ResponderOut:
    """A volunteer, without number and name."""
    return ResponderOut.model_validate(responder_facts(person, now))


def responder_facts(person: Responder, now: datetime) -> dict[str, object]:
    """The members of a volunteer."""
    return {
        "id": str(person.responder_id),
        "standing": person.standing,
        "skills": skill_words(skills_of(person, now)),
        "number_verified": person.has_verified_number(now),
        "has_pin": person.pin.is_set,
        "places": len(person.places),
        "is_on": not person.availability.is_paused(now),
    }
