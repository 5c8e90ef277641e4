"""pyproject.toml -> uv.lock -> requirements.lock -> environment.yml say the same thing.

Read from the files alone: no conda, no network. After a change in pyproject.toml: `make lock`.
"""

import functools
import hashlib
import operator
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from conftest import some
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT_TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads(PYPROJECT_TEXT)
PROJECT = PYPROJECT["project"]
UV_LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

RUNTIME = [Requirement(text) for text in PROJECT["dependencies"]]
GROUPS = {
    group: [Requirement(text) for text in texts]
    for group, texts in PYPROJECT["dependency-groups"].items()
}
EXTRAS = PROJECT["optional-dependencies"]
DIRECT = RUNTIME + functools.reduce(operator.iadd, GROUPS.values(), [])
LOCKED = {
    package["name"]: package for package in UV_LOCK["package"] if package["name"] != PROJECT["name"]
}


def pins(lock="requirements.lock"):
    """A lock as {name: (version, set of hashes)}."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = {}
    for line in text.replace("\\\n", "").splitlines():
        if line.lstrip().startswith("#"):
            continue
        name, version = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line).groups()
        assert name not in found, f"{name} is pinned twice"
        found[name] = version, set(re.findall(r"--hash=(sha256:[0-9a-f]{64})(?!\S)", line))
    return found


def files(package):
    return [package["sdist"]] * ("sdist" in package) + package.get("wheels", [])


def specifiers(requirements):
    return {canonicalize_name(each.name): each.specifier for each in requirements}


def test_uv_lock_was_made_from_the_dependencies_pyproject_names():
    assert UV_LOCK["requires-python"] == PROJECT["requires-python"]
    project = next(each for each in UV_LOCK["package"] if each["name"] == PROJECT["name"])
    locked = project["metadata"]
    needed = [each for each in locked["requires-dist"] if "marker" not in each]
    asked = {"run": needed, **locked["requires-dev"]}
    assert {
        group: {each["name"]: SpecifierSet(each.get("specifier", "")) for each in requirements}
        for group, requirements in asked.items()
    } == {group: specifiers(each) for group, each in {"run": RUNTIME, **GROUPS}.items()}


def test_the_locks_pin_exactly_the_versions_of_uv_lock():
    pinned = pins("requirements-overview.lock") | pins("requirements-lint.lock") | pins()
    assert {name: version for name, (version, _) in pinned.items()} == {
        name: package["version"] for name, package in LOCKED.items()
    }


def test_what_writes_parquet_is_no_part_of_what_an_assessment_or_a_test_needs():
    asked = {canonicalize_name(Requirement(text).name) for text in EXTRAS["overview"]}
    assert asked == set(pins("requirements-overview.lock"))
    assert not asked & set(pins())


def test_the_linters_are_no_part_of_what_an_assessment_or_a_test_needs():
    linters, whole = pins("requirements-lint.lock"), pins()
    named = {canonicalize_name(each.name) for each in GROUPS["lint"]}
    assert named <= set(linters)
    assert not named & set(whole)
    assert all(whole[name] == pin for name, pin in linters.items() if name in whole)


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-lint.lock", "requirements-overview.lock"]
)
def test_every_pin_carries_the_hashes_uv_lock_has_and_at_least_one(lock):
    for name, (_, hashes) in some(pins(lock).items()):
        assert hashes, f"{name} has no hash"
        assert hashes == {each["hash"] for each in files(LOCKED[name])}, name


def test_the_runtime_lock_is_what_the_runtime_dependencies_bring_of_the_whole_lock():
    """The closure of the project's own dependencies in uv.lock: nothing of tests or laboratory."""
    runtime = pins("requirements-runtime.lock")
    found, asked = set(), {canonicalize_name(each.name) for each in RUNTIME}
    while asked:
        name = asked.pop()
        found.add(name)
        asked |= {each["name"] for each in LOCKED[name].get("dependencies", ())} - found
    assert set(runtime) >= {canonicalize_name(each.name) for each in RUNTIME}
    assert set(runtime) <= found | {
        each["name"]
        for name in found
        for extra in LOCKED[name].get("optional-dependencies", {}).values()
        for each in extra
    }
    assert found <= set(runtime)
    whole = pins()
    assert all(whole[name] == pin for name, pin in runtime.items())
    assert not {"pytest", "jupyterlab", "distributed", "mkdocs", "python-docx"} & set(runtime)
    assert len(runtime) < len(whole) * 0.6


@pytest.mark.parametrize("requirement", DIRECT, ids=str)
def test_every_direct_dependency_has_a_floor_and_is_pinned_above_it(requirement):
    assert [each.operator for each in requirement.specifier] == [">="]
    pinned = pins("requirements-lint.lock") | pins()
    version, _ = pinned[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version)


def test_every_runtime_dependency_says_why_it_is_here():
    block = re.search(r"^dependencies = \[\n(.*?)^\]", PYPROJECT_TEXT, re.MULTILINE | re.DOTALL)
    lines = block.group(1).splitlines()
    assert len(lines) == len(RUNTIME)
    for line in lines:
        assert re.fullmatch(r'    "[^"]+", +# \w.+', line), f"no reason: {line.strip()}"


