"""Faults of the chaos test: killed and stopped processes, damaged objects, a failing GPU."""

import os
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from random import Random

from tests.local.tools import workers

FUNCTIONS = ("WorkerFunction", "SpeakItemsFunction")
"""Functions whose work is retried by others; a synchronous one could only respond 5xx."""
PAUSE = (1.0, 3.0)
STOPPED_SECONDS = 3


class Havoc:
    """A thread that injects faults until it is stopped."""

    def __init__(self, deployed, sagemaker, seed):
        self._deployed, self._sagemaker, self._random = deployed, sagemaker, Random(seed)  # noqa: S311
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._failure = None
        self.done = Counter()
        self.killed = set()
        """Ids of the killed processes."""

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self._sagemaker.behave()
        if self._failure:
            raise self._failure

    def _run(self):
        harms = (self.kill, self.kill, self.stop, self.spoil_sentence, self.delete_sentence, self.fail_gpu)
        try:
            while not self._over.wait(self._random.uniform(*PAUSE)):
                harm = self._random.choice(harms)
                self.done[harm.__name__] += bool(harm())
        except Exception as failure:  # noqa: BLE001  raised in the test's thread
            self._failure = failure

    def _victim(self):
        found = [pid for function in FUNCTIONS for pid in workers(self._deployed.stack, function)]
        return self._random.choice(found) if found else None

    def _signal(self, pid, number):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            return True
        return False

    def kill(self):
        pid = self._victim()
        if not pid or not self._signal(pid, signal.SIGKILL):
            return False
        self.killed.add(pid)
        return True

    def stop(self):
        """Suspend a process, as if starved by the operating system."""
        pid = self._victim()
        if not pid or not self._signal(pid, signal.SIGSTOP):
            return False
        time.sleep(STOPPED_SECONDS)
        return self._signal(pid, signal.SIGCONT)

    def _sentence(self):
        listed = self._deployed.aws("s3").list_objects_v2(Bucket=self._deployed["AudioBucket"], Prefix="sentences/")
        found = listed.get("Contents", [])
        return self._random.choice(found)["Key"] if found else None

    def spoil_sentence(self):
        """Damage bytes in the middle of a cached sentence."""
        if not (key := self._sentence()):
            return False
        s3, place = self._deployed.aws("s3"), {"Bucket": self._deployed["AudioBucket"], "Key": key}
        found = s3.get_object(**place)
        content = bytearray(found["Body"].read())
        middle = len(content) // 2
        content[middle : middle + 40] = bytes(byte ^ 0xFF for byte in content[middle : middle + 40])
        s3.put_object(**place, Body=bytes(content), Metadata=found["Metadata"])
        return True

    def delete_sentence(self):
        if not (key := self._sentence()):
            return False
        self._deployed.aws("s3").delete_object(Bucket=self._deployed["AudioBucket"], Key=key)
        return True

    def fail_gpu(self):
        """Make the next invocations fail, or their notifications duplicate or late; or restore normal behaviour."""
        kinds = ({"failure_status": 500}, {"notices": 2}, {"notice_delay_seconds": 3}, {})
        self._sagemaker.behave(**self._random.choice(kinds))
        return True
