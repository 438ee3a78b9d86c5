import { z } from 'zod';
import { anything, flag, integer, port, text, words } from './values.ts';

/*
 * The keys of the Python system, of its models at all times: flat until 2021, nested since, with the additions of the branch
 * that CloudLinux runs. Source: `alts/shared/models.py`, classes CeleryConfig and SchedulerConfig.
 */

export const TLS = {
  broker_ca_certificates: text(),
  security_certificate: text(),
  security_key: text(),
  security_digest: anything(),
  /** `ssl.CERT_NONE`, `CERT_OPTIONAL`, `CERT_REQUIRED`. */
  cert_required: integer(0, 2),
};

export const RABBITMQ = {
  use_ssl: flag(),
  rabbitmq_host: text(),
  rabbitmq_port: port(),
  rabbitmq_ssl_port: port(),
  rabbitmq_user: text(),
  rabbitmq_password: text(),
  rabbitmq_vhost: text(),
};

export const REDIS = {
  redis_host: text(),
  redis_port: anything(),
  redis_db_number: anything(),
  redis_user: anything(),
  redis_password: anything(),
};

export const S3 = {
  s3_access_key_id: text(),
  s3_secret_access_key: text(),
  s3_bucket: text(),
  s3_base_path: text(),
  s3_region: text(),
  s3_endpoint_url: text(),
};

export const AZURE = {
  azureblockblob_container_name: text(),
  azureblockblob_base_path: text(),
  azure_connection_string: text(),
};

export const LOGS = {
  azure_logs_container: text(),
  artifacts_root_directory: text(),
  uploader_concurrency: anything(),
  skip_artifacts_upload: anything(),
  pulp_host: anything(),
  pulp_user: anything(),
  pulp_password: anything(),
};

/** Under these names in `opennebula_config`; with `opennebula_` before them in a flat file. */
export const OPENNEBULA = {
  rpc_endpoint: anything(),
  username: anything(),
  password: anything(),
  vm_group: anything(),
  templates: anything(),
  default_vm_disk_size: anything(),
  default_vm_ram_size: anything(),
  network: anything(),
};
export const FLAT_OPENNEBULA = {
  opennebula_rpc_endpoint: anything(),
  opennebula_username: anything(),
  opennebula_password: anything(),
  opennebula_vm_group: anything(),
  opennebula_templates: anything(),
  opennebula_default_vm_disk_size: anything(),
  opennebula_default_vm_ram_size: anything(),
  opennebula_network: anything(),
};

export const APPLICATION = {
  result_backend: text(),
  jwt_secret: text(),
  hashing_algorithm: z
    .enum(['HS256', 'HS384', 'HS512'], {
      error: ({ input }) => `${JSON.stringify(input)} must be HS256, HS384 or HS512, for the secret is shared`,
    })
    .nullish(),
  working_directory: text(),
  bs_host: text(),
  bs_token: text(),
  supported_architectures: words(),
  supported_distributions: words(),
  rhel_flavors: words(),
  debian_flavors: words(),
  supported_runners: z.union([text(), words()], { error: 'must be "all" or a list, such as [docker]' }),
  task_default_queue: text(),
  excluded_tests_url: text(),
};

/** Nobody looks at their values; what is said of each is in `left-out.ts`. */
export const WITHOUT_EFFECT = {
  task_acks_late: anything(),
  task_track_started: anything(),
  worker_prefetch_multiplier: anything(),
  broker_pool_limit: anything(),
  result_backend_always_retry: anything(),
  result_backend_max_retries: anything(),
  result_expires: anything(),
  task_tracking_timeout: anything(),
  task_soft_time_limit: anything(),
  testing: anything(),
  development_mode: anything(),
  alpine_flavors: anything(),
  allowed_channel_names: anything(),
  enable_integrity_tests: anything(),
  authorize_build_repositories: anything(),
  excluded_tests_cache_update_interval: anything(),
  bs_tasks_endpoint: anything(),
  uninstall_excluded_pkgs: anything(),
  keepalive_interval: anything(),
  commands_exec_timeout: anything(),
  provision_timeout: anything(),
  tests_exec_timeout: anything(),
  package_proxy: anything(),
  git_reference_directory: anything(),
  gerrit_username: anything(),
  tests_base_dir: anything(),
  deprecated_ansible_venv: anything(),
  centos_6_epel_release_url: anything(),
  ssh_public_key_path: anything(),
};
