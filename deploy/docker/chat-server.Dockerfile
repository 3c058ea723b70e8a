# syntax=docker/dockerfile:1
# The chat over Socket.IO. Built from the repository's root: docker build --file deploy/docker/chat-server.Dockerfile .

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
# The caches outlive the build, so the binary is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/build/target,id=pillnuts-target,sharing=locked \
    cargo build --locked --release --package chat-server --bin chat-server && \
    install -D --mode=0755 target/release/chat-server /out/chat-server

FROM debian:bookworm-slim
# Certificates for the TLS of outgoing calls, the newest there are; nothing else is added.
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install --yes --no-install-recommends ca-certificates && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin pillnuts && \
    install -d --owner=pillnuts --group=pillnuts --mode=0750 /var/lib/pillnuts /var/log/pillnuts
COPY --from=build /out/chat-server /usr/local/bin/chat-server
USER 10001:10001
WORKDIR /var/lib/pillnuts
ENV APP_ENV=production \
    DATA_DIR=/var/lib/pillnuts \
    LOG_DIR=/var/log/pillnuts \
    LOG_FORMAT=json \
    CHAT_HOST=0.0.0.0
EXPOSE 8081 8181
# The binary asks itself: the image has no HTTP client. Alive is enough here: restarting a server doesn't bring
# its database back.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["chat-server", "healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["chat-server"]
CMD ["serve"]
