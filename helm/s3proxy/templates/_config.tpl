{{/* Refuses secrets in what goes into a ConfigMap. Takes a dict of path and node. */}}
{{- define "s3proxy.refuseSecrets" -}}
{{- $path := .path -}}
{{- if kindIs "map" .node -}}
{{- range $key, $value := .node -}}
{{- if and (has $key (list "secretAccessKey" "sessionToken" "password" "adminToken" "token")) (kindIs "string" $value) -}}
{{- fail (printf "%s.%s is a secret, and config goes into a ConfigMap that many may read. Put it into a Secret and name that in clientKeys, originCredentials, redis.password, adminToken or eventsToken, or mount it with extraVolumes and name its file." $path $key) -}}
{{- end -}}
{{- include "s3proxy.refuseSecrets" (dict "path" (printf "%s.%s" $path $key) "node" $value) -}}
{{- end -}}
{{- else if kindIs "slice" .node -}}
{{- range $index, $value := .node -}}
{{- include "s3proxy.refuseSecrets" (dict "path" (printf "%s[%d]" $path $index) "node" $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "s3proxy.redisConfig" -}}
connection: {{ required "redis.connection is missing: HOST:PORT of the Redis that replicas share." .Values.redis.connection | quote }}
cluster: {{ .Values.redis.cluster | default (printf "%s.%s" .Release.Namespace .Release.Name) | trunc 64 | quote }}
{{- if .Values.redis.tls }}
tls: true
{{- end }}
{{- if .Values.redis.password.existingSecret }}
passwordFile: /etc/s3proxy/secrets/redis-password
{{- end }}
{{- if .Values.redis.ca.existingSecret }}
tlsCaFile: /etc/s3proxy/secrets/redis-ca.crt
{{- end }}
{{- end -}}

{{- define "s3proxy.originCredentials" -}}
{{- $name := .name -}}
{{- with .credentials -}}
{{- if and .accessKeyId .accessKeyIdKey -}}
{{- fail (printf "originCredentials.%s has both accessKeyId and accessKeyIdKey; give one." $name) -}}
{{- end -}}
{{- if .accessKeyId }}
accessKeyId: {{ .accessKeyId | quote }}
{{- end }}
secretAccessKeyFile: /etc/s3proxy/secrets/origins/{{ $name }}/secret-access-key
{{- if .sessionTokenKey }}
sessionTokenFile: /etc/s3proxy/secrets/origins/{{ $name }}/session-token
{{- end }}
{{- end -}}
{{- end -}}

{{/* The proxy's configuration: what the chart makes, and over it what config says. Lists of client keys are joined. */}}
{{- define "s3proxy.config" -}}
{{- include "s3proxy.refuseSecrets" (dict "path" "config" "node" .Values.config) -}}
{{- $made := dict
  "listen" (dict
    "endpoint" (printf "%s://*:%d" (include "s3proxy.dataScheme" .) (int .Values.ports.data))
    "admin" (printf "%s://*:%d" (include "s3proxy.adminScheme" . | lower) (int .Values.ports.admin))
    "adminTokenFile" "/etc/s3proxy/secrets/admin-token")
  "drain" (include "s3proxy.drain" . | fromYaml)
  "cache" (dict "memory" (dict "size" (printf "%dMiB" (div (include "s3proxy.cacheBytes" . | int64) 1048576)))) -}}
{{- if .Values.tls.existingSecret -}}
{{- $_ := set $made.listen "tls" (include "s3proxy.certificate" . | fromYaml) -}}
{{- if .Values.tls.admin -}}{{- $_ := set $made.listen "adminTls" (include "s3proxy.certificate" . | fromYaml) -}}{{- end -}}
{{- else if .Values.tls.admin -}}
{{- fail "tls.admin needs tls.existingSecret, the certificate." -}}
{{- end -}}
{{- if .Values.redis.enabled -}}
{{- $_ := set $made.cache "redis" (include "s3proxy.redisConfig" . | fromYaml) -}}
{{- end -}}
{{- if .Values.eventsToken.existingSecret -}}
{{- $_ := set $made "events" (dict "tokenFile" "/etc/s3proxy/secrets/events-token") -}}
{{- end -}}
{{- $origins := dict -}}
{{- range $name, $credentials := .Values.originCredentials -}}
{{- if not (hasKey $.Values.config.origins $name) -}}
{{- fail (printf "originCredentials.%s: config.origins has no %s." $name $name) -}}
{{- end -}}
{{- $_ := set $origins $name (dict "credentials" (include "s3proxy.originCredentials" (dict "name" $name "credentials" $credentials) | fromYaml)) -}}
{{- end -}}
{{- if $origins -}}{{- $_ := set $made "origins" $origins -}}{{- end -}}
{{- $config := mustMergeOverwrite $made (deepCopy .Values.config) -}}
{{- include "s3proxy.checkDrain" (dict "root" . "drain" $config.drain) -}}
{{- if and (eq .Values.reload "hot") (hasKey $config "reload") (hasKey $config.reload "interval") (eq (include "s3proxy.seconds" $config.reload.interval | int64) 0) (not (regexMatch "[1-9][0-9]*ms" (toString $config.reload.interval))) -}}
{{- fail "config.reload.interval is 0: nothing would notice a changed configuration. Remove it, or set reload to restart." -}}
{{- end -}}
{{- if .Values.clientKeys -}}
{{- $keys := dig "auth" "keys" list $config -}}
{{- range .Values.clientKeys -}}
{{- $keys = append $keys (dict "accessKeyId" .accessKeyId "secretAccessKeyFile" (printf "/etc/s3proxy/secrets/clients/%s" .accessKeyId) "grants" .grants) -}}
{{- end -}}
{{- $_ := set $config.auth "keys" $keys -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "s3proxy.certificate" -}}
certificateFile: /etc/s3proxy/tls/tls.crt
keyFile: /etc/s3proxy/tls/tls.key
{{- end -}}

{{/* The configuration without what the proxy takes over while it runs (docs/operations.md, "Reload"): a change of the rest rolls the pods. */}}
{{- define "s3proxy.configAtStart" -}}
{{- $config := include "s3proxy.config" . | fromYaml -}}
{{- $rest := omit $config "origins" "buckets" "auth" "limits" "events" "drain" -}}
{{- $_ := set $rest "listen" (omit $config.listen "hostSuffix" "tls" "adminTls" "adminTokenFile" "adminTokenEnv") -}}
{{- $_ := set $rest "cache" (omit $config.cache "default") -}}
{{- range $key, $live := dict "coalescing" "mode" "telemetry" "trail" -}}
{{- if hasKey $config $key -}}{{- $_ := set $rest $key (omit (get $config $key) $live) -}}{{- end -}}
{{- end -}}
{{- toYaml $rest -}}
{{- end -}}

{{/* The files below /etc/s3proxy/secrets, as the sources of a projected volume. */}}
{{- define "s3proxy.secretSources" -}}
- secret:
    name: {{ include "s3proxy.adminSecretName" . }}
    items:
      - key: {{ .Values.adminToken.key }}
        path: admin-token
{{- if .Values.eventsToken.existingSecret }}
- secret:
    name: {{ .Values.eventsToken.existingSecret }}
    items:
      - key: {{ .Values.eventsToken.key }}
        path: events-token
{{- end }}
{{- range .Values.clientKeys }}
- secret:
    name: {{ .existingSecret }}
    items:
      - key: {{ .key }}
        path: clients/{{ .accessKeyId }}
{{- end }}
{{- range $name, $credentials := .Values.originCredentials }}
- secret:
    name: {{ $credentials.existingSecret }}
    items:
      - key: {{ $credentials.secretAccessKeyKey | default "secretAccessKey" }}
        path: origins/{{ $name }}/secret-access-key
      {{- if $credentials.sessionTokenKey }}
      - key: {{ $credentials.sessionTokenKey }}
        path: origins/{{ $name }}/session-token
      {{- end }}
{{- end }}
{{- if and .Values.redis.enabled .Values.redis.password.existingSecret }}
- secret:
    name: {{ .Values.redis.password.existingSecret }}
    items:
      - key: {{ .Values.redis.password.key }}
        path: redis-password
{{- end }}
{{- if and .Values.redis.enabled .Values.redis.ca.existingSecret }}
- secret:
    name: {{ .Values.redis.ca.existingSecret }}
    items:
      - key: {{ .Values.redis.ca.key }}
        path: redis-ca.crt
{{- end }}
{{- end -}}

{{/* Whole seconds of a duration as the proxy writes it (1m30s). */}}
{{- define "s3proxy.seconds" -}}
{{- $seconds := 0 -}}
{{- range regexFindAll "[0-9]+(ms|[dhms])" (toString .) -1 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- $seconds = add $seconds (mul (trimSuffix $unit . | int64) (get (dict "d" 86400 "h" 3600 "m" 60 "s" 1 "ms" 0) $unit)) -}}
{{- end -}}
{{- $seconds -}}
{{- end -}}

{{/* A drain that ends before Kubernetes ends the pod. */}}
{{- define "s3proxy.drain" -}}
{{- $delay := dig "drain" "readinessDelay" "5s" .Values.config -}}
readinessDelay: {{ $delay }}
timeout: {{ sub (sub (int64 .Values.terminationGracePeriodSeconds) (include "s3proxy.seconds" $delay | int64)) 5 | max 1 }}s
{{- end -}}

{{/* Refuses a drain that Kubernetes would cut off. Takes a dict of root and drain. */}}
{{- define "s3proxy.checkDrain" -}}
{{- $grace := int64 .root.Values.terminationGracePeriodSeconds -}}
{{- $timeout := include "s3proxy.seconds" .drain.timeout | int64 -}}
{{- $seconds := add (include "s3proxy.seconds" .drain.readinessDelay | int64) $timeout -}}
{{- if not (regexMatch "[1-9]" (toString .drain.timeout)) -}}
{{- fail "config.drain.timeout is 0, as long as requests need: Kubernetes cuts them off after terminationGracePeriodSeconds. Give the time that they have, or remove the key." -}}
{{- else if gt $seconds $grace -}}
{{- fail (printf "terminationGracePeriodSeconds (%d) is shorter than the drain (%d s): requests that still run would be cut off. Raise it, or lower config.drain." $grace $seconds) -}}
{{- end -}}
{{- end -}}
