# The gateway with its pages. Build: docker build -t paragon-gateway .
# One volume: /var/lib/paragon, for the databases of SQLite. Everything else is read-only; with PostgreSQL there is no volume.

FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /source
COPY . .
RUN cargo xtask build \
    && cargo build --release --locked -p paragon-gateway --features postgres \
    && install -d /image/var/lib/paragon /image/etc/paragon /image/usr/local/bin \
    && install target/release/paragon-gateway /image/usr/local/bin/

# The C library, certificates and a user without rights; no shell.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build --chown=65532:65532 /image /
ENV PARAGON_CONFIG=/etc/paragon/paragon-gateway.toml \
    PARAGON_LISTEN=0.0.0.0:4400 \
    PARAGON_DATABASE=sqlite:/var/lib/paragon/gateway.sqlite \
    PARAGON_LOG_FORMAT=json
USER 65532:65532
WORKDIR /var/lib/paragon
VOLUME /var/lib/paragon
EXPOSE 4400
ENTRYPOINT ["/usr/local/bin/paragon-gateway"]
CMD ["serve"]
