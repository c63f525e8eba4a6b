"""What a check of one file loads and prepares: a command that starts quickly leaves out what only other files need."""

from __future__ import annotations

import subprocess
import sys

from commandline import ROOT

EXAMPLE = ROOT / "examples" / "examplipril-hypertension.protocol.yaml"
PROBE = f"""
import sys
from protocolkit import process
process.own = True
from protocolkit.cli import run
run(["validate", "--isolated", "--quiet", {str(EXAMPLE)!r}])
print(*sys.modules)
"""
# For a faulty file, a JSON file, a crash, an explanation, a configuration, many files, an output beside the terminal.
UNNEEDED = frozenset(
    {
        "jsonschema", "referencing", "difflib", "traceback", "textwrap", "tomllib", "tempfile", "glob", "concurrent",
        "multiprocessing", "importlib.metadata", "docx", "jinja2", "pathlib", "socket", "email.utils", "dataclasses",
        "protocolkit.schema.explain", "protocolkit.schema.words", "protocolkit.sources.json_reader",
        "protocolkit.report.explaining", "protocolkit.checklists", "protocolkit.render", "protocolkit.editing",
        "protocolkit.wizard", "protocolkit.exchange.importing", "statsmodels", "scipy", "numpy", "pandas", "gsdesign",
    }
)  # fmt: skip


def test_a_clean_file_loads_nothing_that_only_others_need() -> None:
    """A check of one clean YAML file imports none of these modules, though its sample size is that of a t test."""
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    loaded = frozenset(done.stdout.splitlines()[-1].split())
    assert "protocolkit.rules.registry" in loaded
    assert sorted(UNNEEDED & loaded) == []


def test_a_program_that_imports_protocolkit_keeps_its_libraries_whole() -> None:
    """What a command trims for its own speed is untouched in a process of somebody else."""
    code = (
        "import email.utils, re\n"
        "from protocolkit import api\n"
        f"api.validate(api.load({str(EXAMPLE)!r}))\n"
        "import yaml\n"
        "patterns = [pattern for rows in yaml.SafeLoader.yaml_implicit_resolvers.values() for _, pattern in rows]\n"
        "assert patterns and all(isinstance(pattern, re.Pattern) for pattern in patterns)\n"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
