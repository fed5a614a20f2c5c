"""Responders, defibrillators, cases and offers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.sql.base import BigId, JsonText, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COUNTERS = sa.table("counters", sa.column("name"), sa.column("value"))
_REVISION = "responders_revision"


def upgrade() -> None:
    op.bulk_insert(_COUNTERS, [{"name": _REVISION, "value": 0}])
    op.create_table(
        "aeds",
        sa.Column("id", BigId, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("opening_hours", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("is_indoor", sa.Boolean(), nullable=False),
        sa.Column("cabinet_code", sa.Text(), nullable=False),
        sa.Column("out_of_order_at", UTCDateTime(), nullable=True),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aeds")),
        sa.UniqueConstraint("ref", name=op.f("uq_aeds_ref")),
    )
    op.create_index(op.f("ix_aeds_lat_lon"), "aeds", ["lat", "lon"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("external_ref", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_exercise", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("next_due_at", UTCDateTime(), nullable=True),
        sa.Column("document", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("case_id", name=op.f("uq_cases_case_id")),
        sa.UniqueConstraint("external_ref", name=op.f("uq_cases_external_ref")),
    )
    op.create_index(
        op.f("ix_cases_next_due_at"), "cases", ["next_due_at"], unique=False
    )
    op.create_index(
        "uq_cases_open_code",
        "cases",
        ["code"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "responders",
        sa.Column("id", BigId, nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("channels", sa.SmallInteger(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("credentials", JsonText(), nullable=False),
        sa.Column("credentials_end", UTCDateTime(), nullable=True),
        sa.Column("consent_version", sa.Text(), nullable=True),
        sa.Column("consent_at", UTCDateTime(), nullable=True),
        sa.Column("number_verified_at", UTCDateTime(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("paused_until", UTCDateTime(), nullable=True),
        sa.Column("quiet", sa.Text(), nullable=True),
        sa.Column("mode", sa.SmallInteger(), nullable=False),
        sa.Column("max_alerts_30d", sa.SmallInteger(), nullable=False),
        sa.Column("n_asked", sa.Float(), nullable=False),
        sa.Column("n_accepted", sa.Float(), nullable=False),
        sa.Column("record_as_of", UTCDateTime(), nullable=True),
        sa.Column("n_undelivered", sa.SmallInteger(), nullable=False),
        sa.Column("code_digest", sa.Text(), nullable=True),
        sa.Column("code_until", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("revision", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responders")),
        sa.UniqueConstraint("phone", name=op.f("uq_responders_phone")),
    )
    op.create_index(
        op.f("ix_responders_credentials_end"),
        "responders",
        ["credentials_end"],
        unique=False,
    )
    op.create_index(
        op.f("ix_responders_revision"), "responders", ["revision"], unique=False
    )
    op.create_table(
        "responder_reach",
        sa.Column("responder_id", BigId, nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.Column("called_at", UTCDateTime(), nullable=True),
        sa.Column("heard_at", UTCDateTime(), nullable=True),
        sa.Column("n_missed", sa.SmallInteger(), nullable=False),
        sa.Column("delay_s", sa.Float(), nullable=True),
        sa.Column("not_before", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["responder_id"],
            ["responders.id"],
            name=op.f("fk_responder_reach_responder_id_responders"),
        ),
        sa.PrimaryKeyConstraint("responder_id", name=op.f("pk_responder_reach")),
    )
    op.create_index(
        op.f("ix_responder_reach_asked_at"),
        "responder_reach",
        ["asked_at"],
        unique=False,
    )
    op.create_table(
        "acceptance_fits",
        sa.Column("id", BigId, nullable=False),
        sa.Column("fitted_at", UTCDateTime(), nullable=False),
        sa.Column("document", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_fits")),
    )
    op.create_table(
        "case_decisions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case", BigId, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case"], ["cases.id"], name=op.f("fk_case_decisions_case_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_decisions")),
    )
    op.create_index(
        op.f("ix_case_decisions_case"), "case_decisions", ["case"], unique=False
    )
    op.create_table(
        "offers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case", BigId, nullable=False),
        sa.Column("responder_id", BigId, nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("is_engaged", sa.Boolean(), nullable=False),
        sa.Column("needs_call", sa.Boolean(), nullable=False),
        sa.Column("offered_at", UTCDateTime(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("document", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case"], ["cases.id"], name=op.f("fk_offers_case_cases")
        ),
        sa.ForeignKeyConstraint(
            ["responder_id"],
            ["responders.id"],
            name=op.f("fk_offers_responder_id_responders"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(
        "ix_offers_live",
        "offers",
        ["responder_id"],
        unique=False,
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )
    op.create_index(
        op.f("ix_offers_responder_id_offered_at"),
        "offers",
        ["responder_id", "offered_at"],
        unique=False,
    )
    op.create_index(
        "uq_offers_case_responder", "offers", ["case", "responder_id"], unique=True
    )
    op.create_index(
        "uq_offers_engaged",
        "offers",
        ["responder_id"],
        unique=True,
        sqlite_where=sa.text("is_engaged"),
        postgresql_where=sa.text("is_engaged"),
    )
    op.create_table(
        "responder_places",
        sa.Column("id", BigId, nullable=False),
        sa.Column("responder_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("reported_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["responder_id"],
            ["responders.id"],
            name=op.f("fk_responder_places_responder_id_responders"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responder_places")),
    )
    op.create_index(
        op.f("ix_responder_places_reported_at"),
        "responder_places",
        ["reported_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_responder_places_responder_id"),
        "responder_places",
        ["responder_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_responder_places_responder_id"), table_name="responder_places"
    )
    op.drop_index(
        op.f("ix_responder_places_reported_at"), table_name="responder_places"
    )
    op.drop_table("responder_places")
    op.drop_index(
        "uq_offers_engaged",
        table_name="offers",
        sqlite_where=sa.text("is_engaged"),
        postgresql_where=sa.text("is_engaged"),
    )
    op.drop_index("uq_offers_case_responder", table_name="offers")
    op.drop_index(op.f("ix_offers_responder_id_offered_at"), table_name="offers")
    op.drop_index(
        "ix_offers_live",
        table_name="offers",
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )
    op.drop_table("offers")
    op.drop_index(op.f("ix_case_decisions_case"), table_name="case_decisions")
    op.drop_table("case_decisions")
    op.drop_table("acceptance_fits")
    op.drop_index(op.f("ix_responder_reach_asked_at"), table_name="responder_reach")
    op.drop_table("responder_reach")
    op.drop_index(op.f("ix_responders_revision"), table_name="responders")
    op.drop_index(op.f("ix_responders_credentials_end"), table_name="responders")
    op.drop_table("responders")
    op.drop_index(
        "uq_cases_open_code",
        table_name="cases",
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.drop_index(op.f("ix_cases_next_due_at"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_aeds_lat_lon"), table_name="aeds")
    op.drop_table("aeds")
    op.execute(_COUNTERS.delete().where(_COUNTERS.c.name == _REVISION))
