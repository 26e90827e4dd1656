"""A server of HTTP on this machine, in a thread of its own."""

import sys
from http.server import ThreadingHTTPServer
from threading import Thread


class Server(ThreadingHTTPServer):
    """Prints no traceback where a client hangs up, which some tests make it do while they read standard error."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def serve(handler):
    """Start one; gives its address, and what ends it."""
    http = Server(("127.0.0.1", 0), handler)
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    def end():
        http.shutdown()
        thread.join()
        http.server_close()

    return f"http://127.0.0.1:{http.server_port}", end
