{{/* The chart's name, or what replaces it. */}}
{{- define "redis.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The release's name where it contains the chart's, else both. */}}
{{- define "redis.fullname" -}}
{{- $name := include "redis.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- tpl .Values.fullnameOverride . | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "redis.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{/* Labels of every object. Pods have their own, which must not change with the version of the chart. */}}
{{- define "redis.labels" -}}
app.kubernetes.io/name: {{ include "redis.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: redis
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- include "redis.extraLabels" (dict "context" . "labels" .Values.commonLabels) }}
{{- end -}}

{{/* Labels of the installation's own, but for those that the chart gives. Takes a dict of context and labels. */}}
{{- define "redis.extraLabels" -}}
{{- range $key, $value := .labels }}
{{- if not (has $key (list
  "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component"
  "app.kubernetes.io/version" "app.kubernetes.io/part-of" "app.kubernetes.io/managed-by" "helm.sh/chart"
)) }}
{{ $key }}: {{ tpl (toString $value) $.context | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The annotations of an object, its own first; nothing where there are none. Takes a dict of context and own. */}}
{{- define "redis.annotations" -}}
{{- with merge (dict) (.own | default dict) .context.Values.commonAnnotations -}}
{{- tpl (toYaml .) $.context -}}
{{- end -}}
{{- end -}}

{{/* The label that clients carry where a network policy asks for one; its name has at most 63 characters. */}}
{{- define "redis.clientLabel" -}}
{{- include "redis.fullname" . | trunc 56 | trimSuffix "-" -}}-client
{{- end -}}

{{/* An image's reference. Takes a dict of context and image. */}}
{{- define "redis.image" -}}
{{- $registry := .context.Values.global.imageRegistry | default .image.registry -}}
{{- with $registry }}{{ . }}/{{ end -}}
{{- .image.repository -}}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag }}{{ end -}}
{{- end -}}

{{/* The pull secrets of all images, of one, and more of them, each once. Takes a dict of context, image and more. */}}
{{- define "redis.pullSecrets" -}}
{{- $names := list -}}
{{- range concat .context.Values.global.imagePullSecrets .image.pullSecrets (.more | default list) -}}
{{- $names = append $names (kindIs "map" . | ternary . (dict "name" .)) -}}
{{- end -}}
{{- with $names | uniq -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/* Labels of the pods of redis: no version, or every upgrade would restart them. */}}
{{- define "redis.podLabels" -}}
{{- include "redis.selectorLabels" . }}
{{- include "redis.extraLabels" (dict "context" . "labels" (merge (dict) .Values.podLabels .Values.commonLabels)) }}
{{- end -}}

{{/* The configuration of redis: files by name. */}}
{{- define "redis.configuration" -}}
{{- $files := dict -}}
{{- range $path, $_ := .Files.Glob "files/config/*" -}}
{{- $_ := set $files (base $path) ($.Files.Get $path) -}}
{{- end -}}
{{- $_ := set $files "settings.conf" (include "redis.settings" . | printf "%s\n") -}}
{{- if .Values.auth.enabled -}}
{{- $_ := set $files "users" (include "redis.users" . | printf "%s\n") -}}
{{- end -}}
{{- range $name, $text := .Values.configuration -}}
{{- $_ := set $files $name (tpl $text $) -}}
{{- end -}}
{{- toYaml $files -}}
{{- end -}}

{{/* The scripts of redis: files by name. */}}
{{- define "redis.scripts" -}}
{{- $files := dict -}}
{{- range $path, $_ := .Files.Glob "files/scripts/*" -}}
{{- $_ := set $files (base $path) ($.Files.Get $path) -}}
{{- end -}}
{{- toYaml $files -}}
{{- end -}}

{{/* The class of a claim: nothing for the cluster's default one, "" for "-". Takes a dict of context and persistence. */}}
{{- define "redis.storageClass" -}}
{{- with .persistence.storageClass | default .context.Values.global.defaultStorageClass -}}
storageClassName: {{ eq . "-" | ternary "" . | quote }}
{{- end -}}
{{- end -}}

{{/* What a claim asks for. Takes a dict of context and persistence. */}}
{{- define "redis.claimSpec" -}}
{{- $context := .context -}}
accessModes:
  {{- toYaml .persistence.accessModes | nindent 2 }}
{{- with include "redis.storageClass" . }}
{{ . }}
{{- end }}
resources:
  requests:
    storage: {{ .persistence.size }}
{{- with .persistence.selector }}
selector:
  {{- tpl (toYaml .) $context | nindent 2 }}
{{- end }}
{{- with .persistence.dataSource }}
dataSource:
  {{- tpl (toYaml .) $context | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The name of the Job's objects; that of the Job itself has eight characters of a hash besides. */}}
{{- define "redis.credentialsName" -}}
{{- include "redis.fullname" . | trunc 42 | trimSuffix "-" -}}-credentials
{{- end -}}

{{/* The accounts, each with the file of its password and the password where the values give one. */}}
{{- define "redis.accounts" -}}
{{- $own := .Values.auth.secretKeys -}}
- name: default
  file: redis-password
  existingKey: {{ $own.password | quote }}
  password: {{ .Values.auth.password | quote }}
{{- $names := list }}
{{- range .Values.auth.users }}
{{- if has .name $names }}
{{- fail (printf "auth.users has two users of the name %s: give each a name of its own" .name) }}
{{- end }}
{{- $names = append $names .name }}
- name: {{ .name }}
  file: {{ .name }}-password
  existingKey: {{ .name }}-password
  password: {{ .password | default "" | quote }}
{{- end }}
{{- end -}}

{{/* The name of the one Secret that holds all passwords; nothing where each account has its own. */}}
{{- define "redis.authSecret" -}}
{{- if .Values.auth.externalSecret.enabled -}}
{{- include "redis.fullname" . -}}-auth
{{- else -}}
{{- tpl .Values.auth.existingSecret . -}}
{{- end -}}
{{- end -}}

{{/* Where the password of each account is: name, file, secret, key. */}}
{{- define "redis.passwords" -}}
{{- $secret := include "redis.authSecret" . -}}
{{- $fullname := include "redis.fullname" . -}}
{{- range include "redis.accounts" . | fromYamlArray }}
- name: {{ .name }}
  file: {{ .file }}
  secret: {{ $secret | default (printf "%s-%s" $fullname (empty .password | ternary .name "auth")) }}
  key: {{ $.Values.auth.existingSecret | empty | ternary .file .existingKey }}
  make: {{ and (empty $secret) (empty .password) }}
{{- end }}
{{- end -}}

{{/* The volume of the passwords; the pod waits for their Secrets. Nothing without auth. */}}
{{- define "redis.credentialsVolume" -}}
{{- if .Values.auth.enabled -}}
- name: credentials
  projected:
    defaultMode: 0440
    sources:
      {{- range include "redis.passwords" . | fromYamlArray }}
      - secret:
          name: {{ .secret }}
          items:
            - key: {{ .key }}
              path: {{ .file }}
      {{- end }}
{{- end -}}
{{- end -}}

{{- define "redis.tlsSecret" -}}
{{- if .Values.tls.certManager.enabled -}}
{{- include "redis.fullname" . -}}-tls
{{- else -}}
{{- tpl .Values.tls.existingSecret . -}}
{{- end -}}
{{- end -}}

{{/* The volume of certificate, key and authority; nothing without TLS. */}}
{{- define "redis.tlsVolume" -}}
{{- if .Values.tls.enabled -}}
- name: tls
  secret:
    secretName: {{ include "redis.tlsSecret" . }}
    defaultMode: 0440
    items:
      - key: {{ .Values.tls.certFilename }}
        path: tls.crt
      - key: {{ .Values.tls.certKeyFilename }}
        path: tls.key
      - key: {{ .Values.tls.certCAFilename }}
        path: ca.crt
{{- end -}}
{{- end -}}

{{/* Bytes of the container's memory limit; 0 for none. */}}
{{- define "redis.memoryLimit" -}}
{{- $limit := dig "memory" "" ((.Values.resources | default dict).limits | default dict) | default "" | toString -}}
{{- $units := dict
  "" 1 "n" 1e-9 "u" 1e-6 "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18
  "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 "Ei" 1152921504606846976
-}}
{{- $number := regexFind "^[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?" $limit -}}
{{- $unit := trimPrefix $number $limit -}}
{{- if not $limit -}}
0
{{- else if or (not $number) (not (hasKey $units $unit)) -}}
{{- fail (printf "resources.limits.memory is %q: write it as Kubernetes does, such as 512Mi" $limit) -}}
{{- else -}}
{{- $bytes := mulf (float64 $number) (get $units $unit) -}}
{{- if ge $bytes 9.2e18 -}}
{{- fail (printf "resources.limits.memory is %q: no machine has so much" $limit) -}}
{{- end -}}
{{- /* A limit of less than a byte is one, too. */ -}}
{{- ceil $bytes | int64 -}}
{{- end -}}
{{- end -}}

{{/* Memory for data: as the values say, else 60 % of the container's limit. */}}
{{- define "redis.maxmemory" -}}
{{- $limit := include "redis.memoryLimit" . | int64 -}}
{{- with .Values.maxmemory -}}
{{- $number := regexFind "^[0-9]+" . -}}
{{- $unit := trimPrefix $number . | lower -}}
{{- $units := dict "" 1 "k" 1000 "kb" 1024 "m" 1000000 "mb" 1048576 "g" 1000000000 "gb" 1073741824 -}}
{{- if and $limit (gt (mulf (float64 $number) (get $units $unit)) (float64 $limit)) -}}
{{- fail (printf
  "maxmemory is %s, more than the container may use: lower it, or raise resources.limits.memory (%v)"
  . $.Values.resources.limits.memory
) -}}
{{- end -}}
{{- . -}}
{{- else -}}
{{- mulf $limit 0.6 | int64 | max (min $limit 1) -}}
{{- end -}}
{{- end -}}

{{/* What the values say of redis.conf. */}}
{{- define "redis.settings" -}}
# From the chart's values; redis.conf includes it.
{{- if .Values.tls.enabled }}
tls-auth-clients {{ .Values.tls.authClients }}
{{- end }}
appendfsync {{ .Values.appendfsync }}
{{- range .Values.save }}
save {{ .seconds }} {{ .changes }}
{{- else }}
save ""
{{- end }}
maxmemory {{ include "redis.maxmemory" . }}
maxmemory-policy {{ .Values.maxmemoryPolicy }}
databases {{ .Values.databases }}
maxclients {{ .Values.maxclients }}
{{- with .Values.extraConfiguration }}
{{ tpl . $ }}
{{- end }}
{{- end -}}

{{/* The users: a line for each, its name and its rules. */}}
{{- define "redis.users" -}}
{{- $not := "" -}}
{{- range .Values.disableCommands -}}
{{- $not = printf "%s -%s" $not . -}}
{{- end -}}
{{- /* Whoever may change users takes back what is taken here. */ -}}
{{- if $not -}}
{{- $not = printf "%s -acl|setuser" $not -}}
{{- end -}}
default ~* &* +@all{{ $not }}
{{- range .Values.auth.users }}
{{ .name }} {{ .rules }}{{ $not }}
{{- end }}
{{- end -}}

{{- define "redis.serviceAccountName" -}}
{{- $own := .Values.serviceAccount.create | ternary (include "redis.fullname" .) "default" -}}
{{- .Values.serviceAccount.name | default $own -}}
{{- end -}}

{{/* What selects the pods of redis: it may never change. */}}
{{- define "redis.selectorLabels" -}}
app.kubernetes.io/name: {{ include "redis.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: redis
{{- end -}}

{{/* Kubernetes appends a revision's hash to the workload's name, in a label of 63 characters. */}}
{{- define "redis.workloadName" -}}
{{- include "redis.fullname" . | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "redis.serviceName" -}}
{{- include "redis.workloadName" . -}}
{{- end -}}

{{- define "redis.headlessName" -}}
{{- include "redis.workloadName" . -}}-headless
{{- end -}}
