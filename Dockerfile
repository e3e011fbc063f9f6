# The front end, the binary, and an image with little else.
FROM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/web/static/dist web/static/dist
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags="-s -w" -o /portal ./cmd/portal

FROM debian:trixie-slim
RUN apt-get update \
	&& apt-get install -y --no-install-recommends ca-certificates curl postgresql-client-17 poppler-utils zbar-tools tesseract-ocr tesseract-ocr-ind \
	&& rm -rf /var/lib/apt/lists/* \
	&& useradd --system --uid 10001 --home-dir /var/lib/portal --create-home --shell /usr/sbin/nologin portal \
	&& chmod 700 /var/lib/portal
COPY --from=build /portal /usr/local/bin/portal
USER portal
VOLUME /var/lib/portal
EXPOSE 8080
ENTRYPOINT ["portal"]
CMD ["serve"]
