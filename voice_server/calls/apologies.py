"""What is said and shown when something fails: short, calm, with a way on."""

from __future__ import annotations

from storage.faults import Busy, EngineDown, Fault, StorageFull, StoreDown

Notice = tuple[str, str]
"""(code, sentence)."""

NOT_HEARD: Notice = ("hearing.nothing", "I didn't catch that.")
SILENT_MICROPHONE: Notice = (
    "microphone.silent",
    "Your microphone is sending silence. Another app may be using it; check it, or type instead.",
)
SLOW: Notice = ("answer.slow", "The answer stopped coming. Please ask again.")
ANOTHER_VOICE: Notice = (
    "voice.spare",
    "My usual voice does not answer. I go on with a simpler one.",
)
NOT_SAVED: Notice = (
    "history.waiting",
    "This conversation cannot be saved at the moment. You can go on; it will be saved later.",
)
SAVED_AGAIN: Notice = ("history.saved", "The conversation is saved again.")


def notice_for(fault: Fault) -> Notice:
    """The sentence for a failure inside a call."""
    if fault.sentence:
        return fault.code, fault.sentence
    match fault:
        case Busy():
            return fault.code, "Many people are talking to me. Please wait a moment, or type."
        case EngineDown():
            return fault.code, "Something I need is not answering. Please try again in a moment."
        case StoreDown() | StorageFull():
            return NOT_SAVED
    return fault.code, "Something went wrong. Please try again."
