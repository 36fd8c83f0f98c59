"""The script that makes the environment."""

from __future__ import annotations

import json
import threading
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "kopru"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with a checkout of its own and installs that only leave a mark."""
    spec = spec_from_loader("kopru_script", SourceFileLoader("kopru_script", str(SCRIPT)))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("one==1\n")
    installed: list[str] = []
    monkeypatch.delenv("KOPRU_VENV", raising=False)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "run", lambda *_, **__: python_in(tmp_path))
    monkeypatch.setattr(module, "install_group", lambda _, group: installed.append(group))
    module.installed = installed  # type: ignore[attr-defined]
    return module


def python_in(root: Path) -> None:
    """Leave what making an environment leaves."""
    (root / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    (root / ".venv" / "bin" / "python").touch()


def test_packages_are_installed_once(script: ModuleType) -> None:
    script.environment(("base",))
    script.environment(("base",))

    assert script.installed == ["base"]


def test_a_changed_lock_is_installed_again(script: ModuleType, tmp_path: Path) -> None:
    script.environment(("base",))
    (tmp_path / "requirements" / "base.txt").write_text("one==2\n")
    script.environment(("base",))

    assert script.installed == ["base", "base"]


def test_a_killed_install_starts_over(script: ModuleType, tmp_path: Path) -> None:
    script.environment(("base",))
    state = tmp_path / ".venv" / "kopru-installed.json"
    state.write_text(json.dumps(json.loads(state.read_text()) | {"installing": True}))
    (tmp_path / ".venv" / "half-unpacked").mkdir()

    script.environment(("base",))

    assert script.installed == ["base", "base"]
    assert not (tmp_path / ".venv" / "half-unpacked").exists()


def test_two_at_once_install_once(script: ModuleType) -> None:
    both = [threading.Thread(target=script.environment, args=(("base",),)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert script.installed == ["base"]


def test_a_place_that_cannot_be_written_names_the_variable(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOPRU_VENV", "/proc/kopru")

    with pytest.raises(script.Refusal, match="KOPRU_VENV"):
        script.environment(("base",))


def test_a_broken_checkout_names_the_missing_file(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "requirements" / "base.txt").unlink()

    with pytest.raises(script.Refusal, match=r"base\.txt cannot be read"):
        script.environment(("base",))


def test_programs_keep_what_they_have_compiled(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a dozen programs would compile a thousand modules at each start."""
    given: dict[str, str] = {}
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(script.os, "execve", lambda _path, _words, environ: given.update(environ))

    script.main(["up"])

    assert given["PYTHONNOUSERSITE"] == "1"
    assert "PYTHONDONTWRITEBYTECODE" not in given
