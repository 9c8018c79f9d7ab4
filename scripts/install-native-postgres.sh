#!/usr/bin/env bash
# Installs PostgreSQL 15, a recent pgvector, HypoPG and pgbouncer on Debian 12, so that the native server's tests can run.
#
# Debian 12 carries no pgvector, and its newer suites build theirs against newer servers. The source package of
# suite trixie compiles against PostgreSQL 15, so this takes the machine's own package source, asks it for trixie's
# sources in a temporary apt configuration, and leaves the machine's configuration as it was. Needs root.
set -euo pipefail

major=15
bin="/usr/lib/postgresql/$major/bin"
share="/usr/share/postgresql/$major"

if [ -x "$bin/initdb" ] && [ -f "$share/extension/vector.control" ] && [ -f "$share/extension/hypopg.control" ]; then
  echo "PostgreSQL $major with pgvector and HypoPG is already here."
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends \
  "postgresql-$major" "postgresql-$major-hypopg" "postgresql-server-dev-$major" pgbouncer build-essential dpkg-dev >/dev/null

if [ ! -f "$share/extension/vector.control" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  chmod 755 "$work" # apt's unprivileged fetcher has to reach the folder
  mkdir -p "$work/lists/partial" "$work/parts"
  awk '
    /^$/ { exit }
    /^Types:/ { print "Types: deb-src"; next }
    /^Suites:/ { print "Suites: trixie"; next }
    /^#/ { next }
    { print }
  ' /etc/apt/sources.list.d/debian.sources >"$work/trixie.sources"
  apt=(-o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$work/parts" -o "Dir::State::Lists=$work/lists")
  mv "$work/trixie.sources" "$work/parts/"
  apt-get "${apt[@]}" update -qq
  (cd "$work" && apt-get "${apt[@]}" source -qq --download-only pgvector && dpkg-source -x ./*.dsc "$work/pgvector" >/dev/null)
  make -s -C "$work/pgvector" "PG_CONFIG=$bin/pg_config" -j "$(nproc)" OPTFLAGS=""
  make -s -C "$work/pgvector" "PG_CONFIG=$bin/pg_config" install
fi

grep default_version "$share/extension/vector.control"
