"""Checks of the emulator's internals, run with its Python, which cannot be made reliably from outside."""

import sys
import threading

from ministack.services import sqs

from local.patches import queues


class Queue(dict):
    """Sends a message at the critical moment: while another thread is about to store a queue's copied list."""

    def __setitem__(self, key, value):
        if key == "messages" and threading.current_thread() is threading.main_thread():
            sender = threading.Thread(target=send, args=(self["url"], "sent in between"))
            sender.start()
            sender.join(0.3)  # with the lock it cannot finish first
        super().__setitem__(key, value)


def race():
    """Return a queue's messages after one was sent at the critical moment."""
    url = make("race")
    sqs._queues[url] = Queue(sqs._queues[url], url=url)
    send(url, "first")
    take(url)
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()
    return [message["body"] for message in sqs._queues[url]["messages"]]


def fair():
    """Return the order in which messages of two tenants are processed, one of which has nearly all."""
    url = make("fair")
    for tenant in ["loud"] * 5 + ["quiet"]:
        send(url, tenant, MessageGroupId=tenant)
    return [take(url) for _ in range(6)]


def make(name):
    return sqs._HANDLERS["CreateQueue"]({"QueueName": name}, "")["QueueUrl"]


def send(url, body, **options):
    sqs._HANDLERS["SendMessage"]({"MessageBody": body, **options}, url)


def take(url):
    (message,) = sqs._receive_messages_for_esm(url, 1)
    sqs._delete_messages_for_esm(url, {message["receipt_handle"]})
    return message["body"]


if __name__ == "__main__":
    if "unpatched" not in sys.argv:
        queues.lock_while_changing()
        queues.serve_quiet_tenants_first()
    sys.stdout.write(f"{globals()[sys.argv[1]]()}\n")
