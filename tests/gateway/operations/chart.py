"""Prints what Helm makes of the chart, and compose.yaml, as JSON."""

import json
import sys
from pathlib import Path

from helm_python import chart

root = Path(sys.argv[1])
folder = root / "docs/operations/helm"
loaded = chart.Chart.load(folder)


def rendered(values):
    manifests = loaded.render(values, name="connect").values()
    return [chart.values_from_yaml(manifest) for manifest in manifests if manifest.strip()]


def refusal(values):
    try:
        loaded.render(values)
    except Exception as error:
        return str(error)
    return None


print(
    json.dumps(
        {
            "lint": chart.lint(folder, strict=True),
            "metadata": loaded.metadata,
            "postgres": rendered(None),
            "sqlite": rendered(
                {
                    "replicas": 1,
                    "persistence": {"enabled": True, "storageClass": "fast"},
                    "ingress": {"enabled": True, "className": "nginx", "annotations": {"a": "b"}},
                    "image": {"pullSecrets": ["pull"]},
                    "tolerations": [{"key": "gateways"}],
                    "nodeSelector": {"disk": "fast"},
                }
            ),
            "refusal": refusal({"persistence": {"enabled": True}}),
            "compose": chart.values_from_yaml((root / "compose.yaml").read_text()),
        }
    )
)
