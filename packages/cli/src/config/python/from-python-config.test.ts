import { describe, expect, it } from 'vitest';
import { fromPythonConfig } from './from-python-config.ts';
import { FLAT_OPENNEBULA, WITHOUT_EFFECT } from './keys.ts';

const BROKER = {
  rabbitmq_host: 'rabbitmq',
  rabbitmq_user: 'test-system',
  rabbitmq_password: 'pw',
  rabbitmq_vhost: 'test_system',
};
const S3 = { result_backend: 's3', s3_bucket: 'alts', s3_access_key_id: 'AK', s3_secret_access_key: 'SK' };
const ACCOUNT = 'DefaultEndpointsProtocol=https;AccountName=alts;AccountKey=Zm9v==;EndpointSuffix=core.windows.net';
const EXCLUSIONS = 'https://raw.example/skipped_tests.json';
const SECRET = '0123456789abcdef0123456789abcdef';

const configOf = (document: object) => fromPythonConfig({ ...BROKER, ...document }).config;
const noteOn = (path: string, document: object) =>
  fromPythonConfig({ ...BROKER, ...document }).notes.find((note) => note.path === path);

/** What the flat form looked like in `configs/example_config.yaml` and its README. */
const FLAT = {
  ...BROKER,
  rabbitmq_port: 5672,
  ...S3,
  s3_base_path: 'celery_result_backend/',
  s3_region: 'eu-central-1',
  s3_endpoint_url: 'https://s3.example',
  task_default_queue: 'default',
  task_acks_late: true,
  task_track_started: true,
  artifacts_root_directory: 'test_system_artifacts',
  worker_prefetch_multiplier: 1,
  testing: null,
  working_directory: '/srv/alts/scheduler',
  jwt_secret: SECRET,
  hashing_algorithm: 'HS256',
  bs_host: 'https://build.example.org',
  bs_token: 'token of the web server',
};

/** What albs-deploy writes. */
const NESTED = {
  use_ssl: false,
  broker_config: { ...BROKER, rabbitmq_port: 5672, rabbitmq_ssl_port: 5671 },
  results_backend_config: { redis_host: 'redis', redis_db_number: 0 },
  logs_uploader_config: { pulp_host: 'http://pulp', pulp_user: 'admin', pulp_password: 'pulp password' },
  task_default_queue: 'default',
  jwt_secret: SECRET,
};

describe('a configuration of the Python system', () => {
  it('is understood in its flat form', () => {
    expect(fromPythonConfig(FLAT).config).toEqual({
      queue: { use: 'amqp', url: 'amqp://test-system:pw@rabbitmq:5672/test_system' },
      store: {
        use: 's3',
        bucket: 'alts',
        region: 'eu-central-1',
        endpoint: 'https://s3.example',
        prefix: 'celery_result_backend',
        accessKeyId: 'AK',
        secretAccessKey: 'SK',
      },
      scheduler: {
        database: '/srv/alts/scheduler/tasks.sqlite',
        token: { algorithm: 'HS256', secret: SECRET, withoutScopes: 'everything' },
        runners: ['docker'],
      },
      worker: { queues: ['docker-x86_64-0'] },
      callbacks: { hosts: ['build.example.org'], base: 'https://build.example.org', token: 'token of the web server' },
    });
  });

  it('is understood in its nested form', () => {
    expect(fromPythonConfig(NESTED).config).toEqual({
      queue: { use: 'amqp', url: 'amqp://test-system:pw@rabbitmq:5672/test_system' },
      store: { use: 'directory', path: 'results' },
      scheduler: { token: { secret: SECRET, withoutScopes: 'everything' }, runners: ['docker'] },
      worker: { queues: ['docker-x86_64-0'] },
    });
  });

  it.each([
    ['flat', FLAT],
    ['nested', NESTED],
  ])('has a note on each key of a %s file, in its order, and no secret in any', (_, document) => {
    const { notes } = fromPythonConfig(document);
    const keys = Object.entries(document).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
    );
    expect(notes.map(({ path }) => path)).toEqual(keys);
    for (const secret of ['pw"', 'SK', SECRET, 'token of', 'pulp password']) {
      expect(JSON.stringify(notes)).not.toContain(secret);
    }
  });

  it('may be that of a worker, without a secret of tokens', () => {
    expect(configOf({ working_directory: '/srv' })).not.toHaveProperty('scheduler');
    expect(noteOn('working_directory', { working_directory: '/srv' })).toMatchObject({
      kind: 'ignored',
      say: 'there is no jwt_secret, so no scheduler',
    });
  });

  it('warns of a secret that a scheduler will not take', () => {
    expect(noteOn('jwt_secret', { jwt_secret: 'secret' })?.say).toContain('takes it only with --dev');
  });

  it('may leave keys empty that it does not use', () => {
    expect(configOf({ ...S3, s3_region: null, s3_endpoint_url: '', jwt_secret: null })).toEqual(configOf(S3));
  });
});

