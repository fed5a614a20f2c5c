"""CAP as documents: read, judged, signed, written; knows no alert of ours."""
