{{/* No label of a version stands on the pods: a new chart that changes nothing for them restarts none. */}}
{{- define "s3proxy.pod" -}}
metadata:
  labels:
    {{- include "s3proxy.selectorLabels" . | nindent 4 }}
    {{- with merge (dict) .Values.podLabels .Values.commonLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- $annotations := dict }}
  {{- $_ := set $annotations "checksum/config" (include (ternary "s3proxy.config" "s3proxy.configAtStart" (eq .Values.reload "restart")) . | sha256sum) }}
  {{- include "s3proxy.annotations" (dict "root" . "own" (merge $annotations .Values.podAnnotations)) }}
spec:
  serviceAccountName: {{ include "s3proxy.serviceAccountName" . }}
  automountServiceAccountToken: {{ .Values.serviceAccount.automountToken }}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  securityContext:
    {{- toYaml .Values.podSecurityContext | nindent 4 }}
  {{- range $key := list "priorityClassName" "runtimeClassName" "schedulerName" "dnsPolicy" }}
  {{- with get $.Values $key }}
  {{ $key }}: {{ . }}
  {{- end }}
  {{- end }}
  {{- range $key := list "imagePullSecrets" "nodeSelector" "tolerations" "dnsConfig" "hostAliases" "initContainers" }}
  {{- with get $.Values $key }}
  {{ $key }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  {{- with include "s3proxy.spreading" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  containers:
    - name: s3proxy
      image: {{ include "s3proxy.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - --config
        - /etc/s3proxy/config/s3proxy.yaml
        {{- with .Values.extraArgs }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      env:
        {{- include "s3proxy.environment" . | nindent 8 }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - name: data
          containerPort: {{ .Values.ports.data }}
          protocol: TCP
        - name: admin
          containerPort: {{ .Values.ports.admin }}
          protocol: TCP
      # Probes need no token.
      startupProbe:
        httpGet: { path: /healthz, port: admin, scheme: {{ include "s3proxy.adminScheme" . }} }
        {{- toYaml .Values.probes.startup | nindent 8 }}
      livenessProbe:
        httpGet: { path: /healthz, port: admin, scheme: {{ include "s3proxy.adminScheme" . }} }
        {{- toYaml .Values.probes.liveness | nindent 8 }}
      readinessProbe:
        httpGet: { path: /readyz, port: admin, scheme: {{ include "s3proxy.adminScheme" . }} }
        {{- toYaml .Values.probes.readiness | nindent 8 }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        {{- toYaml .Values.securityContext | nindent 8 }}
      volumeMounts:
        # Whole directories and no subPath: files that change in the ConfigMap or a Secret change here.
        - name: config
          mountPath: /etc/s3proxy/config
          readOnly: true
        - name: secrets
          mountPath: /etc/s3proxy/secrets
          readOnly: true
        {{- if .Values.tls.existingSecret }}
        - name: tls
          mountPath: /etc/s3proxy/tls
          readOnly: true
        {{- end }}
        # The root is read-only; the runtime puts its diagnostics socket here.
        - name: tmp
          mountPath: /tmp
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with .Values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "s3proxy.fullname" . }}
    - name: secrets
      projected:
        defaultMode: 0440
        sources:
          {{- include "s3proxy.secretSources" . | nindent 10 }}
    {{- with .Values.tls.existingSecret }}
    - name: tls
      secret:
        secretName: {{ . }}
        defaultMode: 0440
    {{- end }}
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "s3proxy.environment" -}}
- name: DOTNET_gcServer
  value: "0"
{{- if ne (toString .Values.gc.heapHardLimit) "off" }}
- name: DOTNET_GCHeapHardLimit
  value: {{ include "s3proxy.heapBytes" . | int64 | printf "0x%x" | quote }}
{{- end }}
{{- if .Values.gc.conserveMemory }}
- name: DOTNET_GCConserveMemory
  value: {{ .Values.gc.conserveMemory | quote }}
{{- end }}
- name: DOTNET_EnableDiagnostics
  value: {{ ternary "1" "0" .Values.diagnostics | quote }}
{{- range $name, $credentials := .Values.originCredentials }}
{{- if $credentials.accessKeyIdKey }}
- name: S3PROXY__origins__{{ $name }}__credentials__accessKeyId
  valueFrom:
    secretKeyRef:
      name: {{ $credentials.existingSecret }}
      key: {{ $credentials.accessKeyIdKey }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "s3proxy.spreading" -}}
{{- if .Values.affinity }}
affinity:
  {{- toYaml .Values.affinity | nindent 2 }}
{{- else if ne .Values.podAntiAffinity "none" }}
affinity:
  podAntiAffinity:
    {{- if eq .Values.podAntiAffinity "hard" }}
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "s3proxy.selectorLabels" . | nindent 12 }}
    {{- else }}
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "s3proxy.selectorLabels" . | nindent 14 }}
    {{- end }}
{{- end }}
{{- if .Values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml .Values.topologySpreadConstraints | nindent 2 }}
{{- else if ne .Values.topologySpread "none" }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: {{ ternary "DoNotSchedule" "ScheduleAnyway" (eq .Values.topologySpread "hard") }}
    labelSelector:
      matchLabels:
        {{- include "s3proxy.selectorLabels" . | nindent 8 }}
    # A rolling update spreads the new pods among themselves.
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end -}}
