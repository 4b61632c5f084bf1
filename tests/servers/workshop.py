"""A folder goes in; one in which TypeScript is compiled and run, with the packages of `make node`, comes out."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from node_packages import folder, missing

from understudy.cli.main import main

TESTS = Path(__file__).parents[1] / "exports"
COMPILERS = {2: "typescript", 3: "typescript-7"}
"""What each version of MSW is compiled with: both are in use."""

_OPTIONS = {
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "noImplicitReturns": True,
    "noUnusedLocals": True,
    "verbatimModuleSyntax": True,
    "target": "ES2022",
    "lib": ["ES2022", "DOM"],
    "module": "ESNext",
    "moduleResolution": "bundler",
    "skipLibCheck": True,
    "types": ["node"],
}


@dataclass(frozen=True)
class Workshop:
    """A folder in which TypeScript is compiled and run with one version of MSW."""

    path: Path
    compiler: str = "typescript"

    def compile(self) -> None:
        """Hold all modules to the strict rules, and write JavaScript beside them."""
        (self.path / "tsconfig.json").write_text(json.dumps({"compilerOptions": _OPTIONS, "include": ["**/*.ts"]}))
        compiler = folder() / "node_modules" / self.compiler / "bin" / "tsc"
        self.node(str(compiler), "-p", str(self.path))

    def node(self, *words: str) -> str:
        """Run Node; gives what it prints."""
        result = subprocess.run(
            ["node", "--import", (TESTS / "older-node.mjs").as_uri(), *words],
            cwd=self.path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout


def workshop(folder_of_test: Path, version: int) -> Workshop:
    """Give a folder with this version of MSW; without the packages the test is skipped, or fails if they must be."""
    if lack := missing():
        assert not os.environ.get("UNDERSTUDY_NODE"), f"UNDERSTUDY_NODE wants the tests in Node: {lack}"
        pytest.skip(lack)
    path = folder_of_test / f"msw-{version}"
    (path / "node_modules" / "@types").mkdir(parents=True)
    (path / "package.json").write_text('{"type": "module"}')
    installed = folder() / "node_modules"
    (path / "node_modules" / "msw").symlink_to(installed / f"msw-{version}")
    (path / "node_modules" / "@types" / "node").symlink_to(installed / "@types" / "node")
    return Workshop(path, COMPILERS[version])


def exported(*words: str | Path) -> int:
    """Run `understudy export …` in this process; gives its exit code."""
    code: int = main(["export", *map(str, words)], standalone_mode=False)
    return code
