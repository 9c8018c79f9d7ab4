#!/bin/sh
# One night: gate against the baseline, then metrics, history and a clean-up. Exits with the gate's exit code:
# 0 passed, 1 worse, 2 usage, 3 undecided, 4 the server failed, 130 interrupted.
#
#   PGVTUNE_BASELINE   name or folder of a finished run of tune or gate (required)
#   PGVTUNE_CONFIG     configuration; default: pgvtune.yaml
#   PGVTUNE_TEXTFILE   file for the textfile collector of Prometheus; default: none
#   DATABASE_URL       the server, if the configuration says `server: env`
set -u
: "${PGVTUNE_BASELINE:?names the baseline run}"
config=${PGVTUNE_CONFIG:-pgvtune.yaml}
run=nightly-$(date -u +%Y%m%d-%H%M%S)

pgvtune gate "$config" --baseline "$PGVTUNE_BASELINE" --name "$run" --quiet
status=$?

case $status in
0 | 1 | 3)
  if [ -n "${PGVTUNE_TEXTFILE:-}" ]; then pgvtune export "$run" --output "$PGVTUNE_TEXTFILE"; fi
  # Its exit code says that a level changed within the last ten nights: shown, not decisive.
  pgvtune history --csv results/history.csv || true
  ;;
esac
exit "$status"
