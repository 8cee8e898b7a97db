"""The way into the page: the form, the token and the session."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from .page_site import TOKEN, Parsed, Site, ask, origin, row, served, sign_in


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site")) as site:
        assert site.completed([row("Sales", 1606827121, 50)]) == 1
        yield site


@pytest.fixture(scope="module")
def visitor(site: Site) -> dict[str, str]:
    return {"Cookie": sign_in(site).cookie}


@pytest.mark.parametrize("path", ["", "reports/1"])
def test_sends_a_stranger_to_the_form_and_shows_nothing(site: Site, path: str) -> None:
    answer = ask("GET", site.url + path)

    assert answer.status == 303
    assert answer.body == ""
    assert urljoin(site.url + path, answer.headers["Location"]) == site.url + "login"


def test_shows_a_form_for_the_token(site: Site) -> None:
    tags = Parsed(ask("GET", site.url + "login").body).tags

    assert ("token", "password") in [(attributes.get("name"), attributes.get("type")) for tag, attributes in tags if tag == "input"]


def test_the_token_opens_a_session(site: Site) -> None:
    answer = sign_in(site)

    assert answer.status == 303
    assert urljoin(site.url + "login", answer.headers["Location"]) == site.url
    assert ask("GET", site.url, Cookie=answer.cookie).status == 200


def test_the_cookie_is_for_this_page_alone_and_does_not_hold_the_token(site: Site) -> None:
    value, *attributes = sign_in(site).headers["Set-Cookie"].split("; ")

    assert TOKEN not in value
    # Without a path it is for the folder of the form.
    assert {attribute.lower() for attribute in attributes} == {"httponly", "max-age=43200", "samesite=strict"}


def test_the_cookie_keeps_to_https_where_the_page_does(tmp_path: Path) -> None:
    with served(tmp_path, public_url="https://lms.example.org/statistics") as site:
        assert "; Secure" in sign_in(site).headers["Set-Cookie"]


def test_a_wrong_token_gets_the_form_again_and_has_to_wait(site: Site) -> None:
    before = time.monotonic()
    answer = sign_in(site, TOKEN[:-1])

    assert time.monotonic() - before >= 0.5
    assert answer.status == 401
    assert answer.headers["Set-Cookie"] is None
    assert "This is not the access token." in answer.body
    assert TOKEN[:-1] not in answer.body


@pytest.mark.parametrize("body", ["", "token=%ff%fe", "&" * 100, b"\xff\x00"])
def test_a_form_without_a_token_is_refused(site: Site, body: str | bytes) -> None:
    assert ask("POST", site.url + "login", body, Origin=origin(site)).status == 401


def test_a_long_form_is_refused(site: Site) -> None:
    assert ask("POST", site.url + "login", "token=" + "x" * 5000, Origin=origin(site)).status == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content_Language": "en"}, 403),
        ({"Sec_Fetch_Site": "same-origin"}, 303),
    ],
)
def test_forms_of_other_sites_are_refused(site: Site, visitor: dict[str, str], headers: dict[str, str], status: int) -> None:
    assert sign_in(site, **headers).status == status
    assert ask("POST", site.url + "logout", "", **visitor, **headers).status == status


def test_signing_out_takes_the_cookie_away(site: Site, visitor: dict[str, str]) -> None:
    answer = ask("POST", site.url + "logout", "", **visitor, Origin=origin(site))

    assert answer.status == 303
    assert answer.cookie.partition("=")[0] == visitor["Cookie"].partition("=")[0]
    assert "Max-Age=0" in answer.headers["Set-Cookie"]


def test_a_session_of_ones_own_making_is_none(site: Site, visitor: dict[str, str]) -> None:
    name, _, value = visitor["Cookie"].partition("=")
    ends, _, signature = value.partition(".")

    other = "0" if signature[-1] != "0" else "1"
    for forged in ("", ".", "1.2", f"{int(ends) + 1}.{signature}", f"{ends}.{signature[:-1]}{other}", f"{ends}.", f"{ends}.\u00e9"):
        assert ask("GET", site.url, Cookie=f"{name}={forged}".encode().decode("latin-1")).status == 303, forged


def test_a_session_ends(site: Site, visitor: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 43201)

    assert ask("GET", site.url, **visitor).status == 303


def test_sessions_outlive_a_restart_and_end_when_the_token_is_changed(tmp_path: Path) -> None:
    with served(tmp_path) as site:
        session = sign_in(site).cookie
    with served(tmp_path) as site:
        assert ask("GET", site.url, Cookie=session).status == 200
    with served(tmp_path, token="another-token-of-that-site") as site:
        own = sign_in(site, "another-token-of-that-site").cookie
        assert ask("GET", site.url, Cookie=session).status == 303
        assert ask("GET", site.url, Cookie=own.partition("=")[0] + "=" + session.partition("=")[2]).status == 303


def test_a_bearer_token_works_too(site: Site) -> None:
    assert ask("GET", site.url, Authorization=f"Bearer {TOKEN}").status == 200
    assert ask("GET", site.url, Authorization=f"Bearer {TOKEN[:-1]}").status == 303
