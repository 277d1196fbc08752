"""Pure rules of tracing."""
