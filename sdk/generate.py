#!/usr/bin/env python3
"""Write the generated parts of the SDK, or with `--check` say which of them are stale.

    python sdk/generate.py openapi/openapi.json sdk/src/citizen_gateway_sdk [--reference docs/reference] [--check]

`errors.json` and `events.json` lie beside the contract.
"""

import argparse
import json
import sys
from pathlib import Path

from generation.contract import Contract
from generation.errors import errors_source
from generation.events import events_source
from generation.models import models_source
from generation.operations import operations_source
from generation.reference import errors_reference, events_reference, objects_reference, sdk_reference
from generation.source import GenerationError, tidy
from generation.sync import sync_sources


def generated(contract_path: Path, package: Path, reference: Path | None) -> dict[Path, str]:
    """Return what each generated file is to contain."""
    contract = Contract(json.loads(contract_path.read_text(encoding="utf-8")))
    catalogue = json.loads(contract_path.with_name("errors.json").read_text(encoding="utf-8"))
    told = json.loads(contract_path.with_name("events.json").read_text(encoding="utf-8"))
    operations = operations_source(contract)  # first: answers described in place become models
    sources = {
        package / "operations.py": operations,
        package / "models.py": models_source(contract),
        package / "errors.py": errors_source(catalogue),
        package / "events.py": events_source(told),
    }
    sync = sync_sources(package / "_async")
    sources |= {package / "_sync" / name: source for name, source in sync.items()}
    pages = {}
    if reference is not None:
        pages = {
            reference / "sdk.md": sdk_reference(contract, sync),
            reference / "objects.md": objects_reference(sources[package / "models.py"]),
            reference / "events.md": events_reference(told, sources[package / "events.py"]),
            reference / "errors.md": errors_reference(catalogue),
        }
    return {path: tidy(source, path) for path, source in sources.items()} | pages


def main() -> int:
    """Generate or check; return the exit status."""
    parser = argparse.ArgumentParser(
        description="Generate the SDK's models, operations, errors, sync client and reference."
    )
    parser.add_argument("contract", type=Path, help="openapi.json, with errors.json and events.json beside it")
    parser.add_argument("package", type=Path, help="the folder of citizen_gateway_sdk")
    parser.add_argument("--reference", type=Path, help="the folder of the pages made from all this")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is stale")
    given = parser.parse_args()
    try:
        wanted = generated(given.contract, given.package.resolve(), given.reference)
    except (GenerationError, OSError, json.JSONDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    stale = [path for path, source in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != source]
    stale += [path for path in sorted((given.package.resolve() / "_sync").glob("*.py")) if path not in wanted]
    for path in stale:
        sys.stdout.write(f"{'stale' if given.check else 'written'}: {path.name}\n")
        if given.check:
            continue
        if path in wanted:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return 1 if given.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
