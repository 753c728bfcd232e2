"""The mathematics of the transparency log: Merkle tree and signed checkpoints, bytes in and bytes out."""