/** The list of the issue; what each one has an effect on, or is said of it. */
describe('each key that the Python system has', () => {
  const AZURE = { result_backend: `azureblockblob://${ACCOUNT}`, azureblockblob_container_name: 'results' };
  const TLS = { use_ssl: true, rabbitmq_port: null };
  it.each<[key: string, value: unknown, beside: object, kind: string, becomes: string | undefined, there?: unknown]>([
    ['rabbitmq_host', 'b.example', {}, 'understood', 'queue.url', 'amqp://test-system:pw@b.example:5672/test_system'],
    ['rabbitmq_port', 1, {}, 'understood', 'queue.url', 'amqp://test-system:pw@rabbitmq:1/test_system'],
    ['rabbitmq_ssl_port', 2, TLS, 'understood', 'queue.url', 'amqps://test-system:pw@rabbitmq:2/test_system'],
    ['rabbitmq_user', 'me', {}, 'understood', 'queue.url', 'amqp://me:pw@rabbitmq:5672/test_system'],
    ['rabbitmq_password', 'x', {}, 'understood', 'queue.url', 'amqp://test-system:x@rabbitmq:5672/test_system'],
    ['rabbitmq_vhost', '/', {}, 'understood', 'queue.url', 'amqp://test-system:pw@rabbitmq:5672/%2F'],
    ['use_ssl', true, {}, 'understood', 'queue.url', 'amqps://test-system:pw@rabbitmq:5671/test_system'],
    ['result_backend', 's3', S3, 'understood', 'store.use', 's3'],
    ['result_backend', `azureblockblob://${ACCOUNT}`, {}, 'understood', 'store.use', 'azure'],
    ['s3_access_key_id', 'A', S3, 'understood', 'store.accessKeyId', 'A'],
    ['s3_secret_access_key', 'B', S3, 'understood', 'store.secretAccessKey', 'B'],
    ['s3_bucket', 'other', S3, 'understood', 'store.bucket', 'other'],
    ['s3_base_path', '/a/b/', S3, 'understood', 'store.prefix', 'a/b'],
    ['s3_region', 'eu-west-1', S3, 'understood', 'store.region', 'eu-west-1'],
    ['s3_endpoint_url', 'http://minio:9000', S3, 'understood', 'store.endpoint', 'http://minio:9000'],
    ['azureblockblob_container_name', 'c', AZURE, 'understood', 'store.container', 'c'],
    ['azureblockblob_base_path', 'results/', AZURE, 'understood', 'store.prefix', 'results'],
    ['azure_connection_string', ACCOUNT, AZURE, 'understood', 'store.connectionString', ACCOUNT],
    ['azure_logs_container', 'logs', AZURE, 'replaced', 'store.container', 'results'],
    ['task_default_queue', 'default', {}, 'replaced', 'worker.queues', ['docker-x86_64-0']],
    ['task_default_queue', 'docker-aarch64-0', {}, 'understood', 'worker.queues', ['docker-aarch64-0']],
    ['task_acks_late', true, {}, 'obsolete', undefined],
    ['task_track_started', true, {}, 'obsolete', undefined],
    ['artifacts_root_directory', 'a', {}, 'understood', 'store.path', 'a'],
    ['artifacts_root_directory', 'a', S3, 'understood', 'store.prefix', 'a'],
    ['artifacts_root_directory', 'a', { ...S3, s3_base_path: 'b' }, 'replaced', 'store.prefix', 'b'],
    ['worker_prefetch_multiplier', 1, {}, 'obsolete', 'worker.concurrency'],
    ['excluded_tests_url', EXCLUSIONS, {}, 'understood', 'worker.exclusions', EXCLUSIONS],
    ['jwt_secret', SECRET, {}, 'understood', 'scheduler.token.secret', SECRET],
    ['hashing_algorithm', 'HS512', { jwt_secret: SECRET }, 'understood', 'scheduler.token.algorithm', 'HS512'],
    ['working_directory', '/srv/', { jwt_secret: SECRET }, 'replaced', 'scheduler.database', '/srv/tasks.sqlite'],
    [
      'supported_architectures',
      ['amd64', 'x86_64', 'arm64', 'i686'],
      { jwt_secret: SECRET },
      'understood',
      'scheduler.architectures',
      ['x86_64', 'aarch64', 'i686'],
    ],
    [
      'supported_distributions',
      ['almalinux', 'debian', 'alpine'],
      { jwt_secret: SECRET },
      'understood',
      'scheduler.distributions',
      ['almalinux', 'debian'],
    ],
    ['supported_runners', 'all', { jwt_secret: SECRET }, 'understood', 'scheduler.runners', ['docker']],
    [
      'supported_runners',
      ['opennebula', 'docker'],
      { jwt_secret: SECRET },
      'replaced',
      'scheduler.runners',
      ['docker'],
    ],
    ['bs_host', 'http://web_server:8000', {}, 'understood', 'callbacks.base', 'http://web_server:8000'],
    ['bs_token', 't', { bs_host: 'https://b.example' }, 'understood', 'callbacks.token', 't'],
    ['bs_token', 't', {}, 'ignored', 'callbacks.token'],
    ['opennebula_rpc_endpoint', 'http://one', {}, 'ignored', 'plugins'],
    ['opennebula_username', 'one', {}, 'ignored', 'plugins'],
    ['opennebula_password', 'one', {}, 'ignored', 'plugins'],
    ['opennebula_vm_group', 'one', {}, 'ignored', 'plugins'],
    ['opennebula_templates', { ubuntu: {} }, {}, 'ignored', 'plugins'],
  ])('%s: %j', (key, value, beside, kind, becomes, there) => {
    const document = { ...beside, [key]: value };
    expect(noteOn(key, document)).toMatchObject({ kind, say: expect.any(String) });
    expect(noteOn(key, document)?.becomes).toBe(becomes);
    if (there === undefined) return;
    const path = becomes?.split('.') ?? [];
    expect(
      path.reduce<unknown>((fields, name) => (fields as Record<string, unknown>)[name], configOf(document)),
    ).toEqual(there);
  });

  it.each(Object.keys({ ...WITHOUT_EFFECT, ...FLAT_OPENNEBULA }))('%s has no effect, and it is said why', (key) => {
    expect(configOf({ [key]: 'x' })).toEqual(configOf({}));
    expect(noteOn(key, { [key]: 'x' })).toMatchObject({
      kind: expect.stringMatching(/^(obsolete|ignored)$/),
      say: expect.stringMatching(/.{10}/),
    });
  });

  it('says of opennebula that it is not part of this version', () => {
    const document = { opennebula_config: { rpc_endpoint: 'http://one', network: 'x' } };
    expect(noteOn('opennebula_config.rpc_endpoint', document)?.say).toContain('not part of this version');
    expect(noteOn('supported_runners', { supported_runners: ['docker', 'opennebula'] })?.say).toContain('opennebula');
  });

  it('says which distributions it leaves out', () => {
    const document = { jwt_secret: SECRET, supported_distributions: ['debian', 'alp\nine'] };
    expect(noteOn('supported_distributions', document)?.say).toBe(
      'without "alp\\nine", which this version does not know',
    );
  });
});

