#!/usr/bin/env bash
# Runs the tests of the store of records on DynamoDB Local, AWS's own emulator, from Maven. It listens on all
# addresses of a machine, so it gets a network of its own, with the tests in it.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/build/localstack jars=$PWD/build/tools/dynamodb-local
skip() { printf 'skipped: the store of records on DynamoDB Local, as %s\n' "$1"; exit 0; }

for program in java mvn unshare ip; do
  command -v $program >/dev/null || skip "$program is not here"
done
unshare --net --map-root-user true 2>/dev/null || skip "nobody is given a network of his own here"
mkdir -p "$work"
mvn -q -B -f localstack/pom.xml dependency:copy-dependencies -DoutputDirectory="$jars" >"$work/maven.log" 2>&1 ||
  skip "Maven does not have it: see build/localstack/maven.log"
go test -c -o "$work/dynamo.test" ./shared/itemstore/dynamo

unshare --net --map-root-user bash -euc '
  ip link set lo up
  java -Xmx512m -cp "$1/*" software.amazon.dynamodb.services.local.main.ServerRunner \
    -inMemory -disableTelemetry -port 8000 >"$2/dynamodb-local.log" 2>&1 &
  trap "kill $!; wait $! || true" EXIT
  for _ in $(seq 100); do curl -s -o /dev/null http://127.0.0.1:8000 && break; sleep 0.1; done
  cd shared/itemstore/dynamo && DYNAMODB_ENDPOINT=http://127.0.0.1:8000 "$2/dynamo.test"
' bash "$jars" "$work"
