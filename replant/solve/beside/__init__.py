"""A proof in a process of its own, beside the search for plans."""

from replant.solve.beside.proof import Proof, Word, proof_of

__all__ = ["Proof", "Word", "proof_of"]
