# syntax=docker/dockerfile:1
# Image of the proxy: no shell, no package manager, not root, and nothing to write but /tmp.
#   docker build -t s3proxy .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL -p 9000:9000 -v ./s3proxy.yaml:/etc/s3proxy/config/s3proxy.yaml:ro s3proxy

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
# What decides which packages are restored comes first, so that a change of the code alone restores nothing.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Coalescing/Coalescing.csproj src/Coalescing/
COPY src/Proxy/Proxy.csproj src/Proxy/
RUN dotnet restore src/Proxy --arch "$TARGETARCH" -p:PublishReadyToRun=true
COPY src src
RUN dotnet publish src/Proxy --configuration Release --no-restore --arch "$TARGETARCH" --self-contained \
    -p:PublishReadyToRun=true -p:DebugType=none -p:SatelliteResourceLanguages=en -p:PublishDocumentationFiles=false --output /app

# glibc, which the proxy calls by itself for its memory; chiseled: without a shell.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="s3proxy" \
      org.opencontainers.image.description="A caching S3 proxy that shares running fetches among all who want the same object" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
WORKDIR /app
COPY --from=build /app /app
# The user that the base image has for this; a number, so that Kubernetes can see that it is not root.
USER 1654:1654
EXPOSE 9000 9001
# No HEALTHCHECK: there is no shell, and orchestrators ask /healthz and /readyz on the admin port by themselves.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/S3Proxy"]
CMD ["--config", "/etc/s3proxy/config/s3proxy.yaml"]
