"""How a caller's media gets in and out: WebRTC legs, their audio path, and the client end."""
