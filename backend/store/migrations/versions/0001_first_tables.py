"""first tables"""

from alembic import op
import sqlalchemy as sa


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "countries",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=True),
        sa.Column("trust_version", sa.Integer(), nullable=False),
        sa.Column("live_version", sa.Integer(), nullable=False),
        sa.Column("snapshot_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_countries")),
    )
    op.create_table(
        "enrolments",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.Column("bound", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("keyid", sa.String(length=32), nullable=False),
        sa.Column("device_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("bound", name=op.f("uq_enrolments_bound")),
    )
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolments_invitation"), ["invitation"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_enrolments_state_received"), ["state", "received"], unique=False
        )

    op.create_table(
        "nonces",
        sa.Column("keyid", sa.String(length=32), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("keyid", "nonce", name=op.f("pk_nonces")),
    )
    with op.batch_alter_table("nonces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nonces_expires"), ["expires"], unique=False)

    op.create_table(
        "live_statements",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country"], ["countries.code"], name=op.f("fk_live_statements_country")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_live_statements")),
    )
    with op.batch_alter_table("live_statements", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_live_statements_country_device_kind"),
            ["country", "device", "kind"],
            unique=False,
        )

    op.create_table(
        "log_leaves",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("referral", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country"], ["countries.code"], name=op.f("fk_log_leaves_country")
        ),
        sa.PrimaryKeyConstraint("country", "position", name=op.f("pk_log_leaves")),
        sa.UniqueConstraint("country", "digest", name=op.f("uq_log_leaves_country_digest")),
    )
    with op.batch_alter_table("log_leaves", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_log_leaves_country_cause"), ["country", "cause"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_log_leaves_referral_position"), ["referral", "position"], unique=False
        )

    op.create_table(
        "log_nodes",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["country"], ["countries.code"], name=op.f("fk_log_nodes_country")),
        sa.PrimaryKeyConstraint("country", "level", "position", name=op.f("pk_log_nodes")),
    )
    op.create_table(
        "referrals",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("submitted", sa.String(length=64), nullable=False),
        sa.Column("sender_device", sa.String(length=32), nullable=False),
        sa.Column("sender_organisation", sa.Text(), nullable=False),
        sa.Column("offered_to", sa.Text(), nullable=True),
        sa.Column("accepted_by", sa.Text(), nullable=True),
        sa.Column("deadline", sa.BigInteger(), nullable=True),
        sa.Column("projection", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["country"], ["countries.code"], name=op.f("fk_referrals_country")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_deadline"), ["deadline"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_referrals_sender_device"), ["sender_device"], unique=False
        )

    op.create_table(
        "snapshots",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["country"], ["countries.code"], name=op.f("fk_snapshots_country")),
        sa.PrimaryKeyConstraint("country", "number", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "statements",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country"], ["countries.code"], name=op.f("fk_statements_country")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_statements")),
    )
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statements_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_statements_subject"), ["subject"], unique=False)

    op.create_table(
        "envelopes",
        sa.Column("referral", sa.String(length=26), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["referral"], ["referrals.id"], name=op.f("fk_envelopes_referral")),
        sa.PrimaryKeyConstraint("referral", "event", "recipient", name=op.f("pk_envelopes")),
    )
    op.create_table(
        "offers",
        sa.Column("referral", sa.String(length=26), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["referral"], ["referrals.id"], name=op.f("fk_offers_referral")),
        sa.PrimaryKeyConstraint("referral", "provider", name=op.f("pk_offers")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_provider"), ["provider"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_provider"))

    op.drop_table("offers")
    op.drop_table("envelopes")
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statements_subject"))
        batch_op.drop_index(batch_op.f("ix_statements_country"))

    op.drop_table("statements")
    op.drop_table("snapshots")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referrals_sender_device"))
        batch_op.drop_index(batch_op.f("ix_referrals_deadline"))

    op.drop_table("referrals")
    op.drop_table("log_nodes")
    with op.batch_alter_table("log_leaves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_leaves_referral_position"))
        batch_op.drop_index(batch_op.f("ix_log_leaves_country_cause"))

    op.drop_table("log_leaves")
    with op.batch_alter_table("live_statements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_live_statements_country_device_kind"))

    op.drop_table("live_statements")
    with op.batch_alter_table("nonces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nonces_expires"))

    op.drop_table("nonces")
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolments_state_received"))
        batch_op.drop_index(batch_op.f("ix_enrolments_invitation"))

    op.drop_table("enrolments")
    op.drop_table("countries")
