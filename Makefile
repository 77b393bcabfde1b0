# Everything that is done with this project is a target here; `make help` lists them.
# What is installed for a target goes below build/, and nowhere else.

VERSION    := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS    := -s -w -X github.com/boxvault/boxvault/functions/core.Version=$(VERSION)
GROUPS     := accounts admin behind boxes description discover edge files hcp keys mail mirror operation organizations serviceaccounts setup vagrant vagrantcloud webhooks
TOOLS      := build/tools
# Of functions, as in shared/gateway/lambdatest: without the runtime of go1.x, and without HTTP/2.
TAGS       := lambda.norpc,nethttpomithttp2
LAMBDA     := build/lambda
PLATFORM   := GOOS=linux GOARCH=arm64
EMULATOR   := http://127.0.0.1:$(or $(GATEWAY_PORT),4566)

# Versions of what is run but not linked. The Go tools are run by module and version.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.8.0
VERSITYGW   := github.com/versity/versitygw/cmd/versitygw@v1.8.0
DYNOXIDE    := @dynoxide/$(shell uname -s | tr A-Z a-z)-$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x64)@1.2.1
CDK         := aws-cdk@2.1148.1
PYTHON      := cfn-lint==1.58.0 ministack==1.5.33 openapi-spec-validator==0.9.0 schemathesis==4.32.5
SAM         := aws-sam-cli==1.170.0

.DEFAULT_GOAL := help
.PHONY: help run build test lint unit infra e2e e2e-localstack bench bench-lambda fuzz generate tools lambda deploy destroy rotate-keys clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## start a registry on http://127.0.0.1:3000, data in ./data
	@build/boxvault serve

build: ## build the boxvault command into build/
	@go build -ldflags '$(LDFLAGS)' -o build/boxvault ./cmd/boxvault

test: tools lint unit infra e2e ## everything: checks, unit, stack and end-to-end tests

lint: ## gofmt, vet, staticcheck, govulncheck, and generated files
	@./.ci/lint

unit: ## the tests of the packages, on real stores
	@go test ./client/... ./cmd/... ./embedded/... ./functions/... ./localstack/... ./shared/...

infra: ## synthesize the stacks and hold them against the rows
	@go test ./infra/...

e2e: build ## drive a registry as its users do: curl, vagrant, python, node, HashiCorp's client, the CLI
	@go test -count=1 -parallel 4 ./e2e -binary $(CURDIR)/build/boxvault
	@go test -count=1 ./e2e/hcp/...

e2e-localstack: build tools ## deploy on an emulator of AWS, and drive what is deployed
	@trap "$(CURDIR)/localstack/down.sh" EXIT; ./localstack/up.sh && \
	  DYNAMODB_ENDPOINT=$(EMULATOR) SQS_ENDPOINT=$(EMULATOR) S3_ENDPOINT=$(EMULATOR) AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \
	    go test -count=1 ./shared/itemstore/dynamo ./shared/queue ./shared/blobstore/s3 && \
	  cd e2e && go test -count=1 -parallel 4 -target localstack -binary $(CURDIR)/build/boxvault

bench: build ## measure, and print the figures of docs/performance.md
	@go run ./e2e/bench

bench-lambda: tools ## measure every function as Lambda runs it: zip, init, first and warm invoke, memory
	@go test -run '^$$' -bench . -benchtime 1x -timeout 1h ./e2e/bench/lambda

fuzz: build tools ## fuzz what reads bytes of strangers for a minute, and all rows for some
	@go test ./shared/boxfile -run '^$$' -fuzz FuzzInspect -fuzztime 60s
	@go test -count=1 -timeout 2h -v ./e2e -run 'TestFuzz$$' -binary $(CURDIR)/build/boxvault -examples 100

generate: ## write the files that are made from the rows
	@go run ./functions/generate

lambda: ## build every group's bootstrap for AWS, and the relay, into build/lambda/
	@for g in $(GROUPS); do \
	  $(PLATFORM) CGO_ENABLED=0 go build -tags $(TAGS) -trimpath -ldflags '$(LDFLAGS)' \
	    -o $(LAMBDA)/$$g/bootstrap ./functions/$$g/lambda || exit 1; done
	@$(PLATFORM) CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $(LAMBDA)/relay/relay ./cmd/relay
	@cp cmd/relay/Dockerfile $(LAMBDA)/relay/

deploy: ## put the registry into an AWS account, or bring it up to date; WITH='name=value …' sets parameters
	@infra/deploy/deploy

destroy: ## take it away again; table and bucket stay. STACK= when it is not BoxVault
	@infra/deploy/destroy

rotate-keys: ## make the next keys that sessions and links are signed with; END_ALL=true ends all sessions; STACK=
	@infra/deploy/rotate

tools: ## install what tests run beside the code, as far as it is to be had
	@./.ci/tools '$(TOOLS)' '$(DYNOXIDE)' '$(VERSITYGW)' '$(PYTHON)' '$(CDK)' '$(SAM)'

clean: ## remove build/
	@rm -rf build
