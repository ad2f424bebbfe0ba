# make run     the program on the embedded database with demonstration data, at http://127.0.0.1:8080
# make test    everything, on SQLite, MariaDB, Redis and a Redis Cluster that it starts itself
# make help    the other targets

SHELL := /bin/bash
.DEFAULT_GOAL := help

BINARY  := bin/redproperty
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
TAGS    := nomsgpack
GOBUILD := CGO_ENABLED=0 go build -tags $(TAGS) -trimpath -ldflags '-s -w -X main.version=$(VERSION)'

GOLANGCI_VERSION := v2.15.0
GOLANGCI         := bin/golangci-lint-$(GOLANGCI_VERSION)
REDOCLY_VERSION  := 2.77.0
REDOCLY          := REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true npx --yes @redocly/cli@$(REDOCLY_VERSION)

# The pages are built by Node; without it the program is built without them and says so.
HAVE_NODE   := $(shell command -v npm)
WEB_DEPS    := web/node_modules/.package-lock.json
WEB_BUILT   := web/dist/desk/index.html
WEB_SOURCES := $(shell find web -path '*/node_modules' -prune -o -path web/dist -prune -o -path '*/generated' -prune -o -path web/e2e -prune -o -type f -print)

# The race detector needs a C compiler. Where there is none the tests run without it, except in CI.
RACE     := $(if $(CI)$(shell command -v gcc),-race)
# SQLite's engine is machine-translated C: watching its every memory access would make the tests many times slower, and so
# would checking each pointer of its C library. Calls through sqlx's embedded rows leave entries in the race detector's stack
# of the goroutine (their wrappers enter and never leave), until starting a goroutine there takes a thousand times as long.
# -l: what is inlined would bring an unwatched copy of sync.Map, which the linker may take for all.
RACEFREE := $(if $(RACE),-gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/memory=-race=false '-gcflags=github.com/jmoiron/sqlx=-race=false -l' -gcflags=modernc.org/libc=-d=checkptr=0)
# The longest begin first, so that no core waits for them at the end.
TESTS    := ./internal/survey ./internal/app ./internal/workorder ./...
FUZZTIME := 10s

.PHONY: help run build web screens test test-go test-web check-openapi lint lint-go lint-openapi lint-web openapi bench bench-web fuzz cover clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: $(if $(HAVE_NODE),$(WEB_BUILT)) ## build bin/redproperty, one static program, with the pages in it where Node is there
	$(GOBUILD) -o $(BINARY) ./cmd/redproperty

web: $(WEB_BUILT) ## build the pages into web/dist

$(WEB_DEPS): web/package-lock.json
	cd web && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json

$(WEB_BUILT): $(WEB_DEPS) $(WEB_SOURCES) api-docs/openapi.yaml
	cd web && npm run --silent build

test-web: build ## test the pages: types, logic, sizes, and the journeys in a browser
	cd web && npm run check && npm test && CHROMIUM=$$(../scripts/browser) npm run e2e

screens: build ## pictures of every page in both languages, colours and all widths, in build/screens/index.html
	cd web && CHROMIUM=$$(../scripts/browser) npm run screens -w e2e

lint-web: $(WEB_DEPS)
	cd web && npm run generate && npm run lint

run: build ## run it with demonstration data, kept in data/ from one run to the next
	$(BINARY) demo

test: test-go check-openapi test-web ## test everything; the servers it needs are private and end with it

# GOGC: a third of the work under the race detector was collecting garbage. What vet finds is found by make lint.
test-go: ## the Go tests alone; TESTS=./internal/... narrows them
	GOGC=400 CGO_ENABLED=$(if $(RACE),1,0) scripts/services run go run ./scripts/testrun -tags $(TAGS) -timeout 20m -vet=off -ldflags='-s -w' $(RACE) $(RACEFREE) $(TESTS)

check-openapi: build ## fail where api-docs/openapi.yaml is not what the program describes
	@diff -u api-docs/openapi.yaml <($(BINARY) openapi) || { echo 'api-docs/openapi.yaml is out of date: run "make openapi" and commit it'; exit 1; }

lint: lint-go lint-openapi lint-web ## all linters

# What linters need compiled, to know its types, is compiled as "make build" does it, which then finds it done.
lint-go: $(GOLANGCI)
	GOGC=400 CGO_ENABLED=0 GOFLAGS="$$(go env GOFLAGS) -trimpath" $(GOLANGCI) run ./...

lint-openapi:
	$(REDOCLY) lint --config api-docs/redocly.yaml api-docs/openapi.yaml

$(GOLANGCI):
	@mkdir -p bin/install
	GOGC=400 CGO_ENABLED=0 GOBIN=$(CURDIR)/bin/install go install -trimpath -ldflags='-s -w' github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv bin/install/golangci-lint $@ && rmdir bin/install

openapi: ## write api-docs/openapi.yaml from the program
	$(GOBUILD) -o $(BINARY) ./cmd/redproperty
	$(BINARY) openapi > api-docs/openapi.yaml.new && mv api-docs/openapi.yaml.new api-docs/openapi.yaml

BENCH      := Step|List|Import|Decide|Cast|Close|Verify|HonestRounds|AttackPower|BlindSpots
BENCHCOUNT := 3

bench: ## measure steps, lists, imports, limits and surveys against their raw cost, on SQLite, MariaDB and Redis with durable settings
	CGO_ENABLED=0 scripts/services run --durable go test -run '^$$' -bench '$(BENCH)' -count $(BENCHCOUNT) -timeout 30m \
		./internal/workorder ./internal/area ./internal/ratelimit ./internal/bundle ./internal/survey
	CGO_ENABLED=0 go test -run '^$$' -bench '$(BENCH)' -benchtime 1x -timeout 30m ./internal/integrity
	$(MAKE) --no-print-directory bench-web

bench-web: build ## measure how soon a cheap phone on a slow line can use the pages
	cd web && CHROMIUM=$$(../scripts/browser) npm run bench -w e2e

fuzz: ## run every fuzz target for FUZZTIME (10s)
	scripts/fuzz $(FUZZTIME)

cover: ## coverage of the Go tests in build/cover.html
	@mkdir -p build
	scripts/services run go run ./scripts/testrun -tags $(TAGS) -timeout 20m -coverpkg=./internal/... -coverprofile=build/cover.out ./...
	go tool cover -html=build/cover.out -o build/cover.html
	@go tool cover -func=build/cover.out | tail -1

clean: ## remove what was built; data/ stays
	rm -rf bin build web/dist/resident web/dist/desk
