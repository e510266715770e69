# A thin front of Meson: `make` builds, `make demo` shows it, `make test` proves it. The build is in build/.
SHELL := /bin/sh
BUILD := build
ifeq ($(origin CC),default)
CC := gcc
endif
prefix ?= /usr/local
BINARY := $(BUILD)/src/carryover
ROUNDS ?= 50
TIME ?= 60
SOAK ?= 30

.PHONY: all demo test lint bench crash soak fuzz docs install clean setup help

all: setup
	@ninja -C $(BUILD) src/carryover

help:
	@echo 'make            build $(BINARY); installs missing packages first (Debian, Ubuntu)'
	@echo 'make demo       run an upgrade of sample data on this machine, from start to proof'
	@echo 'make test       every test: unit, contract, integration, e2e, short rounds of crash and fuzz'
	@echo 'make lint       format, layers, headers, scripts, clang-tidy'
	@echo 'make bench      speed, as ratios against peers measured in the same run'
	@echo 'make crash      the long crash campaigns (ROUNDS=50 kills each)'
	@echo 'make soak       stores, gateways and headquarters in steady use: nothing grows (SOAK=30 minutes)'
	@echo 'make fuzz       libFuzzer on every parser of foreign bytes (TIME=60 seconds each)'
	@echo 'make docs       option, setting and error reference, generated from the tables'
	@echo 'make install    to $$DESTDIR$$prefix (prefix=/usr/local)'
	@echo 'make clean      remove the build folder'

setup:
	@tools/bootstrap build
	@test -f $(BUILD)/build.ninja || CC=$(CC) meson setup $(BUILD) --prefix=$(prefix) --buildtype=release -Ddebug=true

demo: all
	@tools/bootstrap run
	$(BINARY) demo

test: setup
	@tools/bootstrap run test
	@meson configure $(BUILD) -Dtests=enabled
	@ninja -C $(BUILD)
	@meson test -C $(BUILD) --print-errorlogs; status=$$?; \
	 tools/summary $(BUILD)/meson-logs/testlog.json && exit $$status

lint: setup
	@tools/bootstrap lint test
	@tools/lint

bench: all
	@tools/bootstrap run
	bench/run

# The short rounds of `make test`, many times and without a time limit.
crash: setup
	@tools/bootstrap run test
	@meson configure $(BUILD) -Dtests=enabled
	CARRYOVER_CRASH_ROUNDS=$(ROUNDS) meson test -C $(BUILD) --suite crash --timeout-multiplier 0 --verbose
	meson test -C $(BUILD) --benchmark integration/trail --verbose
	meson test -C $(BUILD) --benchmark crash/store --verbose

# One campaign at a time: the machine's memory and files are what it looks at.
soak: setup
	@tools/bootstrap run test
	@meson configure $(BUILD) -Dtests=enabled
	CARRYOVER_SOAK_MINUTES=$(SOAK) meson test -C $(BUILD) --benchmark soak/estate --verbose

fuzz:
	@tools/bootstrap build test fuzz
	tools/fuzz $(TIME)

docs: all
	tools/docs $(BINARY)

install: all
	meson install -C $(BUILD) --no-rebuild

clean:
	rm -rf $(BUILD)
