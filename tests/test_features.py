"""The page of features says what the tests say."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "features"


def test_the_page_of_features_is_up_to_date() -> None:
    loader = SourceFileLoader("features", str(SCRIPT))
    spec = importlib.util.spec_from_loader("features", loader)
    assert spec is not None
    features = importlib.util.module_from_spec(spec)
    loader.exec_module(features)

    assert features.PAGE.read_text(encoding="utf-8") == features.page(), "run scripts/features"
