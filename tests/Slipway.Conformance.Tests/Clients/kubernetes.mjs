// The JavaScript client against the Kubernetes API: objects, its informer, a definition and its objects. Prints what it saw as JSON.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , folder, kubeconfig, namespace, group] = process.argv;
const require = createRequire(pathToFileURL(`${folder}/package.json`));
const module = await import(pathToFileURL(require.resolve('@kubernetes/client-node')));
const k8s = module.default ?? module;

const config = new k8s.KubeConfig();
config.loadFromFile(kubeconfig);
const core = config.makeApiClient(k8s.CoreV1Api);
const definitions = config.makeApiClient(k8s.ApiextensionsV1Api);
const custom = config.makeApiClient(k8s.CustomObjectsApi);
const labelSelector = 'of=test';

const seen = [];
let sayGone;
const gone = new Promise(resolve => { sayGone = resolve; });
const list = () => core.listNamespacedConfigMap({ namespace, labelSelector });
const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list, labelSelector);
for (const verb of ['add', 'update', 'delete']) {
  informer.on(verb, object => {
    seen.push(`${verb} ${object.metadata.name}`);
    if (verb === 'delete') sayGone();
  });
}
// Stopping aborts its own watch, which it reports as an error too.
let stopping = false;
informer.on('error', error => {
  if (stopping) return;
  console.error(error);
  process.exit(1);
});
await informer.start();

await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'a', labels: { of: 'test' } }, data: { key: '1' } } });
const read = await core.readNamespacedConfigMap({ namespace, name: 'a' });
read.data.key = '2';
await core.replaceNamespacedConfigMap({ namespace, name: 'a', body: read });
await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
await gone;
stopping = true;
await informer.stop();

const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } } } };
await definitions.createCustomResourceDefinition({ body: {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `things.${group}` },
  spec: { group, scope: 'Namespaced', names: { plural: 'things', kind: 'Thing' }, versions: [{ name: 'v1', served: true, storage: true, schema }] },
} });
const place = { group, version: 'v1', namespace, plural: 'things' };
const thing = { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 't' }, spec: { size: 3 } };
for (let attempt = 0; ; attempt++) {
  try {
    await custom.createNamespacedCustomObject({ ...place, body: thing });
    break;
  } catch (error) {
    // A cluster takes a moment to serve what was defined.
    if (error.code !== 404 || attempt > 100) throw error;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
const things = await custom.listNamespacedCustomObject(place);
await definitions.deleteCustomResourceDefinition({ name: `things.${group}` });
console.log(JSON.stringify({ seen, sizes: things.items.map(item => item.spec.size) }));
process.exit(0);
