"""The web server's port: whether it is free, whether it answers."""

import http.client
import socket

from cailan.config.launch.problems import LaunchProblem

EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 (compared with, not bound to)


def visible(host: str) -> str:
    """Return the host name to visit for a host to bind to."""
    return "127.0.0.1" if host in EVERYWHERE else host


def refuse_taken_port(host: str, port: int) -> None:
    """Raise LaunchProblem when the web server could not listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise LaunchProblem(
            f"Cannot serve at {host}:{port} ({error.strerror}): stop what uses it, or choose another with "
            "`cailan up --port 8001` or CAILAN_PORT."
        ) from error


def answers(host: str, port: int) -> bool:
    """Tell whether the site says that it is healthy; directly, whatever proxy the environment names."""
    connection = http.client.HTTPConnection(visible(host), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
