"""How a delivery that is handed over is written down."""

from __future__ import annotations

from telephony.delivery import DeliveryState, NewDelivery


def row_of(owner_id: int, delivery: NewDelivery) -> dict[str, object]:
    """The row of a new delivery, queued."""
    return {
        "owner_id": owner_id,
        "recipient_id": delivery.recipient_id,
        "channel": int(delivery.channel),
        "content_id": delivery.content_id,
        "lane": int(delivery.lane),
        "position": delivery.position,
        "not_before": delivery.not_before,
        "deadline": delivery.deadline,
        "state": int(DeliveryState.QUEUED),
        "state_at": delivery.not_before,
        "n_attempts": 0,
        "n_sent": 0,
        "is_followed": delivery.round > 0,
        "phone": delivery.phone,
        "round": delivery.round,
    }
