#!/usr/bin/env bash
# Ends what localstack/up.sh has started, or that one of it which is named: ministack, services, relay, registry.
# MiniStack leaves functions behind that run, so its children are ended after it.
set -euo pipefail
cd "$(dirname "$0")/.."
work=build/localstack
args() { ps -o args= -p "$1" 2>/dev/null || true; } # of a process: its number may be another's by now
[ $# -gt 0 ] || { set -- registry relay services ministack; rm -f localstack/outputs.json; }
for name; do
  file=$work/$name.pid
  [ -e "$file" ] || continue
  pid=$(cat "$file")
  if [[ $(args "$pid") == *ministack* || $(args "$pid") == *localstack/front* || $(args "$pid") == *localstack/relay* ]]; then
    children=$(ps -A -o pid= -o ppid= | awk -v p="$pid" '$2 == p { print $1 }')
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    ! kill -0 "$pid" 2>/dev/null || kill -9 "$pid"
    for child in $children; do
      [[ $(args "$child") != */bootstrap ]] || kill "$child" 2>/dev/null || true
    done
  fi
  rm -f "$file"
done
