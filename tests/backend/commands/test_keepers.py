"""Two of three keepers: what one alone can do, what two sign, and how a proposal travels."""

import json
import shutil
from pathlib import Path

import click.testing
import pytest
from click.testing import CliRunner, Result

from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.offices.keepers import KeeperFolder, WrongPassphraseError
from backend.commands.programme import programme
from backend.commands.programme_signing import NotSignedError
from protocols.messages import Snapshot
from protocols.plain import from_json, load_json
from protocols.sealing.certificate import CERTIFICATE_TYPE, Certificate
from tests.backend.commands.office import SERVER, NewDevice, Office
from tests.backend.commands.trio import (
    FOUNDING,
    PASSPHRASES,
    Trio,
    key_of,
)


def test_each_key_lies_in_a_folder_of_its_own_under_its_own_passphrase(founded: Trio) -> None:
    root = ProgrammeFolder(founded.folder).read_root()
    assert (len(root.keys), root.threshold) == (3, 2)
    for of in ("root", "TN"):
        for number in (1, 2, 3):
            home = founded.home(of, number)
            assert sorted(each.name for each in home.iterdir()) == [
                "keeper.json",
                "key.age",
                "root.json",
            ]
            assert (home / "key.age").read_bytes().startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert not list((founded.folder / "root").rglob("*.age"))
    assert len(list((founded.folder / "authorities").rglob("*.age"))) == 1


def test_the_authority_asks_for_two_of_its_three_keepers(founded: Trio) -> None:
    state = ProgrammeFolder(founded.folder).read_state("TN")
    (authority,) = [
        found
        for each in state.statements
        if each.payloadType == CERTIFICATE_TYPE
        for found in [from_json(each.payload, Certificate)]
        if found.role == "authority"
    ]
    assert (len(authority.keys), authority.threshold) == (3, 2)
    assert {len(each.signatures) for each in state.statements} == {2}


def test_the_default_is_two_of_three_and_one_where_fictional(tmp_path: Path) -> None:
    made = Office(tmp_path / "p", None)  # type: ignore[arg-type]
    words = ("init", "--work-factor", "1", "--country", "MA", "--server", SERVER)
    made.ask(*words, "--out", str(tmp_path / "real"))
    made.ask(*words, "--out", str(tmp_path / "demo"), "--fictional")
    for name, wanted in (("real", (3, 2)), ("demo", (1, 1))):
        root = ProgrammeFolder(tmp_path / name).read_root()
        assert (len(root.keys), root.threshold) == wanted


@pytest.mark.parametrize("numbers", [(2, 3), (1, 2)])
def test_a_threshold_above_the_keepers_is_refused(tmp_path: Path, numbers: tuple[int, int]) -> None:
    made = Office(tmp_path / "p", None)  # type: ignore[arg-type]
    keys, threshold = map(str, numbers)
    words = ("--authority-keys", keys, "--authority-threshold", threshold, "--work-factor", "1")
    assert made.refused("init", "--out", str(tmp_path / "p"), *words).code == "keepers"
    assert not (tmp_path / "p").exists()


def test_too_few_or_too_many_passphrases_make_no_key(tmp_path: Path) -> None:
    made = Office(tmp_path / "p", None)  # type: ignore[arg-type]
    words = ("init", "--out", str(tmp_path / "p"), *FOUNDING)
    told = made.refused(*words, passphrase="\n".join(PASSPHRASES))
    assert told.code == "no_passphrase"
    assert "6 keys" in str(told)
    assert not (tmp_path / "p").exists()


def test_a_keeper_chooses_another_passphrase(founded: Trio, tmp_path: Path) -> None:
    home = founded.home("TN", 2)
    new = tmp_path / "new"
    new.write_text("fictional and mine alone\n")
    words = ("keeper", "passphrase", "--keeper", str(home), "--work-factor", "1")
    words = (*words, "--new-passphrase-file", str(new))
    before = (home / "key.age").read_bytes()
    assert founded.refused(*words, passphrase="another").code == "wrong_passphrase"
    assert (home / "key.age").read_bytes() == before
    founded.ask(*words, passphrase=PASSPHRASES[1])
    folder = KeeperFolder(home)
    assert bytes(folder.open("fictional and mine alone").verify_key) == folder.read().key
    with pytest.raises(WrongPassphraseError):
        folder.open(PASSPHRASES[1])


