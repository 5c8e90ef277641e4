"""Does the RO-Crate validator accept a bag's crate? Offline, with saved copies of the two JSON-LD
contexts it needs.

In an environment of its own (pip install roc-validator==0.13.0):

    python benchmarks/crate.py BAG CONTEXTS

CONTEXTS holds `ro-crate-1.1.jsonld` (https://w3id.org/ro/crate/1.1/context; the package rocrate
0.10 brings it as rocrate/data/ro-crate.jsonld) and `workflow-run.jsonld`
(https://w3id.org/ro/terms/workflow-run/context). They are others' texts and are not kept here.
Prints every issue; exit code 1 where a required one is open.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

SAVED = {
    "https://w3id.org/ro/crate/1.1/context": "ro-crate-1.1.jsonld",
    "https://w3id.org/ro/terms/workflow-run/context": "workflow-run.jsonld",
}
PROFILES = (
    "process-run-crate-0.5",
    "workflow-run-crate-0.5",
    "provenance-run-crate-0.5",
    "workflow-ro-crate-1.0",
)


def main(bag: str, contexts: str) -> int:
    import requests
    from rocrate_validator import services
    from rocrate_validator.models import Severity
    from rocrate_validator.utils.http import HttpRequester

    def saved(_: HttpRequester, url: str, *__: object, **___: object) -> requests.Response:
        response = requests.Response()
        response.status_code, response.url = 200, url
        response._content = (Path(contexts) / SAVED[url.rstrip("/")]).read_bytes()
        response.headers["Content-Type"] = "application/ld+json"
        return response

    HttpRequester.get = saved  # the validator would fetch the contexts, and nothing else
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(bag) as zipped:
            zipped.extractall(folder)  # our own bag, verified before
        (data,) = Path(folder).glob("*/data")
        for profile in PROFILES:
            settings = services.ValidationSettings(
                rocrate_uri=str(data),
                profile_identifier=profile,
                requirement_severity=Severity.RECOMMENDED,
                abort_on_first=False,
                disable_inherited_profiles_issue_reporting=False,
                offline=True,
            )
            issues = services.validate(settings).get_issues()
            required = [issue for issue in issues if issue.severity >= Severity.REQUIRED]
            worst = max(worst, len(required))
            print(
                f"{profile}: {len(required)} required, {len(issues) - len(required)} recommended "
                "open"
            )
            for issue in issues:
                print(
                    f"  {issue.severity.name:12}{issue.check.identifier}  "
                    f"{' '.join(str(issue.message).split())}"
                )
    return int(worst > 0)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
