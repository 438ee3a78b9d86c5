import type { Part } from '../fleet-config.ts';
import { ignored, type KeyNote, replaced, type Translated, understood } from './note.ts';
import type { Settings } from './python-config.ts';
import { type Backend, backendOf } from './result-backend.ts';
import { assertTogether, SettingError } from './setting-error.ts';

const TOGETHER = 'results and logs are in one store now';

/**
 * The store, of what was a result backend for Celery's results and an uploader for logs.
 * @throws {SettingError}
 */
export function storeOf(settings: Settings): Translated<Part> {
  const backend = backendOf(settings);
  switch (backend.kind) {
    case 's3':
      return s3Store(settings, backend);
    case 'azure':
      return azureStore(settings, backend);
    case 'directory':
      return directoryStore(settings, backend);
  }
}

function s3Store(settings: Settings, backend: Backend): Translated<Part> {
  const { s3_bucket: bucket, s3_region: region, s3_endpoint_url: endpoint } = settings;
  const { s3_access_key_id: accessKeyId, s3_secret_access_key: secretAccessKey, s3_base_path: base } = settings;
  if (bucket === undefined) throw new SettingError('s3_bucket', 'is missing; result_backend is s3');
  assertTogether(settings, 's3_access_key_id', 's3_secret_access_key');
  const { prefix, notes } = prefixOf(settings, 's3_base_path', base);
  const credentials = { ...(accessKeyId && { accessKeyId }), ...(secretAccessKey && { secretAccessKey }) };
  return {
    part: { use: 's3', bucket, ...(region && { region }), ...(endpoint && { endpoint }), ...prefix, ...credentials },
    notes: [
      understood('s3_bucket', 'store.bucket'),
      understood('s3_region', 'store.region'),
      understood('s3_endpoint_url', 'store.endpoint'),
      understood('s3_access_key_id', 'store.accessKeyId'),
      understood('s3_secret_access_key', 'store.secretAccessKey'),
      ...notes,
      ...backendNotes(backend),
      ...unused(settings, backend, /^(logs_)?azure|^redis_|^path$/, 'S3'),
    ],
  };
}

function azureStore(settings: Settings, backend: Backend & { kind: 'azure' }): Translated<Part> {
  const { azureblockblob_container_name: results, azure_logs_container: logs } = settings;
  const container = results ?? settings.logs_azureblockblob_container_name ?? logs ?? 'celery';
  const base = settings.azureblockblob_base_path ?? settings.logs_azureblockblob_base_path;
  const { prefix, notes } = prefixOf(settings, 'azureblockblob_base_path', base);
  const same = container === logs;
  const account = (key: 'azure_connection_string' | 'logs_azure_connection_string') =>
    settings[key] === backend.connectionString
      ? understood(key, 'store.connectionString')
      : replaced(key, 'store.connectionString', `${TOGETHER}: in the account of the results`);
  return {
    part: { use: 'azure', connectionString: backend.connectionString, container, ...prefix },
    notes: [
      understood('azureblockblob_container_name', 'store.container'),
      same
        ? understood('azure_logs_container', 'store.container')
        : replaced('azure_logs_container', 'store.container', `${TOGETHER}: in the container of the results`),
      account('azure_connection_string'),
      account('logs_azure_connection_string'),
      replaced('logs_azureblockblob_container_name', 'store.container', TOGETHER),
      replaced('logs_azureblockblob_base_path', 'store.prefix', TOGETHER),
      ...notes,
      ...backendNotes(backend),
      ...unused(settings, backend, /^s3_|^redis_|^path$/, 'Azure'),
    ],
  };
}

function directoryStore(settings: Settings, backend: Backend & { kind: 'directory' }): Translated<Part> {
  const path = backend.path ?? settings.artifacts_root_directory ?? 'results';
  const everywhere = 'a directory that the scheduler and all workers have';
  return {
    part: { use: 'directory', path },
    notes: [
      backend.path === undefined
        ? understood('artifacts_root_directory', 'store.path', everywhere)
        : replaced('artifacts_root_directory', 'store.path', TOGETHER),
      understood('path', 'store.path', everywhere),
      ...backendNotes(backend),
      ...unused(settings, backend, /^(logs_)?azure|^s3_|^redis_/, 'a directory'),
    ],
  };
}

/** Names with "/" between them, from one that may begin and end with it. */
function prefixOf(
  { artifacts_root_directory: root }: Settings,
  key: 's3_base_path' | 'azureblockblob_base_path',
  base: string | undefined,
): { readonly prefix: { readonly prefix?: string }; readonly notes: readonly KeyNote[] } {
  const prefix = (base ?? root)?.replace(/^(\.?\/)+|\/+$/g, '');
  const notes = [
    understood(key, 'store.prefix'),
    base === undefined
      ? understood('artifacts_root_directory', 'store.prefix')
      : replaced('artifacts_root_directory', 'store.prefix', `${TOGETHER}: the log of a task is beside its result`),
  ];
  return { prefix: prefix ? { prefix } : {}, notes };
}

function backendNotes({ kind, lost }: Backend): KeyNote[] {
  if (lost === undefined) return [understood('result_backend', 'store.use', kind)];
  return [replaced('result_backend', 'store', lost)];
}

/** Settings of stores that are not the one: they say nothing. */
function unused(settings: Settings, { lost }: Backend, keys: RegExp, store: string): KeyNote[] {
  const say = `results are kept in ${store}`;
  return (Object.keys(settings) as (keyof Settings)[])
    .filter((key) => keys.test(key))
    .map((key) => (key.startsWith('redis_') ? replaced(key, 'store', lost ?? say) : ignored(key, say, 'store')));
}
