"""The index: `edge` (an engine process on this machine) and `server` (a Qdrant server), one layout for both."""
