{{/* Refuses secrets in what goes into a ConfigMap. Takes a dict of path and node. */}}
{{- define "s3proxy.refuseSecrets" -}}
{{- $path := .path -}}
{{- if kindIs "map" .node -}}
{{- range $key, $value := .node -}}
{{- if and (has $key (list "secretAccessKey" "sessionToken" "password" "adminToken")) (kindIs "string" $value) -}}
{{- fail (printf "%s.%s is a secret, and config goes into a ConfigMap that many may read. Put it into a Secret and name that in clientKeys, originCredentials, redis.password or adminToken." $path $key) -}}
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
{{- include "s3proxy.checkDrain" . -}}
{{- $made := dict
  "listen" (dict
    "endpoint" (printf "http://*:%d" (int .Values.ports.data))
    "admin" (printf "http://*:%d" (int .Values.ports.admin))
    "adminTokenFile" "/etc/s3proxy/secrets/admin-token")
  "cache" (dict "memory" (dict "size" (printf "%dMiB" (div (include "s3proxy.cacheBytes" . | int64) 1048576)))) -}}
{{- if .Values.redis.enabled -}}
{{- $_ := set $made.cache "redis" (include "s3proxy.redisConfig" . | fromYaml) -}}
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
{{- if .Values.clientKeys -}}
{{- $keys := dig "auth" "keys" list $config -}}
{{- range .Values.clientKeys -}}
{{- $keys = append $keys (dict "accessKeyId" .accessKeyId "secretAccessKeyFile" (printf "/etc/s3proxy/secrets/clients/%s" .accessKeyId) "grants" .grants) -}}
{{- end -}}
{{- $_ := set $config.auth "keys" $keys -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* The files below /etc/s3proxy/secrets, as the sources of a projected volume. */}}
{{- define "s3proxy.secretSources" -}}
- secret:
    name: {{ include "s3proxy.adminSecretName" . }}
    items:
      - key: {{ .Values.adminToken.key }}
        path: admin-token
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

{{/* Refuses a drain that Kubernetes would cut off. */}}
{{- define "s3proxy.checkDrain" -}}
{{- $drain := dig "drain" dict .Values.config -}}
{{- $seconds := add (include "s3proxy.seconds" (get $drain "readinessDelay" | default "0s") | int64) (include "s3proxy.seconds" (get $drain "timeout" | default "0s") | int64) -}}
{{- if gt $seconds (int64 .Values.terminationGracePeriodSeconds) -}}
{{- fail (printf "terminationGracePeriodSeconds (%d) is shorter than the drain (%d s): requests that still run would be cut off. Raise it, or lower config.drain." (int64 .Values.terminationGracePeriodSeconds) $seconds) -}}
{{- end -}}
{{- end -}}
