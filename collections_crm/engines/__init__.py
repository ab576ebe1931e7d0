"""The engine room: what stands behind Django's task API, and the only place that knows which engine it is."""
