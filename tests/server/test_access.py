"""Who may ask what: tokens, scopes, and the address without tokens."""

import pytest

from secreview.cli import main
from secreview.config import Config
from secreview.errors import UsageError
from secreview.server.run import server_of
from secreview.server.service import Settings
from secreview.server.tokens import LOCAL, Client, Scope, client_of, clients_in, digest, new_token
from tests.server.conftest import SCOPES, TOKENS, bearer, quick, tokens_file

ROUTES = {
    "review": ("POST", "/v1/reviews", {"parts": [{"name": "a.txt", "text": "一"}]}),
    "opinion": ("GET", "/v1/records/20260302-00000000", None),
    "gate": ("POST", "/v1/gate", {"files": ["0" * 64]}),
    "rules": ("GET", "/v1/rules", None),
}


@pytest.mark.parametrize("scope", ROUTES)
def test_nobody_gets_in_without_a_token(kept, scope):
    method, path, body = ROUTES[scope]
    wrong = ("Bearer x", TOKENS["all"], f"Basic {TOKENS['all']}", "Bearer")
    for headers in ({}, *({"authorization": words} for words in wrong)):
        answer = kept.request(method, path, json=body, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scope", ROUTES)
@pytest.mark.parametrize("name", TOKENS)
def test_a_client_may_do_what_its_scopes_say_and_nothing_else(kept, scope, name):
    method, path, body = ROUTES[scope]
    status = kept.request(method, path, json=body, headers=bearer(name)).status_code
    assert (status in (401, 403)) != (scope in SCOPES[name])


def test_counts_need_any_token_and_health_none(kept):
    assert kept.get("/healthz").json()["store"] is True
    assert kept.get("/metrics").status_code == 401
    counts = kept.get("/metrics", headers=bearer("rules"))
    assert "secreview_requests_total" in counts.text


def test_without_tokens_everybody_is_local_and_may_not_give_opinions(local):
    assert local.get("/v1/rules").status_code == 200
    assert local.get(ROUTES["opinion"][1]).status_code == 403
    assert Scope.OPINION not in LOCAL.scopes


def test_the_rules_of_a_profile_are_listed(local):
    body = local.get("/v1/rules").json()
    assert {"personal/resident-id"} <= {rule["name"] for rule in body["rules"]}
    assert local.get("/v1/rules?profile=no-such").status_code == 422


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_without_tokens_it_listens_on_loopback_only(host):
    with pytest.raises(UsageError, match="new-token"):
        server_of(Settings(Config(serve=quick(host=host)), lang="en"))


def test_the_command_says_why_it_does_not_start(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["serve", "--host", "0.0.0.0", "--lang", "en"]) == 2
    assert "needs tokens" in capsys.readouterr().err


def test_a_new_token_opens_what_its_table_says(capsys, tmp_path):
    assert main(["serve", "--new-token", "website", "--lang", "en"]) == 0
    token, _, table = capsys.readouterr().out.partition("\n")
    path = tmp_path / "tokens.toml"
    path.write_text(table, "utf-8")
    client = client_of(f"Bearer {token}", clients_in(path))
    assert (client.name, client.scopes) == ("website", {Scope.REVIEW})
    assert token not in table


def test_tokens_are_never_the_same_and_only_their_digest_is_kept(tmp_path):
    assert len({new_token() for _ in range(100)}) == 100
    assert not [token for token in TOKENS.values() if token in tokens_file(tmp_path).read_text()]
    client = Client("a", digest("t"), frozenset())
    assert client_of("bearer t", [client]) is client
    assert client_of("bearer t ", [client]) is client
    assert client_of("bearer T", [client]) is None
    assert client_of("\udcff", [client]) is None


@pytest.mark.parametrize(
    "text",
    [
        "client = 3",
        '[[client]]\nname = "a"\nsha256 = "short"\nscopes = ["review"]',
        f'[[client]]\nname = "a"\nsha256 = "{digest("t")}"\nscopes = ["everything"]',
        f'[[client]]\nname = "a"\nsha256 = "{digest("t")}"\nscopes = []',
        f'[[client]]\nname = "a"\nsha256 = "{digest("t")}"\nscopes = ["gate"]\n' * 2,
        f'[[client]]\nname = "a"\ntoken = "t"\nsha256 = "{digest("t")}"\nscopes = ["gate"]\n',
        "[[client",
    ],
)
def test_a_file_of_tokens_with_a_fault_is_refused(tmp_path, text):
    path = tmp_path / "tokens.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"tokens\.toml"):
        clients_in(path)
