"""A small client of the language-server protocol, enough to ask an editor's questions over stdio."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = {
    "yaml": {
        "schemaStore": {"enable": False, "url": ""},
        "validate": True,
        "hover": True,
        "completion": True,
        "format": {"enable": False},
        "schemas": {},
    },
    "http": {"proxy": "", "proxyStrictSSL": False},
    "[yaml]": {},
    "editor": {"tabSize": 2},
    "files": {},
}


class LanguageServer:
    """A running language server; every answer is awaited, and requests of the server are answered with settings."""

    def __init__(self, command: list[str], root: Path) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root)
        self._next = 0
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        capabilities = {
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": False}},
                "hover": {"contentFormat": ["markdown", "plaintext"]},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": True, "didChangeConfiguration": {}},
        }
        self.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities})
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": _SETTINGS})

    def open(self, path: Path, text: str) -> str:
        """Open a document and return its address."""
        uri = path.as_uri()
        item = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return uri

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        """Ask about a position, counted from 0."""
        return self.ask(method, {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})

    def until_diagnosed(self, uri: str, *, at_least: int = 1) -> list[dict[str, Any]]:
        """Read messages until a document has been diagnosed."""
        while len(self.diagnostics.get(uri, ())) < at_least:
            self._take(self._read())
        return self.diagnostics[uri]

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._write({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and return its result."""
        self._next += 1
        mine = self._next
        self._write({"jsonrpc": "2.0", "id": mine, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == mine and "method" not in message:
                assert "error" not in message, message
                return message.get("result")
            self._take(message)

    def close(self) -> None:
        """End the server."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        self._process.wait(timeout=20)

    def _take(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif method == "workspace/configuration":
            result = [_SETTINGS.get(item.get("section"), {}) for item in message["params"]["items"]]
            self._write({"jsonrpc": "2.0", "id": message["id"], "result": result})
        elif "id" in message and method:
            self._write({"jsonrpc": "2.0", "id": message["id"], "result": None})

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline().strip()) or not length:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message
