"""checklist files"""

from alembic import op
import sqlalchemy as sa


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklist_files",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country"], ["countries.code"], name=op.f("fk_checklist_files_country")
        ),
        sa.PrimaryKeyConstraint("country", "sha256", name=op.f("pk_checklist_files")),
    )
    with op.batch_alter_table("checklist_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_files_sha256"), ["sha256"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("checklist_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_files_sha256"))
    op.drop_table("checklist_files")
