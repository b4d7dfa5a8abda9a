"""The audio path of a leg: RTP, Opus, jitter buffer, liveness, on aiortc's ICE, DTLS and SCTP."""
