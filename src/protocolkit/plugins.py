"""What other installed packages add through entry points; looked up only for packages that the configuration names."""

from __future__ import annotations

from typing import Any

from protocolkit.errors import ConfigError


def entries(group: str, packages: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    """Return what each named package offers in a group, such as `protocolkit.rules`, with the name to call it by.

    Raises ConfigError for a package that is not installed, that offers nothing to protocolkit, or that fails to import.
    """
    return tuple(pair for package in packages for pair in _of_package(group, package))


def _of_package(group: str, package: str) -> list[tuple[str, Any]]:
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415 - takes 30 ms; only with plug-ins

    try:
        offered = [entry for entry in distribution(package).entry_points if entry.group.startswith("protocolkit.")]
    except PackageNotFoundError:
        raise ConfigError(f"the plug-in {package!r} is not installed here; install it, or take it out") from None
    if not offered:
        raise ConfigError(f"the package {package!r} offers no entry point protocolkit.rules, so it is no plug-in")
    return [(f"{package} ({entry.name})", _loaded(package, entry)) for entry in offered if entry.group == group]


def _loaded(package: str, entry: Any) -> Any:
    try:
        return entry.load()
    except Exception as error:  # whatever another's module raises while it is imported is that package's fault
        told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise ConfigError(f"the plug-in {package!r} fails to import {entry.value}: {told}") from error
