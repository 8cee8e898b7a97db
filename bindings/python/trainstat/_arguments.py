"""The command line, its flags made from the catalogue."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from .catalogue import describe, formats
from .moodle import exportable

ALL = "all"
_OWN_WORDS: dict[str, dict[str, Any]] = {"on_refused": {"default": "skip"}, "file": {"flags": ("-o",), "metavar": "FILE"}}
_COMMANDS = {
    "formats": "list the formats",
    "describe": "print a format's columns and options as JSON",
    "export": "write a report from a Moodle database",
    "rows": "write a report from lines of JSON on standard input",
    "serve": "answer over HTTP from a Moodle database; the token is in TRAINSTAT_TOKEN or --token-file",
}
_SERVING_EXITS = "exit status: 2 usage, database, or an address that is taken; 130 Ctrl-C"
_EXITS = """exit status: 0 written; 3 written, refused rows left out; 1 stopped by a refused row; 2 usage or database; 130 Ctrl-C"""


def without_password(message: str) -> str:
    """A message that may hold a database's URL, wherever it was typed, without whose it is."""
    return re.sub(r"://.*@", "://***@", message, flags=re.DOTALL)


class Parser(argparse.ArgumentParser):
    """Repeats no password of a URL that stands in the wrong place."""

    def error(self, message: str) -> NoReturn:
        super().error(without_password(message))


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, dict[str, Any]]:
    """The parsed command line, and the report's options among it."""
    parser = Parser(prog="python -m trainstat", description="Training statistics reports.", epilog=_EXITS, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = {
        name: commands.add_parser(name, help=text, description=text, epilog=_EXITS, allow_abbrev=False)
        for name, text in _COMMANDS.items()
    }
    made["describe"].add_argument("name", metavar="NAME", help="the format")
    made["serve"].epilog = _SERVING_EXITS
    _add_serving(made["serve"])
    options: list[Mapping[str, Any]] = []
    writing = arguments[0] if arguments and arguments[0] in ("export", "rows") else None
    if writing:
        command = made[writing]
        names = exportable(formats()) if writing == "export" else formats()
        _add_own(command, writing, names)
        chosen = _chosen(arguments)
        if chosen in names:
            options = describe(chosen)["options"]
            group = command.add_argument_group(f"options of {chosen}")
            for option in options:
                _add_option(group, option, can_be_all=writing == "export")
        else:
            command.epilog = "--format NAME --help tells the options of that format, too. " + _EXITS
            if chosen and "-h" not in arguments and "--help" not in arguments:
                describe(chosen)  # the library says what is wrong with an unknown name
                command.error(f"{writing} writes {', '.join(names)}")
    parsed = parser.parse_args(arguments)
    given = ((option["name"], getattr(parsed, option["name"])) for option in options)
    return parsed, {name: value for name, value in given if value is not None}


def _chosen(arguments: Sequence[str]) -> str | None:
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--format")
    try:
        found: str | None = first.parse_known_args(arguments[1:])[0].format
    except argparse.ArgumentError:
        return None
    return found


def _add_own(command: argparse.ArgumentParser, writing: str, names: Sequence[str]) -> None:
    command.add_argument("--format", required=True, metavar="NAME", help=f"one of {', '.join(names)}")
    if writing == "export":
        _add_site(command)
        command.add_argument("--courses", type=integers, default=[], metavar="IDS", help="such as 2,3 (default: all)")


def _add_site(command: argparse.ArgumentParser) -> None:
    command.add_argument("--moodle", required=True, metavar="URL", help="the database, such as sqlite:////srv/moodle.sqlite")
    command.add_argument("--prefix", default="mdl_", help="of the site's tables (default: mdl_)")


def _add_serving(command: argparse.ArgumentParser) -> None:
    _add_site(command)
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=port, default=8080, metavar="N", help="0: any that is free (default: 8080)")
    command.add_argument("--directory", metavar="DIR", help="for tasks and reports (default: ~/.local/state/trainstat)")
    command.add_argument("--forms", type=integers_or_all, default=[], metavar="IDS", help="the reports' option; all: every one")
    command.add_argument("--timezone", metavar="TZ", help="the reports' option")
    command.add_argument("--company", default="", metavar="NAME", help="whose reports run one at a time in the directory")
    command.add_argument("--module", type=module, action="append", default=[], metavar="NAME=on|off", help="such as trainings=off")
    command.add_argument("--public-url", metavar="URL", help="where clients reach this (default: the address listened on)")
    command.add_argument("--token-file", metavar="FILE", help="its first line is the token; not readable by everybody")
    command.add_argument("--keep-files", type=int, default=86400, metavar="SECONDS", help="that a report stays (default: 86400)")


def _add_option(group: Any, option: Mapping[str, Any], can_be_all: bool) -> None:
    """One flag from one option of the catalogue."""
    name, kind = option["name"], option["type"]
    own = dict(_OWN_WORDS.get(name, {}))
    default = own.pop("default", None)
    shown = default or option.get("default")
    meaning = str(option.get("meaning", "")).replace("%", "%%")
    help_ = meaning if shown in (None, [], False) else f"{meaning} (default: {shown})"
    flags = (*own.pop("flags", ()), "--" + name.replace("_", "-"))
    if kind == "boolean":
        group.add_argument(*flags, dest=name, action="store_const", const=True, help=help_)
        return
    if kind == "integers":
        own |= {"type": integers_or_all if can_be_all else integers, "metavar": "IDS"}
        help_ += "; all: every one that the site has" if can_be_all else ""
    elif kind == "integer":
        own |= {"type": int, "metavar": "N"}
    elif kind == "choice":
        own |= {"metavar": "|".join(option["choices"])}
    group.add_argument(*flags, dest=name, default=default, help=help_, **{"metavar": "TEXT", **own})


def integers(text: str) -> list[int]:
    """Integers with commas between them."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError("must be integers with commas between them") from None


def integers_or_all(text: str) -> list[int] | str:
    """The same, or the word all."""
    return ALL if text == ALL else integers(text)


def port(text: str) -> int:
    """A port's number."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must lie in 0..65535")
    return number


def module(text: str) -> tuple[str, bool]:
    """A module's name, and whether it is on."""
    name, _, state = text.partition("=")
    if state not in ("on", "off"):
        raise argparse.ArgumentTypeError("must be a module's name with =on or =off")
    return name, state == "on"