def test_one_passphrase_for_all_is_called_a_trial(tmp_path: Path) -> None:
    made = Office(tmp_path / "p", None)  # type: ignore[arg-type]
    words = ("init", "--country", "MA", "--work-factor", "1", "--out")
    assert "ONE PASSPHRASE" in made.type(*words, str(tmp_path / "one")).output
    six = "\n".join(f"fictional {each}" for each in range(6))
    assert "ONE PASSPHRASE" not in made.type(*words, str(tmp_path / "six"), passphrase=six).output


def test_nothing_is_published_before_two_have_signed(trio: Trio) -> None:
    waiting = trio.publish()
    assert (waiting["published"], waiting["number"], waiting["lacking"]) == (False, 1, 1)
    again = trio.publish()
    assert again == waiting, "the same again changes nothing"
    signed = trio.sign(waiting["proposal"], 2)
    assert signed["summary"]["lacking"] == 0
    done = trio.publish("--proposal", waiting["proposal"])
    assert (done["published"], done["number"]) == (True, 1)
    assert not Path(waiting["proposal"]).exists()
    assert (trio.status()["number"], trio.status()["sent"]) == (1, True)


def test_two_keepers_at_the_office_publish_at_once(trio: Trio) -> None:
    back = trio.folder / "authorities" / "TN" / "keeper-2"
    shutil.copytree(trio.home("TN", 2), back)
    both = "\n".join(PASSPHRASES[:2])
    (done,) = trio.ask("publish", *trio.here, "--country", "TN", passphrase=both)
    assert (done["published"], done["proposal"]) == (True, None)


def test_a_device_is_let_in_by_two_keepers(running: Trio) -> None:
    device = NewDevice()
    proposal = running.let_in(device)
    assert device.send(running.http, "GET", "/v1/directory/TN").status_code == 401
    signed = running.sign(proposal, 2)
    (line,) = [each for each in signed["summary"]["changes"] if "CERTIFIED" in each]
    assert device.id in line and "'Blue fictional phone'" in line and "field_worker" in line
    assert signed["summary"]["lacking"] == 1, "the office's own keeper signs the whole"
    done = running.publish("--proposal", proposal)
    assert done["published"]
    listed = running.snapshot(device)
    assert listed.number == done["number"] == 2
    own = next(
        each
        for each in listed.statements
        if each.payloadType == CERTIFICATE_TYPE
        and from_json(each.payload, Certificate).subject == device.id
    )
    assert len(own.signatures) == 2
    assert not list(running.folder.rglob("invitations/*.json"))


def test_two_keepers_revoke_together_and_one_cannot(running: Trio) -> None:
    device = NewDevice()
    running.finish(running.let_in(device))
    words = ("--country", "TN", "--subject", device.id, "--reason", "lost")
    waiting = running.ask("revoke", *running.here, *words)
    assert not waiting["published"]
    assert device.send(running.http, "GET", "/v1/directory/TN").status_code == 200
    again = running.ask("revoke", *running.here, *words)
    assert again == waiting, "one revocation, however often it is asked for"
    changes = running.sign(waiting["proposal"], 3)["summary"]["changes"]
    (line,) = [each for each in changes if "REVOKED" in each]
    assert device.id in line and "because lost" in line
    assert running.publish("--proposal", waiting["proposal"])["published"]
    refused = device.send(running.http, "GET", "/v1/directory/TN")
    assert (refused.status_code, load_json(refused.content)["code"]) == (403, "revoked")


def test_a_keeper_whose_key_is_lost_stops_nothing(running: Trio) -> None:
    """Keeper 2's folder burnt; keepers 1 and 3 go on."""
    shutil.rmtree(running.home("TN", 2))
    device = NewDevice()
    proposal = running.let_in(device)
    running.sign(proposal, 3)
    assert running.publish("--proposal", proposal)["published"]
    assert running.snapshot(device).number == 2


