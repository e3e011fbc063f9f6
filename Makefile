# The one gate of this project. `make help` explains the targets.
#
# A bare Debian or Ubuntu with Go, git and make is enough: what else a target
# needs it installs through apt (as root or with sudo) or names precisely.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

GO ?= go
# Not stamped with the commit: git refuses to read a checkout of another user,
# and then nothing would build under sudo.
export GOFLAGS := -buildvcs=false $(GOFLAGS)

BIN      := bin/portal
DIST     := web/static/dist/manifest.json
WEB_SRC  := $(shell find web -path web/node_modules -prune -o -path web/static/dist -prune -o -type f ! -name '*.go' -print 2>/dev/null)
RUN_PG   := $(GO) run ./internal/platform/pgtest/run --
# The race detector needs cgo and a C compiler; without them the tests run plain. It takes a
# second build of everything and makes tests many times slower: it watches the tests of the
# platform in which things happen at once, for there goroutines share memory; not those of packages
# that build half of all libraries. In the modules they meet in the database most of the time, of
# which it sees nothing. `make deep` has it watch all.
RACE     := $(shell scripts/race.sh)
CROWDED  := $(filter-out $(addprefix %/,backup media naskah org pglocal pgtest reseal sign),$(wildcard internal/platform/*))
# Nobody debugs the test binaries: without symbols each links in two thirds of the time. Tests
# wait for the database and the browser: three packages at once keep two cores busy.
TEST      = $(GO) test -p 3 -ldflags=-s -timeout 30m $(TEST_FLAGS)
TEST_FLAGS ?=
BENCH_FLAGS ?=

.PHONY: help
help: ## list the targets
	@echo "Usage: make TARGET"; echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo; echo "The first look: make run. Before a push: make check."

.PHONY: run
run: ## install what is missing, build, and run the portal with demo data on http://127.0.0.1:8080
	scripts/need.sh run
	$(MAKE) --no-print-directory build
	exec $(BIN) dev

.PHONY: build
build: web ## build bin/portal: one binary, front end included
	$(GO) build -trimpath -o $(BIN) ./cmd/portal

.PHONY: web
web: $(DIST) ## bundle the front end into web/static/dist, if its sources changed

$(DIST): web/node_modules/.installed $(WEB_SRC)
	cd web && npm run --silent build
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json web/.npmrc
	scripts/need.sh web
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: test
test: ## install what the tests need and run them all against a private PostgreSQL
	scripts/need.sh test
	$(MAKE) --no-print-directory web
	$(RUN_PG) $(if $(PACKAGES),$(TEST) $(RACE) $(PACKAGES),$(MAKE) --no-print-directory all-tests)

.PHONY: all-tests
all-tests:
	$(if $(RACE),$(TEST) $(RACE) -run '$(shell scripts/at-once.sh $(CROWDED))' $(addprefix ./,$(shell scripts/at-once.sh -l $(CROWDED))))
	$(TEST) -parallel 4 ./...

# Compilers and tests collect garbage for a fifth of their time; memory is there.
check: export GOGC ?= 400
.PHONY: check
check: ## what CI runs: format, vet, lint, then test
	scripts/need.sh check
	$(MAKE) --no-print-directory web
	scripts/check.sh
	$(MAKE) --no-print-directory test TEST_FLAGS="-vet=off $(TEST_FLAGS)" # check.sh has vetted all

.PHONY: generate
generate: ## write the *_templ.go files anew
	$(GO) tool templ generate

.PHONY: bench
bench: ## measure, each beside its baseline, as ratios (about 15 minutes; BENCH_FLAGS=-short: 3)
	scripts/need.sh run
	$(MAKE) --no-print-directory build
	$(GO) run -trimpath ./internal/bench/cmd -portal $(BIN) -history docs/benchmarks.tsv $(BENCH_FLAGS)

.PHONY: deep
deep: ## what is too long for check: S3, faults, slow links, several instances, scanners; one test: RUN=TestName
	scripts/need.sh deep
	$(MAKE) --no-print-directory $(if $(RUN),web,build)
	scripts/deep.sh $(if $(RUN),-v -run '^$(RUN)$$')

.PHONY: clean
clean: ## remove what was built; the data in .local stay
	rm -rf bin web/static/dist web/node_modules
