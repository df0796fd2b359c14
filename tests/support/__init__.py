"""What tests of several folders share: real peers, started on free ports, and events to send."""
