"""Python's client against the Kubernetes API: objects, its watch, an error. Prints what it saw as JSON."""
import json
import sys

from kubernetes import client, config, watch

kubeconfig, namespace = sys.argv[1:]
config.load_kube_config(kubeconfig)
core = client.CoreV1Api()
apps = client.AppsV1Api()

start = core.list_namespaced_secret(namespace).metadata.resource_version
core.create_namespaced_secret(namespace, client.V1Secret(metadata=client.V1ObjectMeta(name="a"), string_data={"key": "1"}))
core.patch_namespaced_secret("a", namespace, {"metadata": {"labels": {"tier": "front"}}})
read = core.read_namespaced_secret("a", namespace)
read.string_data = {"key": "2"}
core.replace_namespaced_secret("a", namespace, read)
core.delete_namespaced_secret("a", namespace)

seen = []
for event in watch.Watch().stream(core.list_namespaced_secret, namespace, resource_version=start, timeout_seconds=30):
    seen.append(event["type"] + " " + event["object"].metadata.name)
    if event["type"] == "DELETED":
        break

labels = {"app": "d"}
template = client.V1PodTemplateSpec(
    metadata=client.V1ObjectMeta(labels=labels), spec=client.V1PodSpec(containers=[client.V1Container(name="c", image="nginx")]))
apps.create_namespaced_deployment(namespace, client.V1Deployment(
    metadata=client.V1ObjectMeta(name="d"),
    spec=client.V1DeploymentSpec(replicas=2, selector=client.V1LabelSelector(match_labels=labels), template=template)))
apps.patch_namespaced_deployment_scale("d", namespace, {"spec": {"replicas": 3}})
replicas = apps.read_namespaced_deployment_scale("d", namespace).spec.replicas
apps.delete_namespaced_deployment("d", namespace)

try:
    core.read_namespaced_secret("a", namespace)
    missing = None
except client.exceptions.ApiException as error:
    missing = [error.status, json.loads(error.body)["reason"]]

print(json.dumps({"seen": seen, "replicas": replicas, "missing": missing}))
