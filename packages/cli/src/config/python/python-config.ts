import { z } from 'zod';
import {
  APPLICATION,
  AZURE,
  FLAT_OPENNEBULA,
  LOGS,
  OPENNEBULA,
  RABBITMQ,
  REDIS,
  S3,
  TLS,
  WITHOUT_EFFECT,
} from './keys.ts';
import { anything, text } from './values.ts';

const Tls = z.strictObject(TLS).nullish();
const noRedis = anything().refine((value) => value === null || value === undefined, {
  message:
    'Redis is no broker of this version; RabbitMQ is: say rabbitmq_host, rabbitmq_user, rabbitmq_password, rabbitmq_vhost',
});
const REFUSED = {
  redis_host: noRedis,
  redis_port: anything(),
  redis_db_number: anything(),
  redis_user: anything(),
  redis_password: anything(),
};

/** The nested form's sections. */
const SECTIONS = {
  ssl_config: Tls,
  broker_config: z.strictObject({ ...RABBITMQ, ssl_config: Tls, ...REFUSED }).nullish(),
  results_backend_config: z.strictObject({ ...S3, ...AZURE, ...REDIS, path: text() }).nullish(),
  logs_uploader_config: z.strictObject({ ...LOGS, ...AZURE }).nullish(),
  opennebula_config: z.strictObject(OPENNEBULA).nullish(),
};

const KEYS = {
  ...RABBITMQ,
  ...S3,
  ...AZURE,
  ...LOGS,
  ...FLAT_OPENNEBULA,
  ...APPLICATION,
  ...WITHOUT_EFFECT,
};

/** The configuration of the Python system, flat or nested. Keys that neither form ever had are errors. */
export const PythonConfig = z.strictObject({ ...KEYS, ...SECTIONS });
export type PythonConfig = z.output<typeof PythonConfig>;

/** All keys at the top of a file: one of them marks it as the Python system's, for the new form has none of them. */
export const PYTHON_KEYS: readonly string[] = Object.keys(PythonConfig.shape);

/** Settings wherever they stood; those of the logs' own account in Azure keep apart from those of the results'. */
const FLAT = {
  ...KEYS,
  ...TLS,
  ...REDIS,
  path: text(),
  logs_azure_connection_string: text(),
  logs_azureblockblob_container_name: text(),
  logs_azureblockblob_base_path: text(),
};
export type Settings = {
  readonly [Key in keyof typeof FLAT]?: NonNullable<z.output<(typeof FLAT)[Key]>> | undefined;
};
export type Key = keyof Settings;
