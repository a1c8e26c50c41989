# Two commands matter: `make demo` and `make test`. Each installs what is missing first (tools/set-up).

.DEFAULT_GOAL := help
SHELL := /bin/bash
export PATH := $(CURDIR)/target/tools/bin:$(PATH)
CARGO ?= cargo
BIN_DIR := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)/debug
export BIN_DIR
# The virtual reader's driver, where tools/set-up unpacks it.
export JPKI_LAB_VPCD := $(CURDIR)/target/vpcd/usr/lib/pcsc/drivers/serial/libifdvpcd.so

.PHONY: help demo test check test-unit test-card test-faults test-browser test-kernel test-fuzz fuzz bench screenshots build extension clean setup-build setup-extension setup-demo setup-test

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup-demo build extension ## register and sign in with a practice card, in a real browser (HEADLESS=1, CARD=real)
	cd tests/e2e && node demo.mjs

test: check test-unit test-card test-browser test-kernel test-fuzz ## every test

check: setup-test ## format, lints, licences, documentation
	$(CARGO) fmt --all --check
	cd tests/oracles && $(CARGO) fmt --all --check
	cd tests/fuzz && $(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	cd tests/oracles && $(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	cd tests/fuzz && RUSTFLAGS="--cfg fuzzing" $(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked --quiet
	cargo-deny --locked check licenses bans sources
	shellcheck tools/set-up .ci/run tests/fuzz/run tests/e2e/kernel/init tests/e2e/kernel/guest tests/e2e/kernel/boot tests/e2e/kernel/pinentry tests/e2e/lib/pinentry-of-a-case
	cd browser-ext && npm run --silent check
	cd tests/e2e && npm run --silent check

test-unit: setup-test ## tests that need no reader and no browser
	$(CARGO) nextest run --workspace --locked --no-tests=fail -E 'not binary(/^pcsc_/)'
	$(CARGO) test --workspace --locked --doc --quiet
	cd tests/oracles && $(CARGO) test --locked --quiet --tests
	cd browser-ext && npm test --silent

test-card: setup-test build ## tests with the real pcscd and the virtual card
	$(CARGO) nextest run --workspace --locked --no-tests=fail -E 'binary(/^pcsc_/)'

test-faults: setup-test build ## the loops over faults, a part of test-card (docs/faults.md)
	$(CARGO) nextest run -p jpki-authenticator --locked --no-tests=fail -E 'binary(/^pcsc_(faults|store|time)$$/)'

test-browser: setup-test build extension ## end to end, in real browsers
	cd browser-ext && npm run --silent layout && npm run --silent pages
	cd tests/e2e && npm test --silent

test-kernel: setup-test build ## the security key on a real /dev/uhid, in a virtual machine (tests/e2e/README.md)
	cd tests/oracles && $(CARGO) build --locked --quiet -p oracle-hid-host
	cd tests/e2e && npm run --silent test:kernel

test-fuzz: setup-test ## a short run of every fuzz target, the same each time
	tests/fuzz/run short

fuzz: setup-test ## a long run of every fuzz target (SECONDS_EACH=600; docs/fuzzing.md)
	tests/fuzz/run long $(or $(SECONDS_EACH),600)

bench: setup-test ## figures: a table, and target/bench/report.json (docs/performance.md)
	$(CARGO) build --release --locked -p jpki-authenticator -p jpki-bench
	$(or $(CARGO_TARGET_DIR),$(CURDIR)/target)/release/jpki-bench

screenshots: setup-test ## docs/screenshots anew: what people see, to be looked at
	cd browser-ext && npm run --silent screenshots

build: setup-build ## the programs, in target/debug
	$(CARGO) build --workspace --bins --locked

extension: setup-extension ## the browser extension, in browser-ext/dist
	cd browser-ext && npm run --silent build

setup-build:
	@tools/set-up build
setup-extension:
	@tools/set-up extension
setup-demo:
	@tools/set-up demo
setup-test:
	@tools/set-up test

clean: ## remove what was built
	rm -rf target browser-ext/dist browser-ext/node_modules tests/e2e/node_modules
