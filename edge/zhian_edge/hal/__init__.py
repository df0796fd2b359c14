"""What devices beside the gate must do; drivers come one file each under `drivers/`."""
