"""The engines that all servers share: how fast the model and the voice are, and what they say.

Imported by every server, FastRTC's too, whose environment has none of our packages.
"""

from __future__ import annotations

MODEL_FIRST_S = 0.2
MODEL_WORD_S = 0.01
VOICE_FIRST_S = 0.05
VOICE_HZ = 24_000
WORD_S = 0.3
"""A word is a tone of 240 ms and a gap of 60 ms."""
PARTIAL_MS = 250
"""The recogniser shows a further word after this much speech: as fast as the recordings speak."""

SHORT = "Here it is."
LONG = (
    "Here it is. You can stop me at any time and ask something else. "
    "I will go on until you tell me to stop. "
    "Please tell me if you want to hear more about it. Let me look at that for you. "
    "Please tell me if you want to hear it again. I will go on until you ask me to stop. "
    "You can stop me at any time and tell me something else."
)
"""Talk that needs no source, so that our gate lets all of it pass."""
