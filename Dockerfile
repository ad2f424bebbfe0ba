# The program alone on an empty base: no shell, no package manager, a user without rights.
#   docker build --build-arg VERSION=$(git describe --tags --always) -t redproperty .

FROM node:20-bookworm-slim AS pages
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
COPY web/shared/package.json shared/
COPY web/resident/package.json resident/
COPY web/desk/package.json desk/
COPY web/e2e/package.json e2e/
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY web ./
COPY api-docs/openapi.yaml ../api-docs/
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
COPY --from=pages /src/web/dist web/dist
ARG VERSION=unknown
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    make build VERSION="$VERSION"
# What the empty base lacks: trusted certificates, time zones, a folder for data and one for uploads in passing.
RUN mkdir -p /base/etc/ssl/certs /base/usr/local/share /base/data/keys \
 && install -d -m 1777 /base/tmp \
 && cp /etc/ssl/certs/ca-certificates.crt /base/etc/ssl/certs/ \
 && cp /usr/local/go/lib/time/zoneinfo.zip /base/usr/local/share/ \
 && echo 'redproperty:x:65532:65532::/data:/sbin/nologin' > /base/etc/passwd \
 && chown -R 65532:65532 /base/data

FROM scratch
COPY --from=build /base /
COPY --from=build /src/bin/redproperty /usr/local/bin/redproperty
ENV ZONEINFO=/usr/local/share/zoneinfo.zip \
    REDPROPERTY_HTTP__LISTEN=0.0.0.0:8080
USER 65532:65532
# The default settings keep everything under data/, seen from here.
WORKDIR /
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["/usr/local/bin/redproperty", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/redproperty"]
CMD ["serve"]