describe('the store', () => {
  const storeOf = (document: object) => configOf(document)['store'];

  it.each([
    ['file:///srv/results', '/srv/results'],
    ['file://localhost/srv/results', '/srv/results'],
    ['/srv/results', '/srv/results'],
  ])('is a directory for %s', (result_backend, path) => {
    expect(storeOf({ result_backend })).toEqual({ use: 'directory', path });
    expect(storeOf({ results_backend_config: { path: result_backend } })).toEqual({ use: 'directory', path });
  });

  it('is S3 where there is a bucket and nobody says otherwise, as in the shipped template', () => {
    expect(storeOf({ ...S3, result_backend: undefined })).toMatchObject({ use: 's3', bucket: 'alts' });
    const { result_backend: _, ...section } = S3;
    expect(storeOf({ results_backend_config: section })).toMatchObject({ use: 's3' });
  });

  it('is where the logs were when the results were in Redis', () => {
    const logs = { azure_connection_string: ACCOUNT, azure_logs_container: 'logs', artifacts_root_directory: 'arts/' };
    const document = { results_backend_config: { redis_host: 'redis' }, logs_uploader_config: logs };
    expect(storeOf(document)).toEqual({ use: 'azure', connectionString: ACCOUNT, container: 'logs', prefix: 'arts' });
    expect(noteOn('results_backend_config.redis_host', document)?.kind).toBe('replaced');
    expect(noteOn('logs_uploader_config.azure_connection_string', document)?.kind).toBe('understood');
  });

  it('is one, for results and logs that were in two accounts, and says so', () => {
    const logs = { azure_connection_string: 'AccountName=other', azure_logs_container: 'logs' };
    const document = {
      results_backend_config: { azure_connection_string: ACCOUNT, azureblockblob_container_name: 'results' },
      logs_uploader_config: logs,
    };
    expect(storeOf(document)).toMatchObject({ connectionString: ACCOUNT, container: 'results' });
    expect(noteOn('logs_uploader_config.azure_connection_string', document)?.kind).toBe('replaced');
  });

  it('says of the settings of another one that they are ignored', () => {
    expect(noteOn('azure_connection_string', { ...S3, azure_connection_string: ACCOUNT })).toEqual({
      path: 'azure_connection_string',
      kind: 'ignored',
      becomes: 'store',
      say: 'results are kept in S3',
    });
  });
});
