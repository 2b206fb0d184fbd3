"""steps of an enrolment's comparison"""

from alembic import op
import sqlalchemy as sa


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = ("contribution", "opening", "endorsement", "reason")


def upgrade() -> None:
    # What was asked before has no commitment: it can never be compared, and is asked again.
    op.execute("DELETE FROM enrolments WHERE state <> 'approved'")
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contribution", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("opening", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("endorsement", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM enrolments WHERE state <> 'approved'")
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        for column in reversed(COLUMNS):
            batch_op.drop_column(column)
