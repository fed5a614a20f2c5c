"""CAP values as plain JSON: the ``alert`` of a verdict, for people and programs.

Keys are CAP's names in snake_case, in the singular CAP uses. Shapes are counted rather
than repeated (the verdict carries them as one GeoJSON ``area``), and so is embedded
content. The password of CAP 1.0 is never among them.
"""

from datetime import datetime
from typing import Any

from warning import cap
from warning.cap_documents.date_times import write_time
from warning.cap_documents.node import Node


def alert_to_json(alert: cap.Alert) -> dict[str, Any]:
    """Return the alert as JSON-ready values; what is not there is null or empty."""
    return {
        "identifier": alert.identifier,
        "sender": alert.sender,
        "sent": _time(alert.sent),
        "status": alert.status.value,
        "msg_type": alert.msg_type.value,
        "source": alert.source,
        "scope": alert.scope.value,
        "restriction": alert.restriction,
        "addresses": list(alert.addresses),
        "code": list(alert.codes),
        "note": alert.note,
        "references": [
            {
                "sender": one.sender,
                "identifier": one.identifier,
                "sent": _time(one.sent),
            }
            for one in alert.references
        ],
        "incidents": list(alert.incidents),
        "info": [info_to_json(info) for info in alert.infos],
    }


def info_to_json(info: cap.Info) -> dict[str, Any]:
    """Return one info as JSON-ready values."""
    return {
        "language": info.language,
        "category": [word.value for word in info.categories],
        "event": info.event,
        "response_type": [word.value for word in info.response_types],
        "urgency": info.urgency.value,
        "severity": info.severity.value,
        "certainty": info.certainty.value,
        "audience": info.audience,
        "event_code": _pairs(info.event_codes),
        "effective": _time(info.effective),
        "onset": _time(info.onset),
        "expires": _time(info.expires),
        "sender_name": info.sender_name,
        "headline": info.headline,
        "description": info.description,
        "instruction": info.instruction,
        "web": info.web,
        "contact": info.contact,
        "parameter": _pairs(info.parameters),
        "resource": [_resource(resource) for resource in info.resources],
        "area": [_area(area) for area in info.areas],
    }


def identity_to_json(alert: Node) -> dict[str, Any]:
    """Return what can be told of an alert whose identity cannot be read: its texts."""
    names = {"msgType": "msg_type"}
    wanted = ("identifier", "sender", "sent", "status", "msgType", "scope", "note")
    told = {names.get(name, name): alert.text_of(name) or None for name in wanted}
    infos = [
        {name: info.text_of(name) or None for name in ("language", "event", "headline")}
        for info in alert.all("info")
    ]
    return {**told, "info": infos}


def _resource(resource: cap.Resource) -> dict[str, Any]:
    content = resource.content()
    return {
        "resource_desc": resource.resource_desc,
        "mime_type": resource.mime_type,
        "size": resource.size,
        "uri": resource.uri,
        "n_embedded_bytes": len(content) if content is not None else None,
        "digest": resource.digest,
    }


def _area(area: cap.Area) -> dict[str, Any]:
    altitude, ceiling = area.altitude_ft, area.ceiling_ft
    return {
        "area_desc": area.area_desc,
        "n_polygons": len(area.polygons),
        "n_circles": len(area.circles),
        "geocode": _pairs(area.geocodes),
        "altitude_ft": float(altitude) if altitude is not None else None,
        "ceiling_ft": float(ceiling) if ceiling is not None else None,
    }


def _pairs(pairs: tuple[cap.NamedValue, ...]) -> list[dict[str, str]]:
    return [{"value_name": pair.value_name, "value": pair.value} for pair in pairs]


def _time(at: datetime | None) -> str | None:
    return write_time(at) if at is not None else None
