"""Every error has a code of its own, and says it."""

from __future__ import annotations

from replant import errors


def leaves(kind: type[errors.ReplantError]) -> list[type[errors.ReplantError]]:
    return [kind, *(leaf for each in kind.__subclasses__() for leaf in leaves(each))]


def test_codes_are_unique_and_documented() -> None:
    """Code and meaning of each error are its own; the letter is its room's."""
    kinds = [kind for kind in leaves(errors.ReplantError) if kind.__module__ == errors.__name__]
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert all(kind.__doc__ for kind in kinds)
    assert {kind.__name__ for kind in kinds} == set(errors.__all__)


def test_an_error_says_its_code_and_message() -> None:
    """Text is code and message; findings travel with a case's error."""
    error = errors.CaseError("two findings", ["first", "second"])
    assert str(error) == "C200 two findings"
    assert error.message == "two findings"
    assert error.findings == ("first", "second")
