"""Run with the emulator's Python, inside of which no test runs: what cannot be seen, or not surely, from outside."""

import sys
import threading

from ministack.services import sqs

from local.patches import queues


class Queue(dict):
    """Sends a message at the worst moment: while another thread is about to put a queue's copied list back."""

    def __setitem__(self, key, value):
        if key == "messages" and threading.current_thread() is threading.main_thread():
            sender = threading.Thread(target=send, args=(self["url"], "sent in between"))
            sender.start()
            sender.join(0.3)  # with the lock it cannot end before we do
        super().__setitem__(key, value)


def race():
    """Return what a queue holds after a message was sent at the worst moment."""
    url = make("race")
    sqs._queues[url] = Queue(sqs._queues[url], url=url)
    send(url, "first")
    take(url)
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()
    return [message["body"] for message in sqs._queues[url]["messages"]]


def fair():
    """Return in which order single messages of two tenants are worked off, of which one has nearly all."""
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
