import { FLAT_OPENNEBULA, type WITHOUT_EFFECT } from './keys.ts';
import { ignored, type KeyNote, obsolete } from './note.ts';

type LeftOut = keyof typeof WITHOUT_EFFECT;
type Reason = readonly [say: string, becomes?: string];

const CELERY = 'the result of a task stays in the store; there is no second one of Celery that expires';
const TERRAFORM = 'there is neither terraform nor ansible around an environment';

const OBSOLETE = {
  task_acks_late: [
    'a task is always acknowledged after its result is stored, and is handed out again if its worker dies',
  ],
  task_track_started: ['the state of a task is always kept, and its events can be followed'],
  worker_prefetch_multiplier: ['a worker takes as many tasks as it runs at once', 'worker.concurrency'],
  broker_pool_limit: ['a program has one connection to the broker, which comes back by itself', 'queue'],
  result_backend_always_retry: ['a store always tries again', 'store.maxAttempts'],
  result_backend_max_retries: ['a store tries again by itself', 'store.maxAttempts'],
  result_expires: [CELERY, 'scheduler.expiresAfterDays'],
  task_tracking_timeout: ['a task that no worker ends is looked after by the scheduler'],
  testing: ['there is no mode for tests'],
  development_mode: ['"alts dev" starts all for a try'],
  keepalive_interval: ['connections are looked after by the runner'],
  git_reference_directory: ['suites are fetched without a reference'],
  gerrit_username: ['the URL of a suite has the name of the user'],
  tests_base_dir: ['suites have a place of their own in each environment'],
  deprecated_ansible_venv: [TERRAFORM],
  centos_6_epel_release_url: ['nothing is installed into a system before the package under test'],
  ssh_public_key_path: ['no system is entered over SSH'],
} as const satisfies Readonly<Record<string, Reason>>;

const REQUEST = 'it is said in a request';

const IGNORED = {
  task_soft_time_limit: [`there is a limit for each stage; ${REQUEST}: timeoutsMs`],
  commands_exec_timeout: [`${REQUEST}: timeoutsMs`],
  provision_timeout: [`${REQUEST}: timeoutsMs`],
  tests_exec_timeout: [`${REQUEST}: timeoutsMs`],
  enable_integrity_tests: [`${REQUEST}: skip`],
  authorize_build_repositories: ['a repository that needs a password must have it in its URL'],
  excluded_tests_cache_update_interval: ['the document of excluded_tests_url is asked for anew every ten minutes'],
  uninstall_excluded_pkgs: ['packages that the package manager protects are known; for others a request says it: skip'],
  alpine_flavors: ['apk is not spoken by this version'],
  allowed_channel_names: ['channels choose images of virtual machines, which this version has no runner for'],
  bs_tasks_endpoint: ['tasks are not fetched from the web server; it sends them: POST /tasks/schedule'],
  package_proxy: ['a system under test has the package manager as its image configures it'],
} as const satisfies Readonly<Record<string, Reason>>;

/** A key that is in neither table does not compile. */
const ALL: Readonly<Record<LeftOut, Reason>> = { ...OBSOLETE, ...IGNORED };

const PULP = 'logs are kept in the store; this version uploads none to Pulp';
const OPENNEBULA =
  'needs a runner opennebula, which is not part of this version; one can be named under plugins, its options under runners';

/** Notes on all keys that nothing is taken over from. */
export function leftOut(): KeyNote[] {
  const opennebula = Object.keys(FLAT_OPENNEBULA) as (keyof typeof FLAT_OPENNEBULA)[];
  const without = (Object.entries(ALL) as [LeftOut, Reason][]).map(([key, [say, becomes]]) =>
    Object.hasOwn(OBSOLETE, key) ? obsolete(key, say, becomes) : ignored(key, say, becomes),
  );
  return [
    ...without,
    ...opennebula.map((key) => ignored(key, OPENNEBULA, 'plugins')),
    ignored('pulp_host', PULP, 'store'),
    ignored('pulp_user', PULP, 'store'),
    ignored('pulp_password', PULP, 'store'),
    obsolete('uploader_concurrency', 'a store uploads as fast as logs come', 'store'),
    ignored('skip_artifacts_upload', 'logs are always kept in the store', 'store'),
  ];
}
