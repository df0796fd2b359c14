"""The neural networks: manifest, store, conditioning, runtimes, and one adapter per task."""
