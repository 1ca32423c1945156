# Commands of the project; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PIPELINE := node --import tsx tools/cli/main.ts
# Target: docker, or kind for Kubernetes.
TARGET ?= docker
INSTALLED := node_modules/.package-lock.json

.PHONY: help up doctor settings status verify logs dlq replay down destroy check test e2e ci bench faults facts docs chart contract node

help: ## list the commands
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/\1\t\2/' | expand -t 12

up: $(INSTALLED) ## deploy everything and wait for the first users in Cassandra
	@$(PIPELINE) up --target $(TARGET)

doctor: $(INSTALLED) ## check what a deploy needs on this machine and report what is missing
	@$(PIPELINE) doctor --target $(TARGET)

settings: $(INSTALLED) ## list every setting with its value and the origin of the value
	@$(PIPELINE) settings

status: $(INSTALLED) ## show containers, addresses, logins, and users at each stage
	@$(PIPELINE) status --target $(TARGET)

verify: $(INSTALLED) ## check that every staged user is in Cassandra and republish missing ones
	@$(PIPELINE) verify --target $(TARGET)

logs: $(INSTALLED) ## show the last log lines of all containers, or follow one: make logs NAME=broker
	@$(PIPELINE) logs --target $(TARGET) $(NAME)

dlq: $(INSTALLED) ## list dead letters and rejected rows with their reasons
	@$(PIPELINE) dlq --target $(TARGET)

# The shell expands the values, because they may contain quotes.
replay: $(INSTALLED) ## replay dead letters and rejected rows: REASON="text in the reason", OFFSETS=10-20 or ALL=1
	@$(PIPELINE) replay --target $(TARGET) $${REASON:+--reason="$$REASON"} $${OFFSETS:+--offsets="$$OFFSETS"} $${ALL:+--all}

down: $(INSTALLED) ## remove the containers and keep the data
	@$(PIPELINE) down --target $(TARGET)

destroy: $(INSTALLED) ## remove everything except the images, after a question: FORCE=1 answers it
	@$(PIPELINE) destroy --target $(TARGET)

check: $(INSTALLED) ## check format, types, lint, and the tests affected by changes
	@node --import tsx tools/checks/main.ts check

test: $(INSTALLED) ## run every check except the full deploy
	@node --import tsx tools/checks/main.ts test

e2e: $(INSTALLED) ## deploy the pipeline and run the end-to-end tests
	@node --import tsx tools/checks/main.ts e2e --target $(TARGET)

ci: $(INSTALLED) ## run what gates a change: test, then e2e on each target
	@node --import tsx tools/checks/main.ts ci

bench: $(INSTALLED) ## measure the running pipeline: throughput, latency, memory
	@node --import tsx tools/bench/main.ts --target $(TARGET)

faults: $(INSTALLED) ## inject faults into the running pipeline and verify that nothing is lost: make faults ONLY="poison power"
	@node --import tsx tools/faults/main.ts --target $(TARGET) $(ONLY)

facts: $(INSTALLED) ## change 20 facts of the synthesized stacks; each must fail a test: make facts SEED=COMMIT
	@node --import tsx tools/facts/main.ts $(if $(SEED),--seed $(SEED))

docs: $(INSTALLED) ## regenerate docs/settings.md and tools/kind/cluster.yaml from the settings
	@node --import tsx tools/docs/main.ts

chart: $(INSTALLED) ## regenerate the Helm chart charts/realtime-data-pipeline
	@node --import tsx tools/chart/main.ts

contract: $(INSTALLED) ## regenerate infra/contract, the list of addresses and names of a deploy
	@node --import tsx tools/contract/main.ts

node:
	@command -v node >/dev/null || { echo "Node.js not found; expected version 20.9 or later"; exit 1; }
	@node -e 'const [major, minor] = process.versions.node.split(".").map(Number); if (major < 20 || (major === 20 && minor < 9)) { console.error(`unsupported Node.js version: got $${process.versions.node}; expected 20.9 or later`); process.exit(1); }'

$(INSTALLED): package.json package-lock.json | node
	@echo "installing the npm packages of the project"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
