{{/* The name of an image, by its id: (list $ ID). */}}
{{- define "pipeline.image" -}}
{{- $root := index . 0 -}}
{{- $image := index $root.Values.images (index . 1) -}}
{{- with $root.Values.image.registry }}{{ . }}/{{ end -}}
{{- $image.repository }}:{{ $image.tag | default $root.Chart.AppVersion -}}
{{- end -}}

{{/*
A password, by its id and length: (list $ ID LENGTH). That of the values, else the one that is installed, else a new one, which
becomes one of the values, so that every template of this render gets the same.
*/}}
{{- define "pipeline.password" -}}
{{- $root := index . 0 -}}
{{- $id := index . 1 -}}
{{- if not (index $root.Values.passwords $id) -}}
{{- $installed := lookup "v1" "Secret" $root.Release.Namespace "pipeline-passwords" | default dict -}}
{{- $password := dig "data" $id "" $installed | b64dec | default (randAlphaNum (index . 2)) -}}
{{- $_ := set $root.Values.passwords $id $password -}}
{{- end -}}
{{- index $root.Values.passwords $id -}}
{{- end -}}

{{/*
Cores of each Spark worker: (list $ SLOTS). All but one of them hold every slot, so that losing one starves nothing; a single one
holds them itself. As in infra/components/spark.ts.
*/}}
{{- define "pipeline.coresPerWorker" -}}
{{- $workers := index (index . 0).Values.replicas "spark-worker" | int -}}
{{- divf (index . 1) (max (sub $workers 1) 1) | ceil -}}
{{- end -}}
