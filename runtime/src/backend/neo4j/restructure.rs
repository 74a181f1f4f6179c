//! Ready-made restructurings of a graph.
