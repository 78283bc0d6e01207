# Every target is a line in `make help`. ARGS is passed on: make test ARGS="--filter Verlet"

ARGS ?=
DATA ?= optdigits

# Numerics are about 15 times slower in debug. Testable imports are off because no test uses them,
# and so that `build` and `test` share one build instead of recompiling each other's modules.
FLAGS := --configuration release --explicit-target-dependency-import-check error
TEST_FLAGS := --disable-testable-imports --disable-xctest

# STRICT=1 makes every warning of the package's own code an error; dependencies are left alone.
ifdef STRICT
FLAGS += -Xswiftc -warnings-as-errors
endif

EXAMPLES := $(filter-out Support README.md,$(notdir $(wildcard Examples/*)))
PICTURES ?= pictures

THALWEG := .build/release/thalweg
FORMATTED := $(wildcard Package.swift Sources Tests Examples Benchmarks Tools)

.DEFAULT_GOAL := help
.PHONY: help dependencies build run test check examples docs api api-check symbols bench lint format clean

help: ## Print the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

dependencies: ## Install the libraries of the system that are missing
	@scripts/dependencies.sh

build: dependencies ## Build the command line tool in release
	swift build $(FLAGS) --product thalweg

run: build ## Train on the digits that come with the tool (DATA=..., ARGS="--epochs 3")
	$(THALWEG) train --data $(DATA) $(ARGS)

test: dependencies ## Build and run all tests in release
	swift test $(FLAGS) $(TEST_FLAGS) $(ARGS)

check: build ## Run the self-test of the whole catalogue: order, stability, reversal, gradients
	$(THALWEG) check $(ARGS)

examples: dependencies ## Build and run all examples, and draw their pictures (PICTURES=..., ARGS=--quick)
	for name in $(EXAMPLES); do swift build $(FLAGS) --product $$name && \
	  .build/release/$$name $(PICTURES) $(ARGS) || exit 1; done

docs: symbols ## Build the documentation into .build/docs, pages and all public symbols
	scripts/documentation.sh docs

api: symbols ## Write docs/api.txt, the public interface
	scripts/documentation.sh api

api-check: symbols ## Compare docs/api.txt with the code
	scripts/documentation.sh check

# What the three above read.
symbols: build
	swift build $(FLAGS) --product documentation

bench: build ## Measure against other systems (WORKLOADS="W3 W6", QUICK=1, PYTHON=..., ARGS="--resume")
	Benchmarks/compare.py $(WORKLOADS) $(if $(QUICK),--quick) $(if $(PYTHON),--python $(PYTHON)) $(ARGS)

lint: ## Check the formatting
	swift format lint --strict --parallel --recursive $(FORMATTED)

format: ## Format all Swift files in place
	swift format format --in-place --parallel --recursive $(FORMATTED)

clean: ## Remove what was built
	swift package clean
