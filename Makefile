# The commands of the project. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PIPELINE := node --import tsx tools/cli/main.ts
# Where: docker, or kind for Kubernetes.
TARGET ?= docker
INSTALLED := node_modules/.package-lock.json

.PHONY: help up doctor settings status verify logs dlq replay down destroy check test e2e ci bench faults docs chart node

help: ## list the commands
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/\1\t\2/' | expand -t 12

up: $(INSTALLED) ## from wherever things are to users in Cassandra
	@$(PIPELINE) up --target $(TARGET)

doctor: $(INSTALLED) ## what a deploy needs of this machine, and what is missing
	@$(PIPELINE) doctor --target $(TARGET)

settings: $(INSTALLED) ## every setting, its value and where that is from
	@$(PIPELINE) settings

status: $(INSTALLED) ## containers, and users at each stage
	@$(PIPELINE) status --target $(TARGET)

verify: $(INSTALLED) ## check that every staged user is in Cassandra and republish missing ones
	@$(PIPELINE) verify --target $(TARGET)

logs: $(INSTALLED) ## last lines of all containers, or follow one: make logs NAME=broker
	@$(PIPELINE) logs --target $(TARGET) $(NAME)

dlq: $(INSTALLED) ## records that were set aside, and why
	@$(PIPELINE) dlq --target $(TARGET)

# The shell reads the values: they may hold quotes.
replay: $(INSTALLED) ## send dead letters again: REASON="text in their reason", OFFSETS=10-20 or ALL=1
	@$(PIPELINE) replay --target $(TARGET) $${REASON:+--reason="$$REASON"} $${OFFSETS:+--offsets="$$OFFSETS"} $${ALL:+--all}

down: $(INSTALLED) ## remove the containers, keep the data
	@$(PIPELINE) down --target $(TARGET)

destroy: $(INSTALLED) ## remove everything but the images
	@$(PIPELINE) destroy --target $(TARGET)

check: $(INSTALLED) ## format, types, lint and the tests of what has changed
	@node --import tsx tools/checks/main.ts check

test: $(INSTALLED) ## every check but the full deploy
	@node --import tsx tools/checks/main.ts test

e2e: $(INSTALLED) ## deploy for real and prove it from end to end
	@node --import tsx tools/checks/main.ts e2e --target $(TARGET)

ci: $(INSTALLED) ## what decides whether a change lands: test, then e2e on each target
	@node --import tsx tools/checks/main.ts ci

bench: $(INSTALLED) ## measure the pipeline that is up: throughput, delay, memory
	@node --import tsx tools/bench/main.ts --target $(TARGET)

faults: $(INSTALLED) ## break the pipeline that is up, part by part, and look whether anything is lost: make faults ONLY="poison power"
	@node --import tsx tools/faults/main.ts --target $(TARGET) $(ONLY)

docs: $(INSTALLED) ## regenerate what derives from the settings: docs/settings.md, tools/kind/cluster.yaml
	@node --import tsx tools/docs/main.ts

chart: $(INSTALLED) ## bring the Helm chart up to date: charts/realtime-data-pipeline
	@node --import tsx tools/chart/main.ts

node:
	@command -v node >/dev/null || { echo "Node.js is missing; install version 20.9 or later"; exit 1; }
	@node -e 'const [major, minor] = process.versions.node.split(".").map(Number); if (major < 20 || (major === 20 && minor < 9)) { console.error(`Node.js $${process.versions.node} is too old; install version 20.9 or later`); process.exit(1); }'

$(INSTALLED): package.json package-lock.json | node
	@echo "Installing the project's npm packages"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
