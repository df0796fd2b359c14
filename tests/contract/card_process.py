"""A card on vsmartcard's virtual reader, in a process of its own.

`python card_process.py PORT` obeys lines on its standard input: `present HEX` puts a card on the reader until it was
asked for its number, `mute` one that answers with a refusal, `torn` one that is taken away while it is asked. Each is
answered when it is over. vpcd's protocol: a length of 2 bytes and a message; 00 off, 01 on, 02 reset, 04 tell the ATR.
"""

from __future__ import annotations

import socket
import sys

#: A contactless card without history, as readers make it up (PC/SC part 3, 3.1.3.2).
ATR = bytes.fromhex("3B80800101")


def message(line: socket.socket) -> bytes:
    """The next one; empty when the reader is gone."""
    head = line.recv(2, socket.MSG_WAITALL)
    return line.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL) if len(head) == 2 else b""


def say(line: socket.socket, data: bytes) -> None:
    line.sendall(len(data).to_bytes(2, "big") + data)


def play(port: int, answer: bytes) -> None:
    """One card, from its coming until it was asked. Without an answer it is taken away instead."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        while said := message(line):
            if said == b"\x04":
                say(line, ATR)
            elif len(said) > 1:
                if answer:
                    say(line, answer)
                    message(line)  # the reader looks after the card again: it has the answer
                return


def main(port: int) -> None:
    print("up", flush=True)
    for line in sys.stdin:
        word, _, card = line.strip().partition(" ")
        play(port, {"present": bytes.fromhex(card) + b"\x90\x00", "mute": b"\x6a\x81", "torn": b""}[word])
        print("done", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
