#!/bin/bash
# As in the official image: commands it does not know are run as they are. Its `driver` and `executor` are for Spark's own
# Kubernetes scheduler, which this project does not use.
set -euo pipefail
exec tini -s -- "$@"
