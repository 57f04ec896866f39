"""The queue of an embedded site: kombu's folder of messages, with one repair."""

from pathlib import Path
from time import monotonic
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        """A message appears with all its words: kombu's own opens it in the reader's sight and writes it afterwards.

        A worker that takes it in between finds it empty, dies of that, and the site with it.
        """
        message = Path(self.data_folder_out, f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg")
        unseen = message.with_suffix(".part")
        unseen.write_text(dumps(payload))
        unseen.replace(message)


class Transport(filesystem.Transport):
    Channel = Channel
