"""Problems over a tree of outcomes, and their exact form in two stages.

A core holds one path's columns and rows, each in a stage; a node of the tree changes some of its
numbers. Each child of the root becomes one scenario with its whole subtree inside, so that nothing
is lost when a problem of many stages is stated in two.
"""