# Measured: scipy, statsmodels and the like add 143 to 250 MB and up to 1.3 s to every kernel,
# and seaborn imports scipy and statsmodels wherever it finds them.
@pytest.mark.parametrize("heavy", ["scipy", "statsmodels", "sktime", "scikit-learn", "ploomber"])
def test_no_heavy_package_slips_into_the_lock(heavy):
    assert heavy not in LOCKED


def test_uv_lock_knows_the_public_index_and_no_other_place():
    for name, package in some(LOCKED.items()):
        assert package["source"] == {"registry": "https://pypi.org/simple"}, name
        for file in some(files(package)):
            assert file["url"].startswith("https://files.pythonhosted.org/packages/"), file["url"]


def test_requirements_lock_names_no_place_at_all():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|--index-url|--extra-index-url|--find-links|-e ", text)


def test_conda_takes_python_and_pip_from_conda_and_the_rest_from_the_lock():
    assert ENVIRONMENT.keys() == {"name", "channels", "dependencies"}
    assert ENVIRONMENT["name"] == PROJECT["name"]
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    python, *rest = ENVIRONMENT["dependencies"]
    assert rest == ["pip>=24.1", {"pip": ["-r requirements.lock"]}]
    name, version = python.split("=")
    assert name == "python"
    assert SpecifierSet(PROJECT["requires-python"]).contains(version)


def test_set_up_asks_for_the_python_pyproject_asks_for():
    setup = (ROOT / "tools" / "setup.sh").read_text(encoding="utf-8")
    assert (
        ">=" + re.search(r"^oldest=(\S+)", setup, re.MULTILINE).group(1)
        == (PROJECT["requires-python"])
    )


# Set-up next year: an old pip, and an index that has gone on --------------------------------------


def wheel(folder, name, version, *about):
    """A wheel without code; its name and digest as a line of a lock."""
    info = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        metadata = ("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *about)
        archive.writestr(f"{info}/METADATA", "\n".join(metadata) + "\n")
        tag = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", tag)
        archive.writestr(f"{info}/RECORD", f"{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def old_pip(version, folder):
    """How to call this pip, out of its wheel; skips where it cannot be had or does not run here."""
    base = getattr(sys, "_base_executable", sys.executable)
    asked = ["-m", "pip", "download", "--no-deps", "--quiet", "--dest", folder, f"pip=={version}"]
    found = subprocess.run([base, *asked], capture_output=True, text=True)
    if found.returncode:
        pytest.skip(f"pip {version} cannot be fetched here")
    call = [base, str(next(folder.glob("pip-*.whl")) / "pip")]
    if subprocess.run([*call, "--version"], capture_output=True).returncode:
        pytest.skip(
            f"pip {version} does not run on Python "
            f"{sys.version_info.major}.{sys.version_info.minor}"
        )
    return call


@pytest.mark.slow
@pytest.mark.parametrize("version", ["22.0.4", "23.0.1", "23.2.1", "24.2", "25.0.1"])
def test_an_old_pip_installs_the_lock_when_everything_has_a_newer_version(version, tmp_path):
    (tmp_path / "pip").mkdir()
    call = old_pip(version, tmp_path / "pip")
    index, target = tmp_path / "index", tmp_path / "target"
    index.mkdir()
    extra = ("Provides-Extra: toml", 'Requires-Dist: tomlx; extra == "toml"')
    asks = "Requires-Dist: covx[toml]>=1.0"  # as pytest-cov asks for coverage[toml]
    locked = [
        wheel(index, "covx", "1.0", *extra),
        wheel(index, "covreport", "1.0", asks),
        wheel(index, "tomlx", "1.0"),
    ]
    lock = tmp_path / "requirements.lock"
    lock.write_text("\n".join(locked) + "\n", "utf-8")
    wheel(index, "covx", "2.0", *extra)  # published after the lock was made
    wheel(index, "covreport", "2.0", asks)
    wheel(index, "tomlx", "2.0")

    script = (ROOT / "tools" / "setup.sh").read_text("utf-8").replace("\\\n", " ")
    options = re.search(r"-m pip install (.*?)-r requirements\.lock", script).group(1).split()
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}

    def install(*options):
        source = ["--no-index", "--find-links", str(index), "--target", str(target)]
        return subprocess.run(
            [*call, "install", *options, *source, "-r", str(lock)],
            capture_output=True,
            text=True,
            env={**own, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        )

    done = install(*options)
    assert done.returncode == 0, done.stderr
    there = {path.name for path in target.glob("*.dist-info")}
    assert there == {f"{name}-1.0.dist-info" for name in ("covx", "covreport", "tomlx")}
    resolving = install(*(o for o in options if o != "--no-deps"), "--force-reinstall")
    trap = "must have their versions pinned" in resolving.stderr
    assert trap == (int(version.split(".")[0]) < 24), resolving.stderr  # or this test shows nothing
