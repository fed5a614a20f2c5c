"""What dispatchers, and the ambulance's computer, do with cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from responders.case import (
    CardiacCase,
    CaseId,
    CaseState,
    Scene,
)
from responders.case_texts import Say
from responders.cases.answers import Answers
from responders.cases.case_book import CaseBook
from responders.cases.case_intake import (
    Correction,
    NewCase,
    Opened,
    case_of,
    duplicates,
    minutes,
)
from responders.cases.standing_down import end_case
from responders.deciding.travel import great_circle_m
from responders.errors import CaseStateError
from responders.offer import OfferState
from responders.ports import UnitOfWork
from responders.roster.volunteer import ResponderId

#: Who is nearer to the patient than this goes on as told, with the new address.
_NEARLY_THERE = timedelta(minutes=2)
_MOVED_M = 50.0
_OBSTACLES = {
    "scene_not_safe": "the scene is not known to be safe",
    "trauma": "it is an injury",
    "do_not_resuscitate": "there is a wish not to be resuscitated",
    "institution": "the place has staff of its own",
}


class CaseDesk:
    """The use cases of dispatchers; ``by`` is an operator's name.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    answers : Answers
        Tells people on the way.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        answers: Answers,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._answers = answers
        self._now = now

    def open(self, new: NewCase, *, by: str) -> Opened:
        """Take a case in; people are asked within a second, if they may be.

        A report with the number of a known case changes nothing and shows that case.

        Raises
        ------
        InvalidCaseError
            If its times contradict each other.
        """
        now = self._now()
        with self._new_uow() as uow:
            known = (
                uow.cases.find_by_ref(new.external_ref) if new.external_ref else None
            )
            if known is not None:
                return Opened(case=known, is_new=False)
            opened = uow.cases.open()
            case = case_of(new, opened, number=uow.cases.count(), now=now, by=by)
            uow.cases.add(case)
            book = CaseBook(uow, case.case_id, now=now)
            same = duplicates(case, opened)
            facts: dict[str, object] = {
                "exercise": case.is_exercise,
                "obstacles": list(case.scene.obstacles),
                "duplicates": [str(one.case_id) for one in same],
            }
            book.record("case.open", by=by, **facts)
            _triage(book, by=by)
            book.save()
            uow.commit()
        return Opened(case=book.case, is_new=True, duplicates=same)

    def correct(
        self, case_id: CaseId, correction: Correction, *, by: str
    ) -> CardiacCase:
        """Correct a case: everybody on the way hears of a new address.

        Raises
        ------
        CaseNotFoundError
        CaseStateError
            If it has ended.
        """
        with self._new_uow() as uow:
            book = CaseBook(uow, case_id, now=self._now())
            _require_open(book)
            before = book.case.scene
            if correction.ems_eta_min is not None:
                eta = book.now + minutes(correction.ems_eta_min)
                book.change(ems_eta_at=eta)
            if correction.scene is not None:
                book.change(scene=correction.scene)
            book.record("case.correct", by=by)
            _triage(book, by=by)
            if correction.scene is not None and _is_elsewhere(before, correction.scene):
                self._tell_new_address(book, before)
            self._answers.send_waiting(book)
            book.save()
            uow.commit()
            return book.case

    def cancel(self, case_id: CaseId, *, by: str, reason: str = "") -> CardiacCase:
        """Withdraw a case: everybody who may still come is told at once.

        Raises
        ------
        CaseNotFoundError
        CaseStateError
            If it has ended already.
        """
        return self._end(case_id, CaseState.CANCELLED, by=by, reason=reason)

    def close(self, case_id: CaseId, *, by: str, reason: str = "") -> CardiacCase:
        """End a case; raises as ``cancel``."""
        return self._end(case_id, CaseState.CLOSED, by=by, reason=reason)

    def vouch(
        self, case_id: CaseId, responder_id: ResponderId, *, by: str
    ) -> CardiacCase:
        """Open the address of a home to a volunteer whom the dispatcher has rung.

        Raises
        ------
        CaseNotFoundError
        CaseStateError
            If the volunteer does not wait for it.
        """
        with self._new_uow() as uow:
            book = CaseBook(uow, case_id, now=self._now())
            _require_open(book)
            self._answers.vouch(book, responder_id, by=by)
            book.save()
            uow.commit()
            return book.case

    def merge(self, case_id: CaseId, into: CaseId, *, by: str) -> CardiacCase:
        """End a case that turned out to be another; people of both are of that one.

        Raises
        ------
        CaseNotFoundError
        CaseStateError
            If one of them has ended, or they are the same.
        """
        if case_id == into:
            raise CaseStateError("A case cannot be merged into itself.")
        with self._new_uow() as uow:
            now = self._now()
            # Locked in one order, or two merges wait for each other.
            books = {
                one: CaseBook(uow, one, now=now) for one in sorted({case_id, into})
            }
            book, other = books[case_id], books[into]
            _require_open(book)
            _require_open(other)
            book.change(merged_into=str(into))
            self._answers.hand_over(book, other)
            reason = f"merged into {other.case.code}"
            caller = self._answers.caller
            end_case(caller, book, CaseState.CANCELLED, by=by, reason=reason)
            other.look_again(now)
            other.save()
            uow.commit()
            return book.case

    def _end(
        self, case_id: CaseId, state: CaseState, *, by: str, reason: str
    ) -> CardiacCase:
        with self._new_uow() as uow:
            book = CaseBook(uow, case_id, now=self._now())
            _require_open(book)
            end_case(self._answers.caller, book, state, by=by, reason=reason)
            uow.commit()
            return book.case

    def _tell_new_address(self, book: CaseBook, before: Scene) -> None:
        """A new way for those with time for it; for the others the new address."""
        book.change(n_corrections=book.case.n_corrections + 1)
        n = book.case.n_corrections
        scene = book.case.scene
        address = ", ".join(part for part in (scene.address, scene.details) if part)
        for offer in book.engaged:
            if offer.state is OfferState.ON_SCENE and not _is_far(before, scene):
                continue
            asks_pin = self._answers.caller.asks_pin(book.case, offer)
            if not asks_pin:
                self._answers.caller.tell(
                    book,
                    book.person(offer.responder_id),
                    Say.NEW_ADDRESS,
                    part=f"address.{n}",
                    values={"address": address},
                    by_call=True,
                )
            is_early = offer.eta_at is None or offer.eta_at - book.now > _NEARLY_THERE
            if is_early and _is_far(before, scene):
                self._answers.decide_anew(book, offer)
            elif asks_pin:
                self._answers.send_way(book, offer)
        book.look_again(book.now)


def _triage(book: CaseBook, *, by: str) -> None:
    """Let people be asked if they may be; else say why not."""
    if book.case.state not in {CaseState.NEW, CaseState.TRIAGED}:
        return
    obstacles = book.case.scene.obstacles
    if obstacles:
        reasons = ", ".join(_OBSTACLES[word] for word in obstacles)
        book.notice("nobody_asked", f"Nobody is asked to go: {reasons}.")
        book.move(CaseState.NEW, by=by)
        return
    book.move(CaseState.TRIAGED, by=by)
    book.look_again(book.now)


def _require_open(book: CaseBook) -> None:
    """Refuse what comes after the end.

    Raises
    ------
    CaseStateError
        If the case has ended.
    """
    if not book.case.state.is_open:
        raise CaseStateError(
            f"Case {book.case.code} is {book.case.state}; nothing changes any more."
        )


def _is_elsewhere(before: Scene, after: Scene) -> bool:
    words = (before.address, before.details) != (after.address, after.details)
    return words or _is_far(before, after)


def _is_far(before: Scene, after: Scene) -> bool:
    metres = great_circle_m(before.lon, before.lat, after.lon, after.lat)
    return float(metres) > _MOVED_M
