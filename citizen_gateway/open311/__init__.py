"""Open311 GeoReport v2, read and written: the standard by which other cities' apps and systems report and follow."""