def test_a_second_change_joins_the_one_that_waits(running: Trio) -> None:
    first, second = NewDevice(), NewDevice()
    before = running.let_in(first)
    old = Path(before).with_name("sent to keeper 2.json")
    shutil.copy(before, old)
    after = running.let_in(second)
    running.sign(old, 2)
    crossed = running.refused("publish", *running.here, "--proposal", str(old))
    assert crossed.code == "proposals_crossed"
    assert running.refused(*running.signing(after, 2), passphrase=PASSPHRASES[1]).code == (
        "proposal_crosses"
    )
    running.sign(after, 2, "TN", "--instead")
    assert running.publish("--proposal", after)["published"]
    assert running.snapshot(first) == running.snapshot(second)


def test_what_a_keeper_would_not_sign_is_discarded(running: Trio) -> None:
    device = NewDevice()
    proposal = running.let_in(device)
    assert running.ask("discard", *running.here, "--country", "TN")["discarded"]
    assert not Path(proposal).exists()
    waiting = running.publish()
    lines = running.sign(waiting["proposal"], 2)["summary"]["changes"]
    assert not any(device.id in each for each in lines)
    assert running.publish("--proposal", waiting["proposal"])["published"]
    assert device.send(running.http, "GET", "/v1/directory/TN").status_code == 401


def test_signing_twice_counts_once(running: Trio) -> None:
    waiting = running.publish()
    first = running.sign(waiting["proposal"], 1)
    before = Path(waiting["proposal"]).read_bytes()
    again = running.sign(waiting["proposal"], 1)
    assert first["summary"]["lacking"] == again["summary"]["lacking"] == 1
    assert Path(waiting["proposal"]).read_bytes() == before


def test_status_tells_keepers_and_whose_signature_is_missing(running: Trio) -> None:
    running.let_in(NewDevice())
    found = running.status()
    assert (found["threshold"], len(found["keepers"])) == (2, 3)
    assert [each["here"] for each in found["keepers"]] == [True, False, False]
    assert found["keepers"][1]["key"] == key_of(running.home("TN", 2))
    (waiting,) = found["proposals"]
    assert (waiting["number"], waiting["lacking"]) == (2, 1)
    assert waiting["file"].endswith("proposal-TN-2.json")
    assert [each["signed"] for each in waiting["keepers"]] == [True, False, False]
    shown = running.type("status", *running.here)
    assert shown.exit_code == 0
    assert "TN keeper 2" in shown.output and waiting["mark"] in shown.output


def test_a_snapshot_says_of_itself_who_signed(running: Trio) -> None:
    state = ProgrammeFolder(running.folder).read_state("TN")
    assert state.published is not None
    assert len(state.published.signatures) == 2
    assert from_json(state.published.payload, Snapshot).number == 1
    assert json.loads((running.folder / "server" / "programme.json").read_bytes())


def test_at_a_terminal_each_keeper_is_asked(
    trio: Trio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Founding asks each keeper twice, signing shows first and asks then."""
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _: True, raising=False)

    def typing(*words: str, typed: str) -> Result:
        done = CliRunner().invoke(programme, words, input=typed, env={"AMANA_PASSPHRASE": None})
        assert done.exit_code == 0, (done.output, done.exception)
        return done

    folder = tmp_path / "typed"
    words = ("init", "--out", str(folder), *FOUNDING)
    shown = typing(*words, typed="".join(f"secret {each}\n" * 2 for each in range(6)))
    assert "TN keeper 3: choose a passphrase" in shown.output
    assert "secret" not in shown.output and "ONE PASSPHRASE" not in shown.output
    both = folder / "authorities" / "TN"
    assert KeeperFolder(both / "keeper-2").open("secret 4")

    waiting = ("publish", *trio.here, "--country", "TN")
    typing(*waiting, typed=PASSPHRASES[0] + "\n")
    proposal = trio.status()["proposals"][0]["file"]
    signing = ("sign", proposal, "--keeper", str(trio.home("TN", 2)))
    no = CliRunner().invoke(programme, signing, input="n\n", env={"AMANA_PASSPHRASE": None})
    assert isinstance(no.exception, NotSignedError)
    shown = typing(*signing, typed=f"y\n{PASSPHRASES[1]}\n")
    assert shown.output.index("What changes:") < shown.output.index("Sign this (")
    assert trio.publish("--proposal", proposal)["published"]
