"""What every slice stands on: database, events, jobs, cache, limits, blobs, problems, languages, embedded engines."""
