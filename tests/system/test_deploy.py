"""`deploy/`: the image is built from what is there, nginx takes its configuration, and the manifests fit together."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from conftest import Serve

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
MANIFESTS = DEPLOY / "kubernetes"
SCRIPTS = Path(sysconfig.get_path("scripts"))
LINT = "{extends: default, rules: {line-length: {max: 120}, document-start: disable}}"


def documents(path: Path) -> list[dict[str, Any]]:
    return [document for document in yaml.safe_load_all(path.read_text("utf-8")) if document]


def manifests() -> list[dict[str, Any]]:
    listed = documents(MANIFESTS / "kustomization.yaml")[0]["resources"]
    return [document for name in listed for document in documents(MANIFESTS / name)]


def of_kind(kind: str, name: str = "understudy") -> dict[str, Any]:
    return next(one for one in manifests() if (one["kind"], one["metadata"]["name"]) == (kind, name))


# The image


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", (DEPLOY / "Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]  # type: ignore[misc] # every instruction has words


def test_the_dockerfile_is_clean() -> None:
    found = subprocess.run([SCRIPTS / "hadolint", DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_the_yaml_is_clean() -> None:
    found = subprocess.run(
        [SCRIPTS / "yamllint", "-s", "-d", LINT, DEPLOY], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")


def test_everything_that_is_copied_is_there_and_let_through() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    copied = [words.split()[:-1] for name, words in instructions() if name == "COPY" and "--from" not in words]
    for source in [source for sources in copied for source in sources]:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source
    assert ignored[1] == "*"


def test_what_a_wheel_is_built_from_is_copied() -> None:
    copied = {word for name, words in instructions() if name == "COPY" for word in words.split()}
    assert {"pyproject.toml", "README.md", "LICENSE", "generator", "mock", "spec"} <= copied
    locked = (ROOT / "requirements.lock").read_text("utf-8")
    assert all(f"\n{name}==" in f"\n{locked}" for name in ("hatchling", "editables"))


def test_the_image_runs_as_nobody_in_particular_and_starts_the_mock() -> None:
    last = dict(instructions()[-8:])
    assert last["USER"] == "10001:10001"
    assert (last["ENTRYPOINT"], last["CMD"]) == ('["understudy"]', '["serve", "talkover", "talkturo"]')
    assert "/opt/probe.py" in last["HEALTHCHECK"]


def test_no_image_is_taken_from_a_named_registry() -> None:
    images = [words.split()[0] for name, words in instructions() if name == "FROM"]
    images += [service["image"] for service in compose()["services"].values()]
    images += [container["image"] for one in manifests() for container in containers(one)]
    assert len(images) >= 7
    assert [image for image in images if "/" in image and set(".:") & set(image.split("/")[0])] == []


def probe(port: int, question: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "UNDERSTUDY_PORT": str(port), **variables}
    words = [sys.executable, "-I", DEPLOY / "probe.py", question]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def test_the_probe_tells_whether_the_mock_lives(serve: Serve) -> None:
    token = {"UNDERSTUDY_CONTROL_TOKEN": "of-the-tests"}
    server = serve("talkover", "--control-token", *token.values())
    assert probe(server.port, "health", **token).returncode == 0
    assert probe(server.port, "ready", **token).returncode == 0
    stranger = probe(server.port, "health")
    assert (stranger.returncode, "token" in stranger.stdout) == (1, True)
    server.stop()
    assert probe(server.port, "health").returncode == 1


# The balancer


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert re.findall(r"server (\S+) ", text) == [f"{name}:4010" for name in ("mock-1", "mock-2")]
    conf = tmp_path / "nginx.conf"
    conf.write_text(re.sub(r"mock-[12]", "127.0.0.1", text).replace("/tmp/", f"{tmp_path}/"), "utf-8")  # noqa: S108 - replaced
    found = subprocess.run(["nginx", "-t", "-c", conf, "-p", tmp_path], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert "non_idempotent" not in text


# Compose


def compose() -> dict[str, Any]:
    return documents(DEPLOY / "compose.yaml")[0]


def test_compose_starts_two_replicas_with_one_store_behind_the_balancer() -> None:
    services = compose()["services"]
    upstreams = re.findall(r"server ([\w-]+):4010", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert upstreams == [name for name in services if name.startswith("mock-")]
    for name in upstreams:
        assert services[name]["environment"]["UNDERSTUDY_STORE"].startswith("redis://valkey:")
        assert services[name]["depends_on"] == {"valkey": {"condition": "service_healthy"}}
        assert (DEPLOY / services[name]["build"]["context"] / services[name]["build"]["dockerfile"]).is_file()
    assert set(services["balancer"]["depends_on"]) == set(upstreams)
    source, target, _ = services["balancer"]["volumes"][0].split(":")
    assert (DEPLOY / source).is_file()
    assert target == "/etc/nginx/nginx.conf"
    assert {
        name for service in services.values() for name in service.get("volumes", ()) if not name.startswith(".")
    } == {f"{name}:/data" for name in compose()["volumes"]}


def test_flags_of_the_mock_exist() -> None:
    text = subprocess.check_output([SCRIPTS / "understudy", "serve", "--help"], text=True)
    words = [*compose()["x-mock"]["command"], *containers(of_kind("Deployment"))[0]["args"]]
    assert [word for word in words if word.startswith("--") and word not in text] == []


# Kubernetes


def containers(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    template = manifest["spec"].get("template")
    return template["spec"]["containers"] if template else []


def test_every_manifest_is_listed() -> None:
    listed = documents(MANIFESTS / "kustomization.yaml")[0]
    assert sorted(listed["resources"]) == sorted(
        path.name for path in MANIFESTS.glob("*.yaml") if path.name != "kustomization.yaml"
    )
    for generator in listed["configMapGenerator"]:
        assert all((MANIFESTS / file).is_file() for file in generator["files"])


@pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget"])
def test_who_selects_pods_finds_them(kind: str) -> None:
    for one in [one for one in manifests() if one["kind"] == kind]:
        wanted = one["spec"]["selector"].get("matchLabels", one["spec"]["selector"])
        labels = [each["spec"]["template"]["metadata"]["labels"] for each in manifests() if "template" in each["spec"]]
        assert wanted in labels


def test_probes_exist_and_ports_have_names() -> None:
    mock = containers(of_kind("Deployment"))[0]
    probes = [mock[name]["exec"]["command"] for name in ("startupProbe", "readinessProbe", "livenessProbe")]
    assert [words[-1] for words in probes] == ["health", "ready", "health"]
    assert of_kind("Service")["spec"]["ports"][0]["targetPort"] in {port["name"] for port in mock["ports"]}
    assert mock["ports"][0]["containerPort"] == 4010


def test_every_container_has_no_more_rights_than_it_needs() -> None:
    for one in manifests():
        for container in containers(one):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert one["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] is True


def test_names_that_are_referred_to_exist() -> None:
    listed = documents(MANIFESTS / "kustomization.yaml")[0]
    pod = of_kind("Deployment")["spec"]["template"]["spec"]
    maps = {volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume}
    assert maps == {generator["name"] for generator in listed["configMapGenerator"]}
    variables = {one["name"]: one for one in pod["containers"][0]["env"]}
    secret = variables["UNDERSTUDY_CONTROL_TOKEN"]["valueFrom"]["secretKeyRef"]
    assert {secret["name"]} == {generator["name"] for generator in listed["secretGenerator"]}
    host = variables["UNDERSTUDY_STORE"]["value"].split("/")[2].split(":")[0]
    assert of_kind("Service", host)["spec"]["ports"][0]["port"] == 6379
    mounted = {mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}


def test_the_contract_that_stands_in_is_clean() -> None:
    file = MANIFESTS / "contract" / "openapi.yaml"
    found = subprocess.run([SCRIPTS / "understudy", "check", file], capture_output=True, text=True, check=False)
    assert found.returncode == 0
    assert "no finding" in found.stdout + found.stderr
