"""Drives Microsoft's Python client against the proxy and prints, as JSON, what it got and which hosts it looked up.

Arguments: the proxy's URL, the user token.
"""

import inspect
import json
import socket
import sys

looked_up = set()
resolve = socket.getaddrinfo


def resolve_here_only(host, *rest, **named):
    looked_up.add(host)
    if host not in ("localhost", "127.0.0.1", "::1"):
        raise socket.gaierror(f"{host} is not to be looked up")
    return resolve(host, *rest, **named)


socket.getaddrinfo = resolve_here_only

from azure.devops.connection import Connection  # noqa: E402
from azure.devops.v7_1.work_item_tracking.models import JsonPatchOperation, Wiql  # noqa: E402
from msrest.authentication import Authentication  # noqa: E402


class UserToken(Authentication):
    """The user token, and that answers are wanted as the provider sends them."""

    def __init__(self, token):
        self.token = token

    def signed_session(self, session=None):
        session = super().signed_session(session)
        session.headers["Authorization"] = f"Bearer {self.token}"
        session.headers["X-Paragon-Use-Raw-Response"] = "true"
        return session


base_url, token = sys.argv[1:]
connection = Connection(base_url=base_url, creds=UserToken(token))
clients = connection.clients_v7_1

projects = clients.get_core_client().get_projects()
tracking = clients.get_work_item_tracking_client()
title = JsonPatchOperation(op="add", path="/fields/System.Title", value="Made by Microsoft's Python client")
created = tracking.create_work_item([title], projects[0].name, "Task")
found = tracking.query_by_wiql(Wiql(query=f"SELECT [System.Id] FROM WorkItems WHERE [System.Id] = {created.id}"))

# Every client that there is asks where its area lives.
refused = {}
for name, make in inspect.getmembers(clients, inspect.ismethod):
    if name.startswith("get_"):
        try:
            make()
        except Exception as error:  # noqa: BLE001
            refused[name] = str(error)

unserved = {}
for name, call in {
    "git": lambda: clients.get_git_client().get_repositories(projects[0].name),
    "graph": lambda: clients.get_graph_client().list_users(),
}.items():
    try:
        call()
        unserved[name] = None
    except Exception as error:  # noqa: BLE001
        unserved[name] = str(error)

print(
    json.dumps(
        {
            "projects": [project.name for project in projects],
            "title": created.fields["System.Title"],
            "found": [item.id for item in found.work_items],
            "id": created.id,
            "refused": refused,
            "unserved": unserved,
            "lookedUp": sorted(looked_up),
        }
    )
)
