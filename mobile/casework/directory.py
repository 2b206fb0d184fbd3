"""The cached directory as the screens and the routing see it."""

from mobile.casework.desk import Desk
from mobile.casework.errors import NoDirectoryError
from mobile.casework.views import DirectoryView
from protocols.messages import Snapshot


def snapshot_of(desk: Desk) -> Snapshot:
    """The verified snapshot. Raises NoDirectoryError."""
    snapshot = desk.directory.snapshot
    if snapshot is None:
        raise NoDirectoryError("this phone has no directory yet; connect and sync once")
    return snapshot


def show_directory(desk: Desk) -> DirectoryView:
    """See `Phone.directory`."""
    snapshot, now = snapshot_of(desk), desk.clock()
    return DirectoryView(
        country=snapshot.country,
        number=snapshot.number,
        issued=snapshot.issued,
        expires=snapshot.expires,
        age_days=max(0, (now - snapshot.issued).days),
        expired=snapshot.expires <= now,
        providers=desk.directory.providers(now),
        trusted=desk.directory.trusted(now),
        focal_points=snapshot.focal_points,
        checklists=snapshot.checklists,
        organisations=desk.names(),
    )
