"""Words that come from values, noted here so that they are translated.

The values themselves are in the domain; what stands here is only read by
``scripts/translations``, and a test sees to it that nothing is missing.
"""

from __future__ import annotations


def noted(text: str) -> str:
    """Mark a text for translation where it is shown."""
    return text


ROLES = (
    noted("viewer"),
    noted("operator"),
    noted("approver"),
    noted("dispatcher"),
    noted("admin"),
)
STATES = (
    noted("draft"),
    noted("submitted"),
    noted("scheduled"),
    noted("live"),
    noted("ended"),
    noted("cancelled"),
)
STATUSES = (
    noted("Actual"),
    noted("Exercise"),
    noted("System"),
    noted("Test"),
    noted("Draft"),
)
SEVERITIES = (
    noted("Extreme"),
    noted("Severe"),
    noted("Moderate"),
    noted("Minor"),
    noted("Unknown"),
)
HAZARDS = (
    noted("Flood"),
    noted("Flash flood"),
    noted("Storm"),
    noted("Landslide"),
    noted("Earthquake"),
    noted("Tsunami"),
    noted("Wildfire"),
    noted("Extreme heat"),
    noted("Chemical accident"),
    noted("Dam break"),
    noted("Missing child"),
)
CHANNELS = (noted("sms"), noted("voice"))
EXCLUSIONS = (
    noted("opted out"),
    noted("resting"),
    noted("no channel"),
    noted("not in drill"),
    noted("already told"),
    noted("gone"),
)
VARIANTS = (
    noted("warning"),
    noted("update"),
    noted("released"),
    noted("all clear"),
    noted("withdrawal"),
    noted("correction"),
)
ELEMENTS = (
    noted("source"),
    noted("hazard"),
    noted("place"),
    noted("guidance"),
    noted("time"),
)
CASE_STATES = (
    noted("new"),
    noted("triaged"),
    noted("alerting"),
    noted("staffed"),
    noted("on scene"),
    noted("closed"),
    noted("cancelled"),
    noted("no response"),
)
OFFER_STATES = (
    noted("queued"),
    noted("sent"),
    noted("delivered"),
    noted("declined"),
    noted("expired"),
    noted("failed"),
    noted("too late"),
    noted("accepted"),
    noted("role sent"),
    noted("aed held"),
    noted("on scene"),
    noted("revoked"),
    noted("lost"),
    noted("stood down"),
    noted("released"),
    noted("debriefed"),
)
PHONE_STATES = (noted("idle"), noted("ringing"), noted("talking"))
REPORT_KINDS = (
    noted("flood"),
    noted("fire"),
    noted("road"),
    noted("building"),
    noted("power"),
    noted("other"),
)
REPORT_STATES = (noted("new"), noted("verified"), noted("dismissed"))
PLACE_TYPES = (noted("public"), noted("private home"), noted("institution"))
STANDINGS = (
    noted("pending"),
    noted("active"),
    noted("suspended"),
    noted("opted out"),
    noted("erased"),
)
SKILLS = (
    noted("doctor"),
    noted("nurse"),
    noted("paramedic"),
    noted("first responder"),
    noted("cpr"),
    noted("helper"),
)
CASE_ROLES = (noted("direct"), noted("via aed"), noted("guide"))
DELIVERY_STATES = (
    noted("sending"),
    noted("unknown"),
    noted("reached"),
    noted("heard"),
    noted("confirmed"),
)
SCRIPTS = (
    noted("reachability"),
    noted("volunteer duty"),
    noted("all clear"),
    noted("cardiac dispatch"),
    noted("case news"),
    noted("case role"),
    noted("case pin"),
    noted("cardiac home"),
    noted("check in"),
    noted("drill"),
    noted("flood warning"),
    noted("help callback"),
    noted("my settings"),
    noted("notice"),
    noted("record prompt"),
    noted("registration"),
    noted("report incident"),
    noted("warning"),
)
KEPT = (
    noted("Sessions of operators"),
    noted("Where volunteers were in a case"),
    noted("Alerts that are over, in the public feeds"),
    noted("Addresses and callers of cases"),
    noted("What citizens texted last"),
    noted("What citizens said after the tone"),
    noted("Drafts that nobody saves any more"),
    noted("Rest of numbers that never answer"),
    noted("People, their places and what was sent to them, until erased"),
    noted("The record of what was done"),
)
RAIL = (
    noted("Situation"),
    noted("New warning"),
    noted("Alerts"),
    noted("Cases"),
    noted("Reports"),
    noted("Responders"),
    noted("Scripts"),
    noted("Telco"),
    noted("People"),
    noted("Settings"),
    noted("Audit"),
)
