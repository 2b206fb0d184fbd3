"""Fuzzes one subject in a process of its own: `python -m tests.fuzz.child SUBJECT LIBFUZZER…`."""

import sys

import atheris

from tests.fuzz.mutations import mutated

ROOMS = ["protocols", "backend", "mobile"]


def main() -> None:
    name, *arguments = sys.argv[1:]
    with atheris.instrument_imports(include=ROOMS):
        from tests.fuzz.target import target  # noqa: PLC0415 - only what is imported here is seen

        subject = target(name)
        for seed in subject.seeds():
            subject.run(seed)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        return mutated(data, subject.head, longest, seed, atheris.Mutate)

    custom = {"custom_mutator": mutate} if subject.json else {}
    limit = f"-max_len={subject.longest}"
    atheris.Setup([sys.argv[0], limit, *arguments], lambda data: _once(subject, data), **custom)
    atheris.Fuzz()


def _once(subject: object, data: bytes) -> None:
    subject.run(data)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
