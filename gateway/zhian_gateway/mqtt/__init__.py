"""A client of MQTT 3.1.1 for whoever hears ten thousand messages a second in one thread of many.

paho reads each message by three system calls and waits for the socket once per message. In a process whose other
threads compute, each of these calls gives the interpreter away for up to 5 ms, so that it cost 31 to 38 µs a message
here; one read of all that has come costs 5.
"""
