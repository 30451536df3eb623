# syntax=docker/dockerfile:1
# chatrec in a container, for the CPU (the default) or for NVIDIA GPUs:
#
#   docker build --target cpu --tag chatrec:cpu .
#   docker build --target cuda --tag chatrec:cuda .
#
# Both install what constraints.txt pins. On x86-64 the package index has torch with CUDA; give the
# address of an index of CPU builds as TORCH_INDEX to leave 3 GB out of a cpu image:
#
#   docker build --target cpu --build-arg TORCH_INDEX=https://... --tag chatrec:cpu .
#
# docs/operations.md says how it is run; tests/test_docker.py keeps this file true.

ARG PYTHON=3.11

FROM python:${PYTHON}-slim-bookworm AS installed
ARG TORCH_INDEX=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_EXTRA_INDEX_URL=${TORCH_INDEX}
# The distribution has one version of make, which goes when it has a newer one.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# Only what the requirements are read from, so that a change of the code installs nothing anew.
COPY Makefile pyproject.toml constraints.txt README.md LICENSE ./
COPY chatrec/__init__.py chatrec/__init__.py
RUN make .venv/.installed \
    && .venv/bin/python -m pip install --quiet -c constraints.txt -e '.[postgres,scale]'

FROM python:${PYTHON}-slim-bookworm AS prepared
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HF_HUB_OFFLINE=1 \
    HOME=/var/lib/chatrec \
    XDG_STATE_HOME=/var/lib/chatrec/state \
    CHATREC_CACHE=/var/cache/chatrec \
    CHATREC_HOST=0.0.0.0 \
    CHATREC_PORT=7860 \
    CHATREC_LOGS=json
RUN groupadd --gid 10001 chatrec \
    && useradd --uid 10001 --gid chatrec --home-dir /var/lib/chatrec --shell /usr/sbin/nologin chatrec \
    && install --directory --owner chatrec --group chatrec \
        /var/lib/chatrec /var/lib/chatrec/state /var/cache/chatrec /workspaces
WORKDIR /app
COPY --from=installed /app/.venv .venv
COPY pyproject.toml constraints.txt README.md LICENSE app.py ./
COPY chatrec chatrec
COPY prompts prompts
COPY adapters adapters
USER 10001:10001
# The decoder is converted and the films are embedded here, so that a start needs neither.
RUN chatrec prepare
VOLUME ["/var/lib/chatrec", "/var/cache/chatrec", "/workspaces"]
EXPOSE 7860
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/ready', timeout=4)"]
ENTRYPOINT ["chatrec"]
CMD ["serve"]

FROM prepared AS cuda
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility

# The last target is what a build without --target makes.
FROM prepared AS cpu
ENV CUDA_VISIBLE_DEVICES=""
