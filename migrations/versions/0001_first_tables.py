"""First tables."""

import sqlalchemy as sa
from alembic import op

from store.sql.base import BigId, JsonText, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("cap_xml", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("sent", UTCDateTime(), nullable=False),
        sa.Column("msg_type", sa.Text(), nullable=False),
        sa.Column("cap_status", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("expires", UTCDateTime(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("submitted_at", UTCDateTime(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("alert_id", name=op.f("uq_alerts_alert_id")),
        sa.UniqueConstraint(
            "sender",
            "identifier",
            "sent",
            name=op.f("uq_alerts_sender_identifier_sent"),
        ),
    )
    op.create_index(op.f("ix_alerts_state"), "alerts", ["state"], unique=False)
    op.create_table(
        "areas",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("names", JsonText(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("geometry", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_areas")),
    )
    op.create_index(op.f("ix_areas_level"), "areas", ["level"], unique=False)
    op.create_table(
        "audit",
        sa.Column("seq", BigId, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", JsonText(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "carrier_events",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("attempt_id", BigId, nullable=True),
        sa.Column("text_ref", sa.Text(), nullable=True),
        sa.Column("form", JsonText(), nullable=False),
        sa.Column("answers", JsonText(), nullable=False),
        sa.Column("folded_at", UTCDateTime(), nullable=True),
        sa.Column("is_unknown", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_events")),
    )
    op.create_index(
        "ix_carrier_events_unfolded",
        "carrier_events",
        ["id", "folded_at"],
        unique=False,
        sqlite_where=sa.text("folded_at IS NULL"),
        postgresql_where=sa.text("folded_at IS NULL"),
    )
    op.create_index(
        "uq_carrier_events_carrier_text_ref",
        "carrier_events",
        ["carrier", "text_ref"],
        unique=True,
        sqlite_where=sa.text("text_ref IS NOT NULL"),
        postgresql_where=sa.text("text_ref IS NOT NULL"),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", BigId, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("facts", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "operators",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_operators")),
    )
    op.create_table(
        "owners",
        sa.Column("id", BigId, nullable=False),
        sa.Column("owner_ref", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners")),
        sa.UniqueConstraint("owner_ref", name=op.f("uq_owners_owner_ref")),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("channels", sa.SmallInteger(), nullable=False),
        sa.Column("groups", JsonText(), nullable=False),
        sa.Column("in_drill_group", sa.Boolean(), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("consent_at", UTCDateTime(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_at", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("added_revision", BigId, nullable=False),
        sa.Column("revision", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("phone", name=op.f("uq_subscribers_phone")),
    )
    op.create_index(
        op.f("ix_subscribers_revision"), "subscribers", ["revision"], unique=False
    )
    op.create_table(
        "audiences",
        sa.Column("alert", BigId, nullable=False),
        sa.Column("n_affected", sa.Integer(), nullable=False),
        sa.Column("n_planned", sa.Integer(), nullable=False),
        sa.Column("subscribers_total", sa.Integer(), nullable=False),
        sa.Column("by_language", JsonText(), nullable=False),
        sa.Column("by_area", JsonText(), nullable=False),
        sa.Column("excluded", JsonText(), nullable=False),
        sa.Column("geofence_ms", sa.Float(), nullable=False),
        sa.Column("fixed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert"], ["alerts.id"], name=op.f("fk_audiences_alert_alerts")
        ),
        sa.PrimaryKeyConstraint("alert", name=op.f("pk_audiences")),
    )
    op.create_table(
        "contents",
        sa.Column("id", BigId, nullable=False),
        sa.Column("owner_id", BigId, nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sms_text", sa.Text(), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("variables", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name=op.f("fk_contents_owner_id_owners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contents")),
        sa.UniqueConstraint(
            "owner_id",
            "variant",
            "language",
            name=op.f("uq_contents_owner_id_variant_language"),
        ),
    )
    op.create_table(
        "places",
        sa.Column("id", BigId, nullable=False),
        sa.Column("subscriber_id", BigId, nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_places_subscriber_id_subscribers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
    )
    op.create_index(
        op.f("ix_places_subscriber_id"), "places", ["subscriber_id"], unique=False
    )
    op.create_table(
        "recipients",
        sa.Column("alert", BigId, nullable=False),
        sa.Column("subscriber_id", BigId, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("channels", sa.SmallInteger(), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Text(), nullable=True),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert"], ["alerts.id"], name=op.f("fk_recipients_alert_alerts")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_recipients_subscriber_id_subscribers"),
        ),
        sa.PrimaryKeyConstraint("alert", "subscriber_id", name=op.f("pk_recipients")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_recipients_alert_area_code_excluded_state"),
        "recipients",
        ["alert", "area_code", "excluded", "state"],
        unique=False,
    )
    op.create_table(
        "tokens",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator"], ["operators.name"], name=op.f("fk_tokens_operator_operators")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_operator"), "tokens", ["operator"], unique=False)
    op.create_table(
        "audience_members",
        sa.Column("alert", BigId, nullable=False),
        sa.Column("subscriber_ids", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert"],
            ["audiences.alert"],
            name=op.f("fk_audience_members_alert_audiences"),
        ),
        sa.PrimaryKeyConstraint("alert", name=op.f("pk_audience_members")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("owner_id", BigId, nullable=False),
        sa.Column("recipient_id", BigId, nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("content_id", BigId, nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("deadline", UTCDateTime(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("state_at", UTCDateTime(), nullable=False),
        sa.Column("n_attempts", sa.SmallInteger(), nullable=False),
        sa.Column("n_sent", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("is_followed", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["contents.id"],
            name=op.f("fk_deliveries_content_id_contents"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name=op.f("fk_deliveries_owner_id_owners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "recipient_id",
            "owner_id",
            "channel",
            name=op.f("uq_deliveries_recipient_id_owner_id_channel"),
        ),
    )
    op.create_index(
        "ix_deliveries_deadline",
        "deliveries",
        ["deadline"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_index(
        "ix_deliveries_not_followed",
        "deliveries",
        ["owner_id", "channel", "position"],
        unique=False,
        sqlite_where=sa.text("is_followed IS 0"),
        postgresql_where=sa.text("is_followed IS false"),
    )
    op.create_index("ix_deliveries_phone", "deliveries", ["phone"], unique=False)
    op.create_index(
        "ix_deliveries_progress",
        "deliveries",
        ["owner_id", "state", "channel", "n_attempts", "code"],
        unique=False,
    )
    op.create_index(
        "ix_deliveries_queue",
        "deliveries",
        ["channel", "lane", "not_before", "position", "state"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_table(
        "attempts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("delivery_id", BigId, nullable=False),
        sa.Column("attempt_no", sa.SmallInteger(), nullable=False),
        sa.Column("owner_id", BigId, nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("deadline", UTCDateTime(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("intended_at", UTCDateTime(), nullable=False),
        sa.Column("lease_until", UTCDateTime(), nullable=False),
        sa.Column("quiet_since", UTCDateTime(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("carrier_ref", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("http_status", sa.SmallInteger(), nullable=True),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_attempts_delivery_id_deliveries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint(
            "delivery_id", "attempt_no", name=op.f("uq_attempts_delivery_id_attempt_no")
        ),
    )
    op.create_index(
        "ix_attempts_accepted",
        "attempts",
        ["owner_id", "accepted_at"],
        unique=False,
        sqlite_where=sa.text("accepted_at IS NOT NULL"),
        postgresql_where=sa.text("accepted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_attempts_at_carrier",
        "attempts",
        ["channel", "deadline", "quiet_since"],
        unique=False,
        sqlite_where=sa.text("state = 20"),
        postgresql_where=sa.text("state = 20"),
    )
    op.create_index(
        "ix_attempts_unresolved",
        "attempts",
        ["quiet_since"],
        unique=False,
        sqlite_where=sa.text("state < 20"),
        postgresql_where=sa.text("state < 20"),
    )
    # Numbers that must not have gaps start here.
    op.bulk_insert(
        sa.table("counters", sa.column("name"), sa.column("value")),
        [
            {"name": "audit_seq", "value": 0},
            {"name": "callbacks_collected", "value": 0},
            {"name": "people_revision", "value": 0},
        ],
    )


def downgrade() -> None:
    op.drop_index(
        "ix_attempts_unresolved",
        table_name="attempts",
        sqlite_where=sa.text("state < 20"),
        postgresql_where=sa.text("state < 20"),
    )
    op.drop_index(
        "ix_attempts_at_carrier",
        table_name="attempts",
        sqlite_where=sa.text("state = 20"),
        postgresql_where=sa.text("state = 20"),
    )
    op.drop_index(
        "ix_attempts_accepted",
        table_name="attempts",
        sqlite_where=sa.text("accepted_at IS NOT NULL"),
        postgresql_where=sa.text("accepted_at IS NOT NULL"),
    )
    op.drop_table("attempts")
    op.drop_index(
        "ix_deliveries_queue",
        table_name="deliveries",
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.drop_index("ix_deliveries_progress", table_name="deliveries")
    op.drop_index("ix_deliveries_phone", table_name="deliveries")
    op.drop_index(
        "ix_deliveries_not_followed",
        table_name="deliveries",
        sqlite_where=sa.text("is_followed IS 0"),
        postgresql_where=sa.text("is_followed IS false"),
    )
    op.drop_index(
        "ix_deliveries_deadline",
        table_name="deliveries",
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.drop_table("deliveries")
    op.drop_table("audience_members")
    op.drop_index(op.f("ix_tokens_operator"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_index(
        op.f("ix_recipients_alert_area_code_excluded_state"), table_name="recipients"
    )
    op.drop_table("recipients")
    op.drop_index(op.f("ix_places_subscriber_id"), table_name="places")
    op.drop_table("places")
    op.drop_table("contents")
    op.drop_table("audiences")
    op.drop_index(op.f("ix_subscribers_revision"), table_name="subscribers")
    op.drop_table("subscribers")
    op.drop_table("owners")
    op.drop_table("operators")
    op.drop_table("heartbeats")
    op.drop_table("counters")
    op.drop_index(
        "uq_carrier_events_carrier_text_ref",
        table_name="carrier_events",
        sqlite_where=sa.text("text_ref IS NOT NULL"),
        postgresql_where=sa.text("text_ref IS NOT NULL"),
    )
    op.drop_index(
        "ix_carrier_events_unfolded",
        table_name="carrier_events",
        sqlite_where=sa.text("folded_at IS NULL"),
        postgresql_where=sa.text("folded_at IS NULL"),
    )
    op.drop_table("carrier_events")
    op.drop_index(op.f("ix_audit_subject"), table_name="audit")
    op.drop_table("audit")
    op.drop_index(op.f("ix_areas_level"), table_name="areas")
    op.drop_table("areas")
    op.drop_index(op.f("ix_alerts_state"), table_name="alerts")
    op.drop_table("alerts")
