"""How a process that serves for long keeps its memory."""

import gc


def keep_what_is_loaded() -> None:
    """Let the garbage collector never again look at what has been loaded: modules and routes stay for good.

    Called once, when a process is ready for work.  Going through all of it takes 150 ms now and then, and in the middle of
    a write everybody else waits that long.
    """
    gc.collect()
    gc.freeze()
