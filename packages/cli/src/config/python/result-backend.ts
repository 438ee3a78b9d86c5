import type { Settings } from './python-config.ts';
import { SettingError } from './setting-error.ts';

/** Which store a file asks for; `lost` says why it is not what was written there. */
export type Backend = { readonly lost?: string } & (
  | { readonly kind: 's3' }
  | { readonly kind: 'azure'; readonly connectionString: string }
  | { readonly kind: 'directory'; readonly path?: string }
);

const AZURE_SCHEME = 'azureblockblob://';
const REDIS = 'Redis keeps no results in this version; S3, Azure or a directory does';

/**
 * What `result_backend` says; in the nested form and in templates that leave it out, what there are settings for.
 * @throws {SettingError}
 */
export function backendOf(settings: Settings): Backend {
  const { result_backend: written, path, redis_host: redis, s3_bucket: bucket } = settings;
  if (written !== undefined) return backendNamed(written, settings);
  if (path !== undefined) return { kind: 'directory', path: directoryOf(path) };
  if (redis !== undefined) return { ...byLogs(settings), lost: REDIS };
  if (bucket !== undefined) return { kind: 's3' };
  return byLogs(settings);
}

function backendNamed(written: string, settings: Settings): Backend {
  if (written === 's3') return { kind: 's3' };
  if (/^rediss?:\/\//.test(written)) return { ...byLogs(settings), lost: REDIS };
  if (/^file:\/\/.|^\//.test(written)) return { kind: 'directory', path: directoryOf(written) };
  if (written === 'azureblockblob' || written.startsWith(AZURE_SCHEME)) {
    const connectionString = written.slice(AZURE_SCHEME.length) || settings.azure_connection_string;
    if (connectionString !== undefined) return { kind: 'azure', connectionString };
    throw new SettingError('azure_connection_string', 'is missing; result_backend has none either');
  }
  // Of what it is only the scheme: a connection string has the key of the account.
  const scheme = /^[a-z0-9+]+(?=:\/\/)/i.exec(written)?.[0];
  const what = scheme === undefined ? '' : `${JSON.stringify(`${scheme}://…`)} `;
  const right = 's3, azureblockblob://<connection string> or file:///<directory>';
  throw new SettingError('result_backend', `${what}is no store of this version; it must be ${right}`);
}

/** Where the logs were kept is as good a place for results. */
function byLogs({ azure_connection_string: results, logs_azure_connection_string: logs }: Settings): Backend {
  const connectionString = results ?? logs;
  return connectionString === undefined ? { kind: 'directory' } : { kind: 'azure', connectionString };
}

/** Celery takes `file:///srv/x` and `file://localhost/srv/x`, and decodes neither. */
function directoryOf(text: string): string {
  return text.replace(/^file:\/\/(localhost(?=\/))?/, '');
}
