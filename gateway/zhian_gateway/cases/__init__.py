"""Alerts as cases: raised once, merged when repeated, handled to an end by somebody who is named."""
