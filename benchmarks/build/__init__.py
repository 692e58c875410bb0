"""How long it takes to build a large problem and hand it to the solver, layer by layer."""
