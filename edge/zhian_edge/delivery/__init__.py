"""From a decided event to the gateway's receipt: outbox, spool, link, roster."""
