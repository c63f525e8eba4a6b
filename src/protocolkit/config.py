"""The configuration of a project: `protocolkit.toml`, or `[tool.protocolkit]` in `pyproject.toml`."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from protocolkit.errors import ConfigError
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE, SHARED = "protocolkit.toml", "pyproject.toml"
_LISTS = ("profiles", "select", "ignore", "plugins", "library")
_THRESHOLDS = ("error", "warning", "info", "never")
_KNOWN = (*_LISTS, "fail-on", "severity")
_SPEAKS = re.compile(r"tool\W.*protocolkit|^\s*\[\s*tool\s*\]", re.MULTILINE)  # to this tool, perhaps
_LATER = ("baseline", "templates", "reference", "paths")


class Config(NamedTuple):
    """What a project has decided; what it leaves open is empty. `library` are folders of rows of its own."""

    profiles: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    library: tuple[str, ...] = ()
    fail_on: str = ""
    severity: tuple[tuple[str, str], ...] = ()


def load(path: str | None = None, *, isolated: bool = False) -> Config:
    """Read the configuration at a path, else the nearest one from the working folder up to its repository's root.

    Raises ConfigError for a file that cannot be read, an unknown key or a value of the wrong form.
    """
    if isolated:
        return Config()
    if path is not None:
        return _read(path, required=True) or Config()
    for folder in _upwards(os.getcwd()):
        for name in (FILE, SHARED):
            path = os.path.join(folder, name)
            if os.path.exists(path) and (found := _read(path, required=False)) is not None:
                return found
        if os.path.exists(os.path.join(folder, ".git")):
            break
    return Config()


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while (above := os.path.dirname(folder)) != folder:
        folder = above
        yield folder


def _read(path: str, *, required: bool) -> Config | None:
    """Read one file; None where it is another tool's and says nothing to this one."""
    shared = os.path.basename(path) == SHARED
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None
    if shared and not required and not _SPEAKS.search(text):
        return None  # most projects: what speaks of other tools is not parsed at every start
    import tomllib  # noqa: PLC0415 - for a project with a configuration only

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None
    own = _own(path, data) if shared else data
    if own is None:
        return Config() if required else None
    return _checked(path, own)


def _own(path: str, data: dict[str, Any]) -> dict[str, Any] | None:
    """Return what is for this tool in a file that several share; None where it says nothing to it."""
    for steps in (("tool",), ("tool", "protocolkit")):
        inner = data.get(steps[-1])
        if inner is None:
            return None
        if not isinstance(inner, dict):
            raise ConfigError(f"{path}: {'.'.join(steps)} is no table; what is set stands in [tool.protocolkit]")
        data = inner
    return data


def _checked(path: str, data: dict[str, Any]) -> Config:
    for key in data:
        if key in _LATER:
            raise ConfigError(f"{path}: this version does not read the key {key}")
        if key not in _KNOWN:
            raise ConfigError(f"{path}: the key {key!r} is unknown; there are {', '.join(_KNOWN)}")
    lists = {key: _texts(path, key, data.get(key, [])) for key in _LISTS}
    lists["library"] = tuple(os.path.join(os.path.dirname(path), folder) for folder in lists["library"])
    fail_on = data.get("fail-on", "")
    if fail_on not in ("", *_THRESHOLDS):
        raise ConfigError(f"{path}: fail-on is one of {', '.join(_THRESHOLDS)}, not {fail_on!r}")
    return Config(**lists, fail_on=fail_on, severity=_severity(path, data.get("severity", {})))


def _texts(path: str, key: str, value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
        raise ConfigError(f"{path}: {key} is a list of texts")
    return tuple(listed)


def _severity(path: str, value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(level in _THRESHOLDS[:3] for level in value.values()):
        raise ConfigError(f'{path}: severity is a table, such as {{DOSE04 = "warning"}}, of error, warning or info')
    return tuple(value.items())
