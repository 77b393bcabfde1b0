#!/usr/bin/env bash
# Deploys the core stack, as infra/ makes it, on an emulator, and says where it is. Starts MiniStack
# unless an emulator is up; localstack/down.sh ends what was started here.
set -euo pipefail
cd "$(dirname "$0")/.."
emulator_port=${GATEWAY_PORT:-4566} registry_port=${REGISTRY_PORT:-4567} inner_port=${INNER_PORT:-4565} relay_port=${RELAY_PORT:-4568}
emulator=http://127.0.0.1:$emulator_port registry=http://127.0.0.1:$registry_port
work=$PWD/build/localstack tools=$PWD/build/tools stack=BoxVault
cdk=$tools/cdk/node_modules/.bin/cdk
mkdir -p "$work"

fail() { printf 'localstack/up.sh: %s\n' "$1" >&2; exit 1; }
answers() { curl -sf -o /dev/null --max-time 2 "$1"; }
start() { # NAME COMMAND...: runs it behind, with its log and pid in build/localstack
  local name=$1; shift
  stop "$name"
  nohup "$@" >"$work/$name.log" 2>&1 </dev/null &
  echo $! >"$work/$name.pid"
}
stop() { ./localstack/down.sh "$1"; }
reached() { # NAME URL: waits until what was started answers
  for _ in $(seq 100); do
    answers "$2" && return
    kill -0 "$(cat "$work/$1.pid")" 2>/dev/null || break
    sleep 0.1
  done
  fail "$1 does not answer at $2: see build/localstack/$1.log"
}
quietly() { # NAME COMMAND...: shows the log of what failed
  local name=$1; shift
  "$@" >"$work/$name.log" 2>&1 || { tail -n 20 "$work/$name.log" >&2; fail "$name failed: see build/localstack/$name.log"; }
}

[ -x "$cdk" ] || fail "the CDK's command is not here: run make tools"
go build -o "$work/front" ./localstack/front

# AUTH=true has MiniStack judge each function by its role, and each signature. What else is set here
# reaches the functions, which are its child processes.
ministack() {
  local inner=http://127.0.0.1:$inner_port tmp=$work/tmp
  mkdir -p "$tmp"
  start ministack env BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 GATEWAY_PORT="$inner_port" AUTH=true TMPDIR="$tmp" \
    AWS_ENDPOINT_URL="$emulator" BOXVAULT_WEBHOOKS_ALLOW_PRIVATE=true BOXVAULT_MIRRORS_ALLOW_PRIVATE=true \
    BOXVAULT_VERIFY_EMAIL=off "$tools/py/bin/ministack"
  reached ministack "$inner/_ministack/health"
  curl -s "$inner/_ministack/health" | grep -q '"auth": "enabled"' || fail "MiniStack does not judge signatures and roles: is it the version of the Makefile?"
  start services "$work/front" -addr "127.0.0.1:$emulator_port" -emulator "$inner"
  reached services "$emulator/_localstack/health"
}
if ! answers "$emulator/_localstack/health"; then
  [ -x "$tools/py/bin/ministack" ] ||
    fail "no emulator is up at $emulator and MiniStack is not here: run make tools, or docker compose -f localstack/compose.yaml up ministack"
  ministack
fi
# Letters are sent only where people are let in before they prove their address, which no parameter says.
here=false os=linux inner=$emulator mail=
if [ -e "$work/ministack.pid" ]; then
  here=true os=$(go env GOOS) inner=http://127.0.0.1:$inner_port mail=boxvault@example.com
fi

export AWS_ENDPOINT_URL=$emulator AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 CI=1
unset AWS_PROFILE AWS_SESSION_TOKEN
quietly build make -s lambda LAMBDA="$work/lambda" PLATFORM="GOOS=$os GOARCH=$(go env GOARCH)"
context=$(printf '{"stack":"%s","assets":"%s","url":"%s","s3Endpoint":"%s","signup":"open","limits":"off","logDays":"1","mirrors":"true","mailFrom":"%s"}' \
  $stack "$work/lambda" "$registry" "$emulator" "$mail")
cd infra
quietly synth env CDK_OUTDIR="$work/cdk.out" CDK_CONTEXT_JSON="$context" go run ./synth
quietly bootstrap "$cdk" bootstrap --app "$work/cdk.out" aws://000000000000/us-east-1
quietly deploy "$cdk" deploy --app "$work/cdk.out" "$stack" --require-approval never --method direct --outputs-file "$work/outputs.json"
cd ..

# The role is bounded by whom a letter is from (ses:FromAddress), and to certificates; to MiniStack a letter is from
# nobody, and a new certificate is none yet. So the two functions get these rights without bounds.
call() { # SERVICE CURL-ARGUMENTS...: a call that the emulator takes for a signed one
  curl -sf -H "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/$1/aws4_request, SignedHeaders=host, Signature=0" "${@:2}"
}
unbound() { # FUNCTION ACTION
  local role
  role=$(call lambda "$inner/2015-03-31/functions/$stack-$1/configuration" | sed -n 's/.*"Role": "[^"]*\/\([^"]*\)".*/\1/p')
  call iam "$inner" -d Action=PutRolePolicy -d Version=2010-05-08 -d PolicyName=unbound -d RoleName="$role" --data-urlencode \
    'PolicyDocument={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"'"$2"'","Resource":"*"}]}'
}
rights() {
  unbound DoWork ses:SendEmail && unbound UploadCertificate acm:ImportCertificate
  call ses "$inner/v2/email/identities" -H "Content-Type: application/json" -d '{"EmailIdentity":"example.com"}' # as in an account
}
[ $here = false ] || quietly rights rights

output() { sed -n 's/.*"'"$1"'": "\(.*\)".*/\1/p' "$work/outputs.json"; }
# The emulator has no CloudFront and starts no container, so the relay is a process beside it.
go build -o "$work/relay" ./cmd/relay
start relay env BOXVAULT_TABLE="$(output Table)" BOXVAULT_BUCKET="$(output Bucket)" BOXVAULT_SECRET_PARAMETER=/$stack/token-secret \
  BOXVAULT_URL="$registry" BOXVAULT_S3_ENDPOINT="$emulator" BOXVAULT_SIGNUP=open BOXVAULT_LIMITS=off "$work/relay" -addr "127.0.0.1:$relay_port"
reached relay "http://127.0.0.1:$relay_port/health"
start registry "$work/front" -addr "127.0.0.1:$registry_port" -emulator "$inner" -api "$(output ApiUrl)" -relay "http://127.0.0.1:$relay_port"
reached registry "$registry/health"
cat >localstack/outputs.json <<JSON
{
  "URL": "$registry",
  "Emulator": "$emulator",
  "Stack": "$stack",
  "RelayLog": "$work/relay.log",
  "Here": $here,
  "Table": "$(output Table)",
  "Bucket": "$(output Bucket)",
  "Queue": "$(output Queue)",
  "DeadLetters": "$(output DeadLetters)"
}
JSON
printf 'BoxVault is at %s, AWS at %s (keys test and test, us-east-1). End it with localstack/down.sh.\n' "$registry" "$emulator"
