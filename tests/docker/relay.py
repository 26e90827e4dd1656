"""TCP relay from containers to servers on this machine's loopback, which containers cannot reach."""

import socket
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

BLOCK = 1 << 16


class Relay(ThreadingTCPServer):
    """Listens on a free port of an address of this machine, and forwards to a port on loopback.

    A port that is free on loopback may be in use on another address.
    """

    daemon_threads = True

    def __init__(self, address, port):
        super().__init__((address, 0), Connection)
        self.target = ("127.0.0.1", port)
        self.url = f"http://{address}:{self.server_address[1]}"
        self.thread = Thread(target=self.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return super().__enter__()

    def __exit__(self, *error):
        self.shutdown()
        self.thread.join()
        super().__exit__(*error)


class Connection(BaseRequestHandler):
    """A connection of a container, forwarded to loopback."""

    def handle(self):
        with socket.create_connection(self.server.target) as there:
            back = Thread(target=pour, args=(there, self.request), daemon=True)
            back.start()
            pour(self.request, there)
            back.join()


def pour(source, sink):
    """Forward all data and the end of the stream."""
    with suppress(OSError):  # either side may close the connection
        while block := source.recv(BLOCK):
            sink.sendall(block)
        sink.shutdown(socket.SHUT_WR)
