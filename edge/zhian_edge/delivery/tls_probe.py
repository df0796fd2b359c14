"""Asks a server what it has against this node's certificate.

By TLS 1.3 a server looks at it after the node's end of the handshake is done. Whoever goes on to speak may lose the
alert together with the connection; here nothing is said, so that it arrives.
"""

from __future__ import annotations

import socket
import ssl
from typing import Final

from .tls_words import explained

#: A server that has nothing against the node waits for it to speak.
_WAIT_S: Final = 2.0


class Closing(ssl.SSLSocket):
    """Closes itself when its handshake fails; paho leaves it to the collector."""

    def do_handshake(self, block: bool = False) -> None:
        """As its base does."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def rejection(host: str, port: int, context: ssl.SSLContext) -> str:
    """What is wrong, in words; empty where it is nothing with certificates, or nobody answers."""
    try:
        with (
            socket.create_connection((host, port), _WAIT_S) as plain,
            context.wrap_socket(plain, server_hostname=host) as line,
        ):
            line.recv(1)
    except OSError as error:
        return explained(str(error))
    return ""
