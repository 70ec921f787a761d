// The JavaScript client against the Kubernetes API: objects, its informer, a custom resource. Prints what it saw as JSON.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , folder, kubeconfig] = process.argv;
const require = createRequire(pathToFileURL(`${folder}/package.json`));
const module = await import(pathToFileURL(require.resolve('@kubernetes/client-node')));
const k8s = module.default ?? module;

const config = new k8s.KubeConfig();
config.loadFromFile(kubeconfig);
const core = config.makeApiClient(k8s.CoreV1Api);
const custom = config.makeApiClient(k8s.CustomObjectsApi);
const namespace = 'default';

const seen = [];
let sayGone;
const gone = new Promise(resolve => { sayGone = resolve; });
const informer = k8s.makeInformer(config, '/api/v1/namespaces/default/configmaps', () => core.listNamespacedConfigMap({ namespace }));
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

await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'a' }, data: { key: '1' } } });
const read = await core.readNamespacedConfigMap({ namespace, name: 'a' });
read.data.key = '2';
await core.replaceNamespacedConfigMap({ namespace, name: 'a', body: read });
await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
await gone;
stopping = true;
await informer.stop();

const providers = await custom.listClusterCustomObject({ group: 'airunway.ai', version: 'v1alpha1', plural: 'inferenceproviderconfigs' });
console.log(JSON.stringify({ seen, providers: providers.items.map(item => item.metadata.name) }));
process.exit(0);
