"""A server of HTTP on this machine, in a thread of its own."""

from http.server import ThreadingHTTPServer
from threading import Thread


def serve(handler):
    """Start one; gives its address, and what ends it."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    def end():
        http.shutdown()
        thread.join()
        http.server_close()

    return f"http://127.0.0.1:{http.server_port}", end
